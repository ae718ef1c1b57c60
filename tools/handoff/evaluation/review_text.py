"""What a person wrote in a review: which risks they take over, which gaps they name.

Only what a reader of the review sees counts: not what stands in an HTML comment, in a
quotation or in a block of code.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from handoff.policy.formats import LINE_LIMIT

_ACCEPT = re.compile(
    r"I accept (?:the )?(?:critical )?risks?:? +([^.!]*)[.!]?", re.IGNORECASE
)
_ITEM = re.compile(r" {0,3}(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_FENCES = ("```", "~~~")
_HIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_MOST_GAPS = 50


def accepted_risks(body: str, known: Collection[str]) -> tuple[str, ...]:
    """Find the risks a review accepts by name.

    A line of its own says `I accept risk R1`, or `I accept risks R1, R2 and R3`, in
    letters of any size. A line with any other word in it accepts nothing: it could
    say "not".

    Args:
        body: the text of the review.
        known: ids of the risks there are.

    Returns:
        Ids as they are in `known`, in that order.
    """
    ids = {risk.lower(): risk for risk in known}
    taken: set[str] = set()
    for line in _spoken(body):
        found = _ACCEPT.fullmatch(_ITEM.sub("", line, count=1).strip())
        words = re.split(r"[\s,&]+", found[1].strip().lower()) if found else []
        named = [word for word in words if word not in {"", "and"}]
        if all(word in ids for word in named):
            taken.update(ids[word] for word in named)
    return tuple(risk for risk in known if risk in taken)


def named_gaps(body: str) -> tuple[str, ...]:
    """Find the gaps a review names: each item of its lists, or else all of its text.

    Returns:
        Single lines, none empty; empty if nothing was written.
    """
    lines = _visible(body).splitlines()
    items: list[str] = []
    is_open = False
    for line in lines:
        is_item = _ITEM.match(line)
        if is_item:
            items.append(line[is_item.end() :])
        elif is_open and line.strip():
            items[-1] += f" {line}"
        is_open = bool(is_item) or (is_open and bool(line.strip()))
    found = map(_one_line, items or [" ".join(lines)])
    return tuple(gap for gap in found if gap)[:_MOST_GAPS]


def _one_line(text: str) -> str:
    plain = "".join(" " if unicodedata.category(c) in _HIDDEN else c for c in text)
    line = " ".join(plain.split())
    return line if len(line) <= LINE_LIMIT else f"{line[: LINE_LIMIT - 1]}…"


def _visible(body: str) -> str:
    """Leave out HTML comments; one that is never closed hides the rest."""
    first, *others = body.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in others)


def _spoken(body: str) -> Iterator[str]:
    """Give the lines that are neither quoted nor code."""
    fence = ""
    for line in _visible(body).splitlines():
        start = line.strip()[:3]
        if start in _FENCES and fence in {"", start}:
            fence = "" if fence else start
        elif not fence and not line.lstrip().startswith(">"):
            yield line
