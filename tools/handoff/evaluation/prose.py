"""Whether a section, or a value of the header, says anything."""

import re
from collections.abc import Iterable
from enum import Enum, auto
from functools import lru_cache

from handoff.document.outline import Section

_TEMPLATE = re.compile(r"(?<![`$])\{[A-Za-z][^{}`\n\d:\"]*\}(?!`)")
_TICKS = re.compile("`+")
_MARKER = re.compile(r"^(?:[-*+>•·\s]|\d+[.)]\s)+")
_LONGEST_PLACEHOLDER = 60  # characters; longer text is an answer, and need no look
_EMPTY_WORDS = frozenset({"none", "nothing", "no", "nil"})
_DECORATION = " \t\n*_>-•.:!"
_REMEMBERED = 256  # texts: those of the few records that are judged together


class Gap(Enum):
    """Why a section is no answer."""

    NOTHING = auto()
    EMPTY = auto()
    PLACEHOLDER = auto()


def section_gap(section: Section, placeholders: frozenset[str]) -> tuple[Gap, str]:
    """Say what keeps a section from being an answer.

    "None" is an answer only with its reason (`None: ...`), by the contract's part 6.

    Returns:
        `Gap.NOTHING` and an empty text where it is one.
    """
    return _text_gap(section.text, placeholders)


@lru_cache(_REMEMBERED)
def _text_gap(text: str, placeholders: frozenset[str]) -> tuple[Gap, str]:
    """Look at a text; several rules and gates ask about the same one."""
    if not text:
        return Gap.EMPTY, "is empty"
    if text.strip(_DECORATION).casefold() in _EMPTY_WORDS:
        return Gap.EMPTY, "says nothing, and not why"
    found = _TEMPLATE.search(_without_code(text)) if "{" in text else None
    if found:
        return Gap.PLACEHOLDER, f"still holds the template's `{found[0]}`"
    endings = tuple(_within(text, placeholders))
    lines = (line.strip() for line in text.splitlines())
    likely = (x for x in lines if endings and _may_end_in(x, endings))
    if left := next((x for x in likely if _stands_in(x, placeholders)), ""):
        return Gap.PLACEHOLDER, f"says `{left}`, which stands for an answer to come"
    return Gap.NOTHING, ""


def is_placeholder(text: str, placeholders: frozenset[str]) -> bool:
    """Tell whether a header value stands for an answer that was never given."""
    if len(text) > _LONGEST_PLACEHOLDER and not text.startswith("{"):
        return False
    return text.strip().casefold() in placeholders or bool(_TEMPLATE.fullmatch(text))


def may_hold(texts: Iterable[str], placeholders: frozenset[str]) -> bool:
    """Tell quickly whether `is_placeholder` can be true of any of the texts."""
    plain = set(map(str.casefold, map(str.strip, texts)))
    return "{" in "".join(plain) or not placeholders.isdisjoint(plain)


def _within(text: str, placeholders: frozenset[str]) -> Iterable[str]:
    """Give the placeholders that stand anywhere in a text, at its end or not."""
    folded = text.casefold()
    return (each for each in placeholders if each in folded)


def _may_end_in(line: str, endings: tuple[str, ...]) -> bool:
    """Look at the end of a line, which is quick and leaves few to look at closely."""
    lowered = line[-_LONGEST_PLACEHOLDER:].casefold()
    return lowered.endswith(endings) or lowered.rstrip("*_`.! ").endswith(endings)


def _stands_in(line: str, placeholders: frozenset[str]) -> bool:
    """Recognise a line, a list entry, or what follows a label, as a placeholder."""
    bare = _MARKER.sub("", line).strip()
    answer = bare.rpartition(": ")[2].strip("*_` ")
    return any(
        part.casefold() in placeholders or part.casefold().rstrip(".!") in placeholders
        for part in (bare, answer)
        if part
    )


def _without_code(text: str) -> str:
    """Leave out code spans: from a run of backquotes to the next as long.

    By CommonMark 6.1; in one pass, because a pattern takes the square of the runs.
    """
    runs = list(_TICKS.finditer(text))
    later: dict[int, int] = {}
    ends: dict[int, int] = {}
    for number in reversed(range(len(runs))):
        length = len(runs[number][0])
        if length in later:
            ends[number] = later[length]
        later[length] = number
    kept, start, number = [], 0, 0
    while number < len(runs):
        if number in ends:
            kept.append(text[start : runs[number].start()])
            number = ends[number]
            start = runs[number].end()
        number += 1
    return "".join((*kept, text[start:]))
