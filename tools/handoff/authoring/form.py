"""What a forge makes of a filled-in issue form, read back.

The forge writes `### Label` for every field of the form, in the form's order, and the
answer below it. What people type may look like such a heading too, so a line counts as
one only where a heading of the form can stand.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

_HEADING = re.compile(r" {0,3}### +(.*?) *")
_CHECKBOX = re.compile(r"[-*] \[([ xX]?)\] +(.*?) *")
_NO_ANSWER = "_No response_"
_NOTHING_CHOSEN = "None"


class Control(Enum):
    """How a field of a form is filled in."""

    INPUT = auto()
    TEXTAREA = auto()
    DROPDOWN = auto()
    CHECKBOXES = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes:
        name: what the answer is filed under.
        label: its heading; no two fields of a form have the same.
        choices: what may be chosen, or empty.
    """

    name: str
    label: str
    control: Control
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed.

    Attributes:
        fields: answers by name of the field; a field left open is not in it.
        others: text below headings that are none of the form, by heading; what
            stands above the first heading is under the empty one.
        repeated: labels that occur again within the text of an answer.
    """

    fields: Mapping[str, str]
    others: Mapping[str, str]
    repeated: tuple[str, ...]


def read_form(body: str, form: Sequence[Field]) -> Answers:
    """Take the text of an issue apart.

    Args:
        body: markdown, with any line ends.
        form: the fields, in the order of the form.
    """
    labels = {field.label.strip(): at for at, field in enumerate(form)}
    parts: list[tuple[str, Field | None, list[str]]] = [("", None, [])]
    repeated: list[str] = []
    place = -1
    for line, title in _lines(body):
        at = labels.get(title, -1) if title else -1
        if title and at > place:
            place = at
            parts.append((title, form[at], []))
        elif title and not _is_long(parts[-1][1]):
            parts.append((title, None, []))
        else:
            parts[-1][2].append(line)
            repeated += [title] if at >= 0 else []
    return Answers(
        {
            f.name: text
            for _, f, rows in parts
            if f and (text := _answer("\n".join(rows).strip(), f))
        },
        {
            title: text
            for title, f, rows in parts
            if f is None and (text := "\n".join(rows).strip())
        },
        tuple(dict.fromkeys(repeated)),
    )


def likeness(body: str, form: Sequence[Field]) -> float:
    """Tell which part, from 0 to 1, of a form's headings a text has."""
    titles = {title for _, title in _lines(body)}
    return sum(field.label.strip() in titles for field in form) / len(form)


def read_choices(text: str, choices: Sequence[str] = ()) -> tuple[str, ...]:
    """Give what was chosen in a dropdown of several, whose choices may hold commas.

    Args:
        text: the answer.
        choices: of the form; what is none of them is given as typed.
    """
    found: list[str] = []
    rest = text.strip()
    while rest:
        starts = (c for c in choices if rest == c or rest.startswith(f"{c}, "))
        known = max(starts, key=len, default=rest.split(", ", 1)[0])
        found.append(known)
        rest = rest[len(known) :].removeprefix(", ")
    return tuple(found)


def read_checkboxes(text: str) -> Mapping[str, bool] | None:
    """Give each box and whether it is ticked; `None` if the lines are no boxes."""
    rows = [_CHECKBOX.fullmatch(line) for line in text.split("\n") if line.strip()]
    boxes = {row[2]: row[1] in ("x", "X") for row in rows if row}
    return boxes if rows and all(rows) else None


def _is_long(field: Field | None) -> bool:
    """Tell whether a heading may be a part of the answer that is being read."""
    return field is not None and field.control is Control.TEXTAREA


def _answer(text: str, field: Field) -> str:
    """Give an answer; what a forge writes for none is empty."""
    if text == _NO_ANSWER:
        return ""
    is_choice = field.control is Control.DROPDOWN
    if is_choice and text == _NOTHING_CHOSEN and text not in field.choices:
        return ""
    return text


def _lines(body: str) -> Iterator[tuple[str, str]]:
    """Give each line with the title it is a heading of, within code blocks too.

    A code block that somebody left open must not swallow the answers behind it.
    """
    for line in body.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        heading = _HEADING.fullmatch(line)
        yield line, heading[1] if heading else ""
