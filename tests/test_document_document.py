"""The reader as a whole: one message for one broken thing, honest text untouched."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document.defects import DEFECTS
from handoff.document.document import Document, read_document, read_yaml_file
from handoff.document.intake import SIZE_LIMIT
from handoff.model.defect import Defect
from handoff.model.diagnostic import Finding, Severity
from handoff.model.span import Span

FOLDER = Path(__file__).parent / "fixtures" / "reader"
FIXTURES = sorted(FOLDER.glob("*.md"))
RECORD = b"---\ncompany: Acme\n---\n\n## Red flags\n\nNone: new.\n"

# Cases that hold characters an editor, a hook or git itself might change.
RAW: dict[str, tuple[bytes, str]] = {
    "no bytes": (b"", "1:1 empty-file"),
    "only blanks": (b" \n\t\n", "1:1 empty-file"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "1:1 empty-file"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", "1:1 binary-file"),
    "utf-16": ("---\na: b\n---\n".encode("utf-16"), "1:1 not-utf-8"),
    "latin-1": (b"---\na: b\nc: caf\xe9\n---\n", "3:7 not-utf-8"),
    "latin-1, crlf": (
        b"\xef\xbb\xbf---\r\na: \xc3\xa9\xe9\r\n---\r\n",
        "2:5 not-utf-8",
    ),
    "overlong": (b"---\na: \xc0\xaf\n---\n", "2:4 not-utf-8"),
    "surrogates": (b"---\na: \xed\xa0\xbd\xed\xb8\x80\n---\n", "2:4 not-utf-8"),
    "lfs": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "1:1 lfs-pointer",
    ),
    "too large": (b"-" * (SIZE_LIMIT + 1), "1:1 too-large"),
    "nul": (b"---\na: b\0\n---\n", "2:5 forbidden-character"),
    "nul first": (b"\0" * 9, "1:1 forbidden-character"),
    "escape": (b"---\na: b\n---\n\x1b[31m\n", "4:1 forbidden-character"),
    "form feed": (b"---\na: b\n---\nx\x0c\n", "4:2 forbidden-character"),
    "delete": (b"---\na: b\x7f\n---\n", "2:5 forbidden-character"),
    "lone cr": (b"---\ra: b\r---\r", "1:4 forbidden-character"),
    "cr before crlf": (b"---\r\na: b\r\r\n---\r\n", "2:5 forbidden-character"),
    "next line": ("---\na: b\n# c\x85d: e\n---\n".encode(), "3:4 forbidden-character"),
    "U+2028": ("---\na: \u00e9\u2028b: c\n---\n".encode(), "2:5 forbidden-character"),
    "U+2029": ("---\na: b\n---\n\u2029".encode(), "4:1 forbidden-character"),
    "inner mark": ("---\na: \ufeffb\n---\n".encode(), "2:4 forbidden-character"),
    "noncharacter": ("---\na: \U0001ffff\n---\n".encode(), "2:4 forbidden-character"),
    "bidi": ("---\na: x\u202ey\n---\n".encode(), "2:5 hidden-character"),
    "tag": ("---\na: x\U000e0041\n---\n".encode(), "2:5 hidden-character"),
    "zero width": (
        "---\na: b\n---\n\u200bx\u200b\n\u2060\n".encode(),
        "4:1 hidden-character\n5:1 hidden-character",
    ),
    "joiner in ASCII": ("---\na: x\u200dy\n---\n".encode(), "2:5 hidden-character"),
    "conflict in header": (
        b"---\n<<<<<<< HEAD\na: b\n=======\na: c\n>>>>>>> main\n---\n",
        "2:1 merge-conflict",
    ),
    "conflict in body": (RECORD + b"<<<<<<<\n", "8:1 merge-conflict"),
    "too many values": (
        b"---\na:\n" + b"- b\n" * 20_000 + b"---\n",
        "20000:3 too-large",
    ),
}


def describe(findings: tuple[Finding, ...]) -> str:
    """Write findings as the expectations do."""
    return "\n".join(_describe(finding) for finding in findings) or "clean"


def _describe(finding: Finding) -> str:
    places = [finding.span, *(related.span for related in finding.related)]
    first, *more = [f"{span.line}:{span.column}" for span in places]
    return " ".join((first, finding.rule, *more))


def check_manners(document: Document | None, findings: tuple[Finding, ...]) -> None:
    """Check what holds for every reading of any file."""
    if document is None:
        assert len(findings) == 1
        assert DEFECTS[findings[0].rule].severity is Severity.ERROR
    for finding in findings:
        assert finding.rule in DEFECTS
        assert not finding.message.endswith((".", "!"))
        assert finding.message[:1] == finding.message[:1].lower()
        assert finding.hint.endswith(".")


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixture_gives_what_it_expects(path: Path) -> None:
    expected = path.with_suffix(".expect").read_text(encoding="utf-8").strip()
    document, findings = read_document(path.name, path.read_bytes())
    assert describe(findings) == expected
    check_manners(document, findings)


@pytest.mark.parametrize(("content", "expected"), RAW.values(), ids=RAW)
def test_raw_bytes_give_what_they_should(content: bytes, expected: str) -> None:
    document, findings = read_document("x.md", content)
    assert describe(findings) == expected
    check_manners(document, findings)


def test_every_rule_is_described_and_every_description_used() -> None:
    expected = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.expect")]
    expected += [text for _, text in RAW.values()]
    rules = set(re.findall(r"[0-9] ([a-z0-9-]+)", "\n".join(expected)))
    assert rules == set(DEFECTS)


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=lambda defect: defect.name)
def test_descriptions_are_plain(defect: Defect) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", defect.name)
    assert defect.summary[0].islower()
    assert not defect.summary.endswith(".")
    assert 2 <= len(re.findall(r"[.](?: |$)", defect.explanation)) <= 5


def test_every_value_is_text() -> None:
    path = FOLDER / "honest-punctuation.md"
    document, _ = read_document(path.name, path.read_bytes())
    assert document is not None
    assert document.header == {
        "language": "C#",
        "share": "20 % off",
        "handle": "@dana",
        "call": "12:30 call",
        "link": "https://crm.example/deal#4",
        "answer": "no",
        "zip": "0123",
        "price": "2_500",
        "ratio": "41:40",
        "list": ["a", "b"],
        "pair": {"min": "1", "max": "2"},
        "empty": "",
        "tilde": "~",
        "nothing": "null",
        "day": "2026-02-30",
        "maths": "a<b, c>d & e|f",
        "end": "done!",
        "quoted key": "yes",
        "explicit": "key",
    }


def test_template_text_stays_text() -> None:
    path = FOLDER / "placeholder-text.md"
    document, _ = read_document(path.name, path.read_bytes())
    assert document is not None
    assert document.header["owner"] == "{name}"
    assert document.header["contact"] == ["{name, title}"]
    assert document.span(("contact", 0, "name")) == Span(5, 5, 5, 18)


def test_long_lines_are_honest() -> None:
    content = f"---\nnote: {'word ' * 1000}\n---\n{'x' * 5000}\n".encode()
    document, findings = read_document("x.md", content)
    assert document is not None
    assert findings == ()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_windows_files_mean_the_same(path: Path) -> None:
    content = path.read_bytes()
    windows = b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
    assert read_document("x.md", windows) == read_document("x.md", content)


SHAPES = st.lists(
    st.sampled_from(
        [
            *("---\n", "\n", "a: ", "  ", "- ", "b", '"', "'", "{", "}", "[", "]", ","),
            *(": ", "#", "&x ", "*x ", "!t ", "%", "@", "`", ">-", "?", "<<: ", "..."),
            *("\t", "\r", "\\", "\\u", "\u00e9", "\u2028", "\u200b", "\0", "|", "|\n"),
            *("<<<<<<< \n", "## x\n", "```\n", "<!--", "\\U00110000", "\U0001f600"),
        ]
    ),
    max_size=25,
).map("".join)


@settings(deadline=None, max_examples=500)
@given(st.binary(max_size=200) | SHAPES.map(str.encode))
def test_any_bytes_give_a_report(content: bytes) -> None:
    for data in (content, b"---\n" + content + b"\n---\n" + content):
        document, findings = read_document("x.md", data)
        check_manners(document, findings)
        check_manners(*read_yaml_file("x.yaml", data))
        if document is not None:
            assert document.sections is not None
            assert document.span(("a", 0)).line >= 1


@pytest.mark.parametrize(
    "unit", ["[", "{", "- ", "? ", "a: {", '"', "'", "a: |\n", "&a "]
)
def test_large_hostile_files_give_a_report(unit: str) -> None:
    content = f"---\n{unit * (300_000 // len(unit))}\n---\n".encode()
    document, findings = read_document("x.md", content)
    assert document is None
    check_manners(document, findings)


def test_places() -> None:
    document, _ = read_document(
        "x.md",
        b"---\n"
        b"company: Acme Robotics\n"
        b"contact:\n"
        b"  name: Dana\n"
        b"  title:\n"
        b"events:\n"
        b"  - event: opened\n"
        b"    by: dana\n"
        b"  - note\n"
        b"note: |\n"
        b"  two\n"
        b"  lines\n"
        b"\n"
        b"tags: [a, b]\n"
        b"---\n"
        b"body\n",
    )
    assert document is not None
    assert document.span(("company",)) == Span(2, 10, 2, 23)
    assert document.key_span(("company",)) == Span(2, 1, 2, 8)
    assert document.span(("contact",)) == Span(4, 3, 5, 9)
    assert document.span(("contact", "title")) == Span(5, 3, 5, 8)
    assert document.span(("events", 0, "by")) == Span(8, 9, 8, 13)
    assert document.span(("events", 0)) == Span(7, 5, 8, 13)
    assert document.key_span(("events", 0)) == Span(7, 5, 7, 18)
    assert document.span(("note",)) == Span(10, 7, 12, 8)
    assert document.span(("tags", 1)) == Span(14, 11, 14, 12)
    assert document.span(("tags",)) == Span(14, 7, 14, 13)
    # What is missing points at the key of what should hold it.
    assert document.span(("contact", "email")) == Span(3, 1, 3, 8)
    assert document.span(("events", 0, "at")) == Span(7, 5, 7, 18)
    assert document.span(("events", 7)) == Span(6, 1, 6, 7)
    assert document.span(("owner",)) == Span(1, 1, 1, 4)
    assert document.span(()) == Span(1, 1, 1, 4)
    assert document.body_line == 16
    assert document.body == "body\n"
    assert (document.line(2), document.line(99)) == ("company: Acme Robotics", "")
    assert document.line(0) == ""


def test_sections_know_their_lines() -> None:
    document, _ = read_document("x.md", RECORD)
    assert document is not None
    (section,) = document.sections
    assert (section.title, section.text) == ("Red flags", "None: new.")
    assert section.span == Span(5, 1, 5, 13)
    assert document.line(section.span.line) == "## Red flags"


def test_a_policy_file_is_yaml_as_a_whole() -> None:
    content = b"# stages\nstages:\n  - name: lead\n"
    document, findings = read_yaml_file("schemas/policy/stages.yaml", content)
    assert document is not None
    assert findings == ()
    assert document.header == {"stages": [{"name": "lead"}]}
    assert document.sections == ()
    assert document.body == ""
    assert document.span(("stages", 0, "name")) == Span(3, 11, 3, 15)
    assert document.span(("clocks",)) == Span(1, 1, 1, 9)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"---\na: b\n", "clean"),
        (b"%YAML 1.1\n---\na: b\n", "1:1 forbidden-yaml"),
        (b"# c\n%TAG ! !x\n---\na: b\n", "2:1 forbidden-yaml"),
        (b"a: b\n---\nc: d\n", "2:1 forbidden-yaml"),
        (b"a: b\n...\n", "2:1 forbidden-yaml"),
        (b"# only a comment\n", "1:1 empty-header"),
        (b"---\n# only a comment\n", "1:1 empty-header"),
        (b"- a\n", "1:1 header-not-a-mapping"),
        (b"\xff", "1:1 not-utf-8"),
    ],
)
def test_policy_files_obey_the_same_rules(content: bytes, expected: str) -> None:
    assert describe(read_yaml_file("x.yaml", content)[1]) == expected
