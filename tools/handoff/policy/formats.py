"""The `format` words used in `schemas/*.schema.json`, each a yes-or-no question.

JSON Schema leaves formats unchecked unless an implementation registers them; these are
registered for every validation, and a test shows that no schema uses another word.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from handoff.model.calendar import parse_window
from handoff.model.identity import Kind, is_slug, parse_stem
from handoff.model.instant import parse_date, parse_duration, parse_instant

LINE_LIMIT = 1000
_ITEM_ID = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,30}")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,37}[A-Za-z0-9_])?")
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,30}")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,99}")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_LOOK_ALIKE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK"})


def is_text(text: str) -> bool:
    """Accept text in which a reader sees at least one character."""
    if text.isascii():  # the reader refuses its control characters
        return bool(text) and not text.isspace()
    return any(not c.isspace() and unicodedata.category(c) not in _HIDDEN for c in text)


def is_line(text: str) -> bool:
    """Accept visible text on a single line."""
    return "\n" not in text and len(text) <= LINE_LIMIT and is_text(text)


def is_name(text: str) -> bool:
    """Accept a person's name: no hidden characters, no word of mixed scripts."""
    return is_line(text) and (
        text.isascii()
        or (
            not any(unicodedata.category(c) in _HIDDEN for c in text)
            and not any(_mixes_scripts(word) for word in text.split())
        )
    )


def _mixes_scripts(word: str) -> bool:
    scripts = {unicodedata.name(c, "").split(" ")[0] for c in word if c.isalpha()}
    return len(scripts & _LOOK_ALIKE_SCRIPTS) > 1


def _is_zone(text: str) -> bool:
    try:
        return bool(ZoneInfo(text))
    except (KeyError, ValueError, OSError):  # unknown, or no name of a zone at all
        return False


def _is_opportunity_id(text: str) -> bool:
    return parse_stem(Kind.OPPORTUNITY, text) is not None


def _is_date(text: str) -> bool:
    return parse_date(text) is not None


def _is_instant(text: str) -> bool:
    return parse_instant(text) is not None


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "text": is_text,
    "line": is_line,
    "name": is_name,
    "slug": is_slug,
    "person": is_slug,
    "login": lambda text: _LOGIN.fullmatch(text) is not None,
    "item-id": lambda text: _ITEM_ID.fullmatch(text) is not None,
    "email": lambda text: _EMAIL.fullmatch(text) is not None,
    "phone": lambda text: _PHONE.fullmatch(text) is not None,
    "date": _is_date,
    "date-time": _is_instant,
    "date-or-instant": lambda text: _is_date(text) or _is_instant(text),
    "date-or-unknown": lambda text: text == "unknown" or _is_date(text),
    "duration-short": lambda text: parse_duration(text) is not None,
    "window": lambda text: parse_window(text) is not None,
    "zone": _is_zone,
    "opportunity-id": _is_opportunity_id,
    "variable": lambda text: _VARIABLE.fullmatch(text) is not None,
    "event-pattern": lambda text: text == "*" or is_slug(text),
}
