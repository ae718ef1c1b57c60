"""Edits change the lines they must and no byte outside them."""

import subprocess
from pathlib import Path

import pytest

from handoff.document.document import read_document
from handoff.document.editing import (
    Append,
    AppendToSection,
    CannotEditError,
    Edit,
    Remove,
    SetSection,
    SetValue,
    apply_edits,
)

BODY = "---\n\n## Pain points\n\nNone.\n"
RECORDS = sorted(
    path
    for tree in ("opportunities", "handoffs")
    for path in (Path(__file__).parents[1] / tree).rglob("*.md")
)
RENEWAL = {
    "event": "owner-changed",
    "at": "2026-05-01T10:00:00+02:00",
    "next": {"action": "Call: again", "due": "2026-05-02"},
}


def edit_header(header: str, *edits: Edit) -> str:
    """Edit a record with this header; give the header of the result."""
    content = apply_edits(f"---\n{header}{BODY}".encode(), edits)
    text = content.decode()
    assert text.startswith("---\n")
    assert text.endswith(BODY)
    return text.removeprefix("---\n").removesuffix(BODY)


def edit_body(body: str, *edits: Edit) -> str:
    """Edit a record with this body; give the body of the result."""
    text = apply_edits(f"---\na: b\n---\n{body}".encode(), edits).decode()
    assert text.startswith("---\na: b\n---\n")
    return text.removeprefix("---\na: b\n---\n")


@pytest.mark.parametrize(
    ("header", "edit", "result"),
    [
        ("a: b\n", SetValue(("a",), "c"), "a: c\n"),
        ("a: b\n", SetValue(("a",), "no"), 'a: "no"\n'),
        ("a: 'b'\n", SetValue(("a",), "b"), "a: 'b'\n"),
        ("a:    b  \n", SetValue(("a",), "c"), "a:    c  \n"),
        ("a: b # why\n", SetValue(("a",), "c"), "a: c # why\n"),
        ("a: b\n", SetValue(("a",), 7), "a: 7\n"),
        ("a: 5\n", SetValue(("a",), "7"), "a: 7\n"),
        ("a: '5'\n", SetValue(("a",), "7"), 'a: "7"\n'),
        ("a: b\n", SetValue(("a",), "2026-05-01"), "a: 2026-05-01\n"),
        ("a:\nb: c\n", SetValue(("a",), "x"), "a: x\nb: c\n"),
        ("a:  # soon\nb: c\n", SetValue(("a",), "x"), "a: x  # soon\nb: c\n"),
        ("a: b\n", SetValue(("a",), "x\ny"), "a: |-\n  x\n  y\n"),
        ("a: b\n", SetValue(("a",), []), "a: []\n"),
        ("a: b\n", SetValue(("a",), ["x", "w"]), "a:\n  - x\n  - w\n"),
        ("a: b # why\n", SetValue(("a",), {"x": "w"}), "a: # why\n  x: w\n"),
        ("a: é\nb: 株\n", SetValue(("a",), "ü"), "a: ü\nb: 株\n"),
        ("a: >\n  one\n  two\n\nb: c\n", SetValue(("a",), "x"), "a: x\n\nb: c\n"),
        ("a: | # why\n  one\nb: c\n", SetValue(("a",), "x"), "a: x # why\nb: c\n"),
        ("a: one\n  two\nb: c\n", SetValue(("a",), "x"), "a: x\nb: c\n"),
        ("a:\n  'one'\nb: c\n", SetValue(("a",), "x"), "a: x\nb: c\n"),
        (
            "a: # why\n  # how\n  - x # what\n# b\nb: c\n",
            SetValue(("a",), "x"),
            "a: x # why\n  # how\n# b\nb: c\n",
        ),
        (
            "a:\n  # left\n  b: c\n",
            SetValue(("a",), "one\ntwo"),
            'a: "one\\ntwo"\n  # left\n',
        ),
    ],
)
def test_a_value_is_replaced_in_place(header: str, edit: Edit, result: str) -> None:
    assert edit_header(header, edit) == result


def test_folded_and_literal_texts_nearby_survive() -> None:
    header = (
        "note: >-\n   folded\n   text\n\n   # no comment\nkept: |+\n  lines\n\n\na: b\n"
    )
    assert edit_header(header, SetValue(("a",), "c")) == header.replace(
        "a: b\n", "a: c\n"
    )


def test_nested_values_keep_what_is_around_them() -> None:
    header = (
        "# top\n"
        "contact:\n"
        "    # who\n"
        "    name: 'Ada'   # first\n"
        "\n"
        "    consent:\n"
        "        status: given\n"
        "        # dates\n"
        '        "since": 2026-03-09\n'
    )
    edited = edit_header(header, SetValue(("contact", "consent", "since"), "x"))
    assert edited == header.replace("2026-03-09", "x")
    value = {"name": "Ada", "consent": {"status": "none", "since": "2026-03-09"}}
    edited = edit_header(header, SetValue(("contact",), value))
    assert edited == header.replace("given", '"none"' if '"none"' in edited else "none")


@pytest.mark.parametrize(
    ("header", "pointer", "result"),
    [
        ("a: x\nc: x\n", ("b",), "a: x\nb: new\nc: x\n"),
        ("c: x\n", ("b",), "b: new\nc: x\n"),
        ("# c\nc: x\n", ("b",), "b: new\n# c\nc: x\n"),
        ("x: y\n", ("b",), "x: y\nb: new\n"),
        ("a: x\nz: y\n", ("q",), "a: x\nz: y\nq: new\n"),
        ("a:\n  - x\n  # more\nc: x\n", ("b",), "a:\n  - x\n  # more\nb: new\nc: x\n"),
        ("a: x\n# c\nc: x\n", ("b",), "a: x\nb: new\n# c\nc: x\n"),
        ("a: |+\n  x\n\nc: x\n", ("b",), "a: |+\n  x\n\nb: new\nc: x\n"),
        ("a: |\n  x\n\nc: x\n", ("b",), "a: |\n  x\nb: new\n\nc: x\n"),
        ("e:\n  - c: x\n", ("e", 0, "b"), "e:\n  - c: x\n    b: new\n"),
        ("e:\n- a: x\n  c: y\n", ("e", 0, "b"), "e:\n- a: x\n  b: new\n  c: y\n"),
        ("e: {a: x, c: y}\n", ("e", "b"), "e: {a: x, c: y, b: new}\n"),
        ("e: {}\n", ("e", "b"), "e:\n  b: new\n"),
        ("e:\n", ("e", "b"), "e:\n  b: new\n"),
        ("e: # soon\n", ("e", "b"), "e: # soon\n  b: new\n"),
        ("a: x\n", ("b", "c", "d"), "a: x\nb:\n  c:\n    d: new\n"),
        ("a:\n    x: y\n", ("b", "c"), "a:\n    x: y\nb:\n    c: new\n"),
    ],
)
def test_a_missing_field_lands_where_the_order_says(
    header: str, pointer: tuple[str | int, ...], result: str
) -> None:
    edit = SetValue(pointer, "new", ("a", "b", "c"))
    assert edit_header(header, edit) == result


@pytest.mark.parametrize(
    ("header", "result"),
    [
        ("e:\n  - x\nf: y\n", "e:\n  - x\n  - new\nf: y\n"),
        ("e:\n- x\nf: y\n", "e:\n- x\n- new\nf: y\n"),
        ("e:\n    - x\n", "e:\n    - x\n    - new\n"),
        ("e:\n  -   a: x\nf: y\n", "e:\n  -   a: x\n  -   new\nf: y\n"),
        ("e:\n  - x\n\n  - y\n\nf: z\n", "e:\n  - x\n\n  - y\n\n  - new\n\nf: z\n"),
        ("e:\n  # a\n  - x\n  # b\nf: z\n", "e:\n  # a\n  - x\n  # b\n  - new\nf: z\n"),
        ("e:\n- x\n# f\nf: z\n", "e:\n- x\n- new\n# f\nf: z\n"),
        ("e:\n  - |+\n    x\n\nf: z\n", "e:\n  - |+\n    x\n\n  - new\nf: z\n"),
        ("e: []\n", "e:\n  - new\n"),
        ("e:\n", "e:\n  - new\n"),
        ("f: z\n", "f: z\ne:\n  - new\n"),
        ("a:\n- b\n", "a:\n- b\ne:\n- new\n"),
        ("e: [x, 'y']  # two\n", "e: [x, 'y', new]  # two\n"),
        ("e: [\n  x, # one\n  y\n]\n", "e: [\n  x, # one\n  y, new\n]\n"),
        ("e: [x, w,]\n", "e: [x, w, new,]\n"),
    ],
)
def test_an_item_is_appended_in_the_lists_style(header: str, result: str) -> None:
    assert edit_header(header, Append(("e",), "new")) == result


def test_an_event_is_appended() -> None:
    header = (
        "events:\n"
        "  - event: opened\n"
        "    at: 2026-03-09T14:00:00+01:00\n"
        "    next:\n"
        "      action: Qualify\n"
        "owner: dana-okafor\n"
    )
    assert edit_header(header, Append(("events",), RENEWAL)) == header.replace(
        "owner:",
        "  - event: owner-changed\n"
        "    at: 2026-05-01T10:00:00+02:00\n"
        "    next:\n"
        '      action: "Call: again"\n'
        "      due: 2026-05-02\n"
        "owner:",
    )


def test_groups_in_brackets_become_blocks_where_they_must() -> None:
    header = "# top\ne: ['x', 2]  # why\nf: g\n"
    edited = edit_header(header, Append(("e",), {"id": "R1"}))
    assert edited == '# top\ne:  # why\n  - x\n  - "2"\n  - id: R1\nf: g\n'


def test_a_comment_is_never_lost_to_a_rewriting() -> None:
    header = "e: [\n  x, # one\n  y\n]\n"
    with pytest.raises(CannotEditError, match="`e") as caught:
        edit_header(header, Append(("e",), {"id": "R1"}))
    assert "by hand" in caught.value.hint
    assert caught.value.span.line == 2


@pytest.mark.parametrize(
    ("header", "pointer", "result"),
    [
        ("# a\na: x\n# b\nb: y\n", ("a",), "# a\n# b\nb: y\n"),
        ("a:\n  - x\n  # y\n  - y\nb: z\n", ("a",), "b: z\n"),
        ("a:\n  - x\n  # y\n  - y\n", ("a", 1), "a:\n  - x\n  # y\n"),
        ("a:\n  - x\n  # y\n  - y\n", ("a", 0), "a:\n  # y\n  - y\n"),
        ("a:\n  - x\n", ("a", 0), "a: []\n"),
        ("a:\n  b: x\nc: y\n", ("a", "b"), "a: {}\nc: y\n"),
        ("a:\n  - b: x\n    c: y\n", ("a", 0, "b"), "a:\n  - c: y\n"),
        (
            "a:\n  - b: x\n    # c\n    c: y\n",
            ("a", 0, "b"),
            "a:\n  -\n    # c\n    c: y\n",
        ),
        ("a:\n  - - x\n    - y\n", ("a", 0, 0), "a:\n  - - y\n"),
        ("a: [x, 'y', z]\n", ("a", 0), "a: ['y', z]\n"),
        ("a: [x, 'y', z]\n", ("a", 2), "a: [x, 'y']\n"),
        ("a: {b: x, c: y}\n", ("a", "b"), "a: {c: y}\n"),
        ("a: x\n", ("b",), "a: x\n"),
        ("a: x\n", ("b", 3, "c"), "a: x\n"),
        ("a: |\n  x\n\n  y\n\nb: z\n", ("a",), "\nb: z\n"),
    ],
)
def test_an_entry_is_removed_with_its_own_lines(
    header: str, pointer: tuple[str | int, ...], result: str
) -> None:
    assert edit_header(header, Remove(pointer)) == result


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("final", [b"", b"\n"])
def test_marks_and_endings_stay(mark: bytes, ending: bytes, final: bytes) -> None:
    def typed(text: bytes) -> bytes:
        return mark + (text.removesuffix(b"\n") + final).replace(b"\n", ending)

    old = b"---\na: b\ne:\n  - x\n---\n\n## Notes\n\nOne.\n"
    new = b"---\na: |-\n  c\n  d\ne:\n  - x\n  - z\n---\n\n## Notes\n\nOne.\n\nTwo.\n"
    edits = (
        SetValue(("a",), "c\nd"),
        Append(("e",), "z"),
        AppendToSection("Notes", "Two.\r\n"),
    )
    assert apply_edits(typed(old), edits) == typed(new)


def test_mixed_endings_follow_the_neighbour() -> None:
    old = b"---\r\na: b\r\ne:\n  - x\n---\r\n"
    new = apply_edits(old, [Append(("e",), "z"), SetValue(("c",), "d", ("a", "c"))])
    assert new == b"---\r\na: b\r\nc: d\r\ne:\n  - x\n  - z\n---\r\n"


@pytest.mark.parametrize(
    ("body", "edit", "result"),
    [
        (
            "## A\n\nold\n\n## B\n\nkept\n",
            SetSection("A", "new\n"),
            "## A\n\nnew\n\n## B\n\nkept\n",
        ),
        ("## A\nold\n## B\n", SetSection("A", "new"), "## A\nnew\n## B\n"),
        ("## A\n## B\n", SetSection("A", "new"), "## A\n\nnew\n\n## B\n"),
        ("## A\n\n\n\n## B", SetSection("A", "new"), "## A\n\nnew\n\n## B"),
        ("## A", SetSection("A", "new"), "## A\n\nnew"),
        ("## A\n\nold\n\n\n", SetSection("A", "new"), "## A\n\nnew\n\n\n"),
        ("## A\n\nold\n\n## B\n", SetSection("A", ""), "## A\n\n## B\n"),
        (
            "## A\n\nold <!-- x -->\n",
            SetSection("A", "old"),
            "## A\n\nold <!-- x -->\n",
        ),
        (
            "## A\n\n<!-- who? -->\n",
            SetSection("A", "Ada"),
            "## A\n\n<!-- who? -->\n\nAda\n",
        ),
        ("A\n--\n\nold\n\nB\n==\n", SetSection("A", "new"), "A\n--\n\nnew\n\nB\n==\n"),
        (
            "## A\n\n```\n## B\n```\n",
            AppendToSection("A", "new"),
            "## A\n\n```\n## B\n```\n\nnew\n",
        ),
        ("## A\n\n- x\n", AppendToSection("A", "- y"), "## A\n\n- x\n- y\n"),
        (
            "## A\n\n- x\n\n- y\n",
            AppendToSection("A", "- z"),
            "## A\n\n- x\n\n- y\n\n- z\n",
        ),
        ("## A\n\none\n", AppendToSection("A", "- z"), "## A\n\none\n\n- z\n"),
        ("## A\n", AppendToSection("A", "one"), "## A\n\none\n"),
        ("", SetSection("A", "new"), "\n## A\n\nnew\n"),
        ("", SetSection("A", ""), "\n## A\n"),
        (
            "\n## A\n\nx\n\n## C\n",
            SetSection("B", "new", ("A", "B", "C")),
            "\n## A\n\nx\n\n## B\n\nnew\n\n## C\n",
        ),
        (
            "\n## A\nx\n## C\n",
            AppendToSection("B", "new", ("A", "B", "C")),
            "\n## A\nx\n\n## B\n\nnew\n\n## C\n",
        ),
        (
            "\n## C\n",
            SetSection("B", "new", ("A", "B", "C")),
            "\n## B\n\nnew\n\n## C\n",
        ),
        ("\n## C\n\nx", SetSection("B", "new"), "\n## C\n\nx\n\n## B\n\nnew"),
    ],
)
def test_sections_are_edited_alone(body: str, edit: Edit, result: str) -> None:
    assert edit_body(body, edit) == result


@pytest.mark.parametrize(
    "text", ["x\n\n## B\n\ny", "# B", "```\nopen", "<!-- open", "B\n--"]
)
@pytest.mark.parametrize("kind", [SetSection, AppendToSection])
def test_text_that_leaves_its_section_is_refused(
    text: str, kind: type[SetSection | AppendToSection]
) -> None:
    with pytest.raises(CannotEditError, match="does not stay within its section"):
        edit_body("\n## A\n\nold\n\n## C\n\nkept\n", kind("A", text))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (SetValue(("a", "b"), "x"), "`a` on line 2 is not a group of fields"),
        (SetValue(("e", 5), "x"), "`e` on line 3 is not a list that long"),
        (SetValue(("z", 0), "x"), "`z[0]` on line 1 is not in a list"),
        (SetValue(("e", "x"), "x"), "`e` on line 3 is not a group of fields"),
        (Append(("a",), "x"), "`a` on line 2 is not a list"),
        (SetValue(("a",), "x\u2028y"), "the new text holds U+2028"),
        (SetSection("A", "x\x07y"), "the new text holds U+0007"),
        (SetValue((), "x"), "`header` on line 1 is written in a way"),
    ],
)
def test_what_makes_no_sense_is_refused(edit: Edit, message: str) -> None:
    with pytest.raises(CannotEditError) as caught:
        edit_header("a: b\ne: [x]\n", edit)
    assert caught.value.message.startswith(message)
    assert caught.value.hint.endswith(".")


def test_the_last_field_cannot_be_removed() -> None:
    with pytest.raises(CannotEditError, match="`a` on line 2"):
        edit_header("a: b\n", Remove(("a",)))


def test_a_file_that_cannot_be_read_is_not_edited() -> None:
    with pytest.raises(CannotEditError, match="line 2: ") as caught:
        apply_edits(b"---\na: 'b\n---\n", [SetValue(("a",), "c")])
    assert caught.value.span.line == 2


def test_other_types_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="cannot write float"):
        edit_header("a: b\n", SetValue(("a",), 2.5))


def test_edits_see_what_those_before_them_did() -> None:
    edits = (
        SetValue(("risks",), []),
        Append(("risks",), {"id": "R1"}),
        SetValue(("risks", 0, "text"), "Late", ("id", "text")),
        Remove(("a",)),
    )
    assert edit_header("a: b\n", *edits) == "risks:\n  - id: R1\n    text: Late\n"


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_setting_what_a_record_says_changes_nothing(path: Path) -> None:
    content = path.read_bytes()
    document, _ = read_document(path.name, content)
    assert document is not None
    edits: list[Edit] = [
        SetValue((key,), value) for key, value in document.header.items()
    ]
    edits += [SetSection(each.title, each.text) for each in document.sections]
    assert apply_edits(content, edits) == content


def test_git_sees_only_what_was_meant(tmp_path: Path) -> None:
    content = next(p for p in RECORDS if p.parts[-4] == "opportunities").read_bytes()
    (tmp_path / "old.md").write_bytes(content)
    edits = (Append(("events",), RENEWAL), AppendToSection("Notes", "Called."))
    (tmp_path / "new.md").write_bytes(apply_edits(content, edits))
    diff = subprocess.run(
        ["git", "diff", "--no-index", "--numstat", "old.md", "new.md"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert diff.stdout.split()[:2] == ["9", "0"]
