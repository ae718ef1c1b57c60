"""Characters that a file must not hold, and those a reader cannot see.

Forbidden are characters that some program takes for the end of a line or of the
text, so that what a reviewer sees and what a parser reads could differ: the C0 and
C1 controls except tab and line feed, U+2028, U+2029, an inner byte-order mark, lone
surrogates, and the noncharacters of Unicode 23.7. Hidden are characters without a
shape of their own: bidirectional controls (UAX 9), zero-width ones, tags. Look-alike
are Cyrillic and Greek letters that look like a Latin one (UTS 39) and touch one.
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
# Written as codes, because nobody could tell the letters apart here either. Letters
# such as those of `5 \u03bcm` and `\u0394T` look like no Latin one and are left out.
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_CYRILLIC_TWINS = (
    "\u0405\u0406\u0408\u0410\u0412\u0415\u041a\u041c-\u041e\u0420-\u0423\u0425"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455-\u0458\u04bb\u0501"
)
_GREEK_TWINS = (
    "\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b9\u03bd\u03bf\u03c1\u03c5"
)
_TWIN = f"[{_CYRILLIC_TWINS}{_GREEK_TWINS}]"
_TOLD = 50
_ODD = re.compile(f"[{_INVISIBLE}{_JOINERS}]|{_TWIN}")
_LOOK_ALIKE = re.compile(f"(?<=[{_LATIN}]){_TWIN}|{_TWIN}(?=[{_LATIN}])")


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
    """Report hidden and look-alike characters of a file, the first of each line.

    A text full of them gets one more finding that counts the rest.
    """
    if text.isascii() or not _ODD.search(_unusual(text)):
        return ()
    lines = [(n, x) for n, x in enumerate(text.split("\n"), 1) if not x.isascii()]
    findings = tuple(finding for line in lines for finding in _odd_in(*line))
    rest = findings[_TOLD:]
    return (*findings[:_TOLD], _more(rest[0], len(rest))) if rest else findings


def _more(first: Finding, count: int) -> Finding:
    """Sum up what is not told one by one."""
    message = f"found such characters in {count} more places from here on"
    hint = "Paste the text into a plain-text editor first and copy it from there."
    return Finding(first.rule, first.span, message, hint)


def _odd_in(number: int, line: str) -> Iterator[Finding]:
    hidden = next(hidden_in(line), None)
    alike = _LOOK_ALIKE.search(line)
    for found, report in ((hidden, hidden_character), (alike, _look_alike_character)):
        if found:
            column = found.start() + 1
            yield report(Span(number, column, number, column + 1), found[0])


def hidden_character(span: Span, character: str) -> Finding:
    """Report one hidden character at its place."""
    return Finding(
        "hidden-character",
        span,
        f"found {describe(character)}, which nobody can see",
        "If you did not mean to use it, type the words around it again.",
    )


def _look_alike_character(span: Span, character: str) -> Finding:
    """Report one letter that only looks like its neighbours, at its place."""
    return Finding(
        "look-alike-character",
        span,
        f"found {describe(character)} in a word of Latin letters",
        "It only looks like the letter of your keyboard. Delete the word and type it "
        "again instead of pasting it.",
    )
