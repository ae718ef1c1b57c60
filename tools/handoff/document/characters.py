"""Characters that a file must not hold, and those a reader cannot see.

Forbidden are characters that some program takes for the end of a line or of the
text, so that what a reviewer sees and what a parser reads could differ: the C0 and
C1 controls except tab and line feed, U+2028, U+2029, an inner byte-order mark, lone
surrogates, and the noncharacters of Unicode 23.7. Hidden are characters without a
shape of their own: bidirectional controls (UAX 9), zero-width ones, tags.
"""

import re
import unicodedata
from collections.abc import Iterator

from handoff.model.diagnostic import Finding
from handoff.model.span import Span

_PLAIN = bytes((0x09, 0x0A, *range(0x20, 0x7F)))
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)
)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff" + _NONCHARACTERS + "]"
)
_INVISIBLE = (
    "\u00ad\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
_JOINERS = "\u200c\u200d"
_SUSPECT = re.compile(f"[{_INVISIBLE}{_JOINERS}]")
# The flag of a region is a black flag and tag characters, which is honest text
# (UTS 51, annex C). A joiner is honest between two characters outside ASCII: emoji
# families, Persian, Indic scripts.
_HIDDEN = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
    f"|(?P<hidden>[{_INVISIBLE}]"
    f"|(?<![^\x00-\x7f])[{_JOINERS}]|[{_JOINERS}](?![^\x00-\x7f]))"
)


def place(text: str, index: int) -> tuple[int, int]:
    """Give line and column, both from 1, of the code point at `index`."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def describe(character: str) -> str:
    """Name a character for people: `U+200B (zero width space)`."""
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def forbidden_in(text: str) -> re.Match[str] | None:
    """Find the first forbidden character."""
    return _FORBIDDEN.search(text) if _FORBIDDEN.search(_unusual(text)) else None


def hidden_in(text: str) -> Iterator[re.Match[str]]:
    """Find the hidden characters, in order."""
    if text.isascii() or not _SUSPECT.search(_unusual(text)):
        return
    for found in _HIDDEN.finditer(text):
        if found["hidden"]:
            yield found


def _unusual(text: str) -> str:
    """Give what is left of a text without printable ASCII, tab and line feed.

    Deleting bytes is ten times quicker than searching characters, and in most
    files nothing is left to search.
    """
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    return rest.decode("utf-8", "surrogatepass")


def forbidden_character(text: str) -> Finding | None:
    """Report the first forbidden character of a file."""
    found = forbidden_in(text)
    if found is None:
        return None
    line, column = place(text, found.start())
    return Finding(
        "forbidden-character",
        Span(line, column, line, column + 1),
        f"found {describe(found[0])}, expected text without control characters",
        "Delete this character: put the cursor after it and press backspace, or "
        "type the line again.",
    )


def hidden_characters(text: str) -> tuple[Finding, ...]:
    """Report hidden characters of a file, the first of each line."""
    firsts: dict[int, Finding] = {}
    for found in hidden_in(text):
        line, column = place(text, found.start())
        span = Span(line, column, line, column + 1)
        firsts.setdefault(line, hidden_character(span, found[0]))
    return tuple(firsts.values())


def hidden_character(span: Span, character: str) -> Finding:
    """Report one hidden character at its place."""
    return Finding(
        "hidden-character",
        span,
        f"found {describe(character)}, which nobody can see",
        "If you did not mean to use it, type the words around it again.",
    )
