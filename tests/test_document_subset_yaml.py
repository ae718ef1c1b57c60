"""The quick reader gives what the event reader gives, or nothing."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document import subset_yaml, yaml_events
from handoff.document.rendering import render_mapping

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "reader").glob("*.md"))
VALUES_AS_TYPED = [
    "x",
    "word two",
    "12:30",
    "a:",
    "no",
    "'it''s'",
    '"q"',
    '"q\\n"',
    "'q' ",
    "[a, b]",
    "[a,]",
    "[]",
    "[a b, c-d]",
    "{}",
    "{a}",
    "- x",
    "x # y",
    "# y",
    "~",
    "*a",
    "&a",
    "!t",
    "%",
    "@",
    "`",
    ">",
    ">-",
    "x: y",
    "x :y",
    "x#y",
    "\xe9t\xe9",
    "\xa0",
    "-5",
    ". ",
    "...",
    "---",
    "? x",
    "<<",
    "\\",
    "x",
    "  ",
    ",",
    "a, b",
    "(x)",
    "$5",
    "/p",
    "=",
    "^",
    ";",
    "'",
    '"',
    "|",
    "|-",
    "|+",
    "| ",
    "|2",
    "\t",
    "x\ty",
]
ROWS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "  ", "    ", " ", "      "]),
    st.sampled_from(["", "", "- ", "-   ", "-", "- - ", "# "]),
    st.sampled_from(["", "a: ", "b: ", "c:", "key:   ", "d:x", '"q": ', "a b: "]),
    st.sampled_from(VALUES_AS_TYPED),
)
LIKELY_ROWS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "  ", "  ", "    "]),
    st.sampled_from(["", "", "", "- "]),
    st.sampled_from([f"{key}:{end}" for key in "abcdef" for end in ("", " ", " ")]),
    st.sampled_from(["", "", "x", "y z", "[a]", '"q: "', "|", "|-", "\u00e9", "'"]),
)
TEXTS = st.lists(LIKELY_ROWS | LIKELY_ROWS | LIKELY_ROWS | ROWS, max_size=7).map(
    lambda rows: "".join(f"{r}\n" for r in rows)
)
WORDS = st.text("ab \n'\"-:#\u00e9[],0", max_size=12)
VALUES = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=10,
)


def agree(text: str) -> bool:
    """Check one text; tell whether the quick reader read it."""
    quick = subset_yaml.parse(text)
    if quick is None:
        return False
    header, findings = yaml_events.build(text, 1, "")
    assert findings == ()
    assert quick == header
    assert list_keys(quick) == list_keys(header)
    return True


def list_keys(value: object) -> list[object]:
    """List keys in order, which comparing mappings does not."""
    if isinstance(value, Mapping):
        return [(key, list_keys(item)) for key, item in value.items()]
    return [list_keys(item) for item in value] if isinstance(value, list) else []


@settings(deadline=None, max_examples=2000)
@given(TEXTS)
def test_never_disagrees_on_rows(text: str) -> None:
    agree(text)
    agree(text.removesuffix("\n"))


@settings(deadline=None, max_examples=500)
@given(st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1), st.data())
def test_never_disagrees_on_mutated_records(
    header: dict[str, object], data: st.DataObject
) -> None:
    text = render_mapping(header)
    agree(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    agree(text[:start] + data.draw(st.text("ab \n-:#'\"[]|", max_size=3)) + text[end:])


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_never_disagrees_on_fixtures(path: Path) -> None:
    parts = path.read_text(encoding="utf-8").split("---\n")
    for part in parts:
        agree(part)


def test_reads_what_people_write() -> None:
    assert agree(
        "# a comment\n"
        "company: Acme Robotics  \n"
        'phone: "+1 555 0100"\n'
        "at: 2026-03-02T10:00:00+01:00\n"
        "link: https://crm.example/deal#4\n"
        "contact:\n"
        "  name: Dana Example\n"
        "\n"
        "  # another\n"
        "  title:\n"
        "tags: [one, two words]\n"
        "flat:\n"
        "- a\n"
        "- b\n"
        "events:\n"
        "  - event: opened\n"
        "    by: 'dana'\n"
        "    next:\n"
        "      due: 2026-03-05\n"
        "  -   event: qualified\n"
        "      note: |\n"
        "        first\n"
        "\n"
        "          # deeper\n"
        "\n"
        "  - text\n"
        "  - |-\n"
        "    clipped\n"
        "last: yes\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "a: b\na: c\n",
        "a: b # c\n",
        "a: b\n  goes on\n",
        "a:\tb\n",
        "a: &x b\n",
        "a: {name}\n",
        '"a": b\n',
        " a: b\n",
        "- a\n",
        "a: b\n- c\n",
        "a:\n  b: c\n - d\n",
        "a: |\n\n  b\n",
        "a: |\n  b\n c: d\n",
        "a: |\n  b",
        "a: b\n...\n",
        "a: " + "x" * subset_yaml.LENGTH_LIMIT,
        "".join(f"{'  ' * n}a:\n" for n in range(15)),
        "a:\n" + "".join(f"{'  ' * n}- a:\n" for n in range(15)),
    ],
)
def test_leaves_the_unusual_to_the_event_reader(text: str) -> None:
    assert subset_yaml.parse(text) is None


def test_plain_records_are_read_without_pyyaml_or_markdown_it() -> None:
    script = (
        "import sys\n"
        "from handoff.document.document import read_document\n"
        "content = b'---\\ncompany: Acme\\n---\\n\\n## Red flags\\n\\nNone: new.\\n'\n"
        "document, findings = read_document('x.md', content)\n"
        "assert document and document.sections[0].title == 'Red flags'\n"
        "assert not {'yaml', 'markdown_it'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603 - own text
