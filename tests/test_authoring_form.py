"""Issue forms read back, held against the fixtures of two public parsers."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handoff.authoring.form import (
    Answers,
    Control,
    Field,
    read_checkboxes,
    read_choices,
    read_form,
)

SPECS = Path(__file__).parents[2] / "shared/specs/github/issue-forms"
OPS, PARSER = SPECS / "issue-ops-parser", SPECS / "github-issue-parser"
BESIDE = pytest.mark.skipif(
    not SPECS.exists(), reason="the fixtures of issue forms are not beside us"
)
FORM = (
    Field("deal", "Deal", Control.INPUT),
    Field("flags", "Red flags", Control.TEXTAREA),
    Field("payment", "Payment", Control.DROPDOWN, ("paid", "not, yet")),
    Field("more", "Follow-on", Control.TEXTAREA),
)


def _folders(parent: Path) -> list[Any]:
    """Name the fixtures; one that skips stands for them where there are none."""
    found = sorted(p.name for p in parent.iterdir()) if parent.exists() else ["none"]
    return [pytest.param(name, marks=BESIDE) for name in found]


def _fields(path: Path) -> tuple[Field, ...]:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        Field(
            part.get("id") or _slug(part["attributes"]["label"]),
            part["attributes"]["label"],
            Control[part["type"].upper()],
            tuple(map(str, part["attributes"].get("options", ())))
            if part["type"] == "dropdown"
            else (),
        )
        for part in form["body"]
        if part["type"] != "markdown"
    )


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower().replace("'", "")).strip("_")


def _ticked(text: str) -> Any:  # noqa: ANN401 - as the fixtures have it
    boxes = read_checkboxes(text)
    if boxes is None:
        return text
    return [label for label, is_ticked in boxes.items() if is_ticked]


@pytest.mark.parametrize("name", _folders(PARSER))
def test_it_reads_what_one_public_parser_reads(name: str) -> None:
    folder = PARSER / name
    body = folder / "issue-body.md"
    text = body.read_text(encoding="utf-8") if body.exists() else ""
    answers = read_form(text, _fields(folder / "form.yml"))
    others = {_slug(title): text for title, text in answers.others.items()}
    read = {n: _ticked(t) for n, t in {**answers.fields, **others}.items()}
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert read == expected


def _as_ops(field: Field, text: str | None) -> Any:  # noqa: ANN401 - as the fixtures have it
    if field.control is Control.DROPDOWN:
        return list(read_choices(text or "", field.choices))
    if field.control is Control.CHECKBOXES:
        boxes = read_checkboxes(text or "") or {}
        return {
            "selected": [label for label, ticked in boxes.items() if ticked],
            "unselected": [label for label, ticked in boxes.items() if not ticked],
        }
    return text


@pytest.mark.parametrize("name", _folders(OPS))
def test_it_reads_what_the_other_public_parser_reads(name: str) -> None:
    folder = OPS / name
    fields = _fields(folder / "template.yml")
    body = (folder / "issue.md").read_text(encoding="utf-8")
    answers = read_form(body, fields)
    found = folder / "parsed-issue-with-template.json"
    found = found if found.exists() else folder / "parsed-issue.json"
    expected = json.loads(found.read_text(encoding="utf-8"))
    known = {f.name: f for f in fields}
    for field_name, value in expected.items():
        field = known[field_name]
        assert _as_ops(field, answers.fields.get(field_name)) == value
    assert answers.fields.keys() <= expected.keys()


def test_a_heading_typed_into_an_answer_stays_there() -> None:
    body = "### Deal\n\nx\n\n### Red flags\n\nOne\n\n### Not ours\n\nTwo\n"
    answers = read_form(body, FORM)
    assert answers.fields == {"deal": "x", "flags": "One\n\n### Not ours\n\nTwo"}


def test_a_label_typed_again_stays_where_it_was_typed_and_is_named() -> None:
    body = "### Red flags\n\nOne\n\n### Deal\n\n### Follow-on\n\n_No response_"
    answers = read_form(body, FORM)
    assert answers.fields == {"flags": "One\n\n### Deal"}
    assert answers.repeated == ("Deal",)


def test_what_is_left_open_is_no_answer() -> None:
    body = "### Deal\n\n_No response_\n\n### Payment\n\nNone\n"
    assert read_form(body, FORM).fields == {}


def test_an_open_code_block_swallows_no_answer() -> None:
    body = "### Red flags\n\n```\n### Not ours\n\n### Follow-on\n\nlater"
    answers = read_form(body, FORM)
    assert answers.fields == {"flags": "```\n### Not ours", "more": "later"}


def test_choices_may_hold_commas() -> None:
    assert read_choices("paid, not, yet", FORM[2].choices) == ("paid", "not, yet")
    assert read_choices("neither, paid", FORM[2].choices) == ("neither", "paid")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(end: str) -> None:
    body = end.join(("### Deal", "", "x", "", "### Red flags", "", "a", "b"))
    assert read_form(body, FORM).fields == {"deal": "x", "flags": "a\nb"}


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n#`~"), min_size=1
).filter(lambda t: t.strip() and t.strip() not in ("_No response_", "None"))


@given(st.tuples(*(_TEXT for _ in FORM)))
def test_what_the_forge_writes_is_read_back(typed: tuple[str, ...]) -> None:
    body = "\n\n".join(
        f"### {field.label}\n\n{text}" for field, text in zip(FORM, typed, strict=True)
    )
    answers = read_form(body, FORM)
    names = [field.name for field in FORM]
    assert answers.fields == dict(zip(names, map(str.strip, typed), strict=True))


@given(st.text())
def test_no_text_stops_it_and_none_is_lost(body: str) -> None:
    answers: Answers = read_form(body, FORM)
    kept = "".join((*answers.fields.values(), *answers.others.values()))
    words = {w for w in re.split(r"[\s#]+", body) if w}
    titles = {w for t in (*(f.label for f in FORM), *answers.others) for w in t.split()}
    silent = {"_No", "response_", "None"}
    assert all(word in kept or word in titles | silent for word in words)
