"""Slugs of names and ids that people and other systems chose."""

import re
import unicodedata
from hashlib import sha256

from handoff.model.identity import SLUG_LIMIT, is_slug

# Letters that Unicode does not decompose (NFKD leaves them as they are).
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l"}
    | {"þ": "th", "\u0131": "i"}
)
_SALESFORCE_LONG, _SALESFORCE_SHORT = 18, 15
_CHECK_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_ID_LIMIT = 40


def slug_of(text: str) -> str:
    """Write a name as a slug; empty if no letter or digit has a Latin form."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    plain = folded.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LIMIT].rstrip("-")


def id_slug(exact: str) -> str:
    """Write an id of another system as a slug; different ids give different ones.

    Where lower case or punctuation would lose something, eight hexadecimal digits of
    the exact id are added. An id whose letters are all of one case is taken as one
    that does not tell cases apart, except in the shape of a short Salesforce id.
    """
    slug = slug_of(exact)
    if _is_lossless(exact, slug) and len(slug) <= _ID_LIMIT and is_slug(slug):
        return slug
    digest = sha256(exact.encode()).hexdigest()[:8]
    return f"{slug[:_ID_LIMIT].rstrip('-')}-{digest}".lstrip("-")


def record_slug(company: str, exact_id: str) -> str:
    """Join company and id; a long company is cut, the id never."""
    last = id_slug(exact_id)
    first = slug_of(company)[: SLUG_LIMIT - len(last) - 1].rstrip("-")
    return f"{first}-{last}" if first else last


def _is_lossless(exact: str, slug: str) -> bool:
    if exact.lower() != slug:
        return False
    if exact == slug or _is_salesforce_long(exact):
        return True
    is_short = len(exact) == _SALESFORCE_SHORT and exact.startswith("00")
    return exact == exact.upper() and not is_short


def _is_salesforce_long(exact: str) -> bool:
    """Recognise an id whose last three characters say the case of the others.

    Each of them encodes which of five characters are capital letters.
    """
    if len(exact) != _SALESFORCE_LONG or not exact.isalnum():
        return False
    fives = (exact[start : start + 5] for start in range(0, _SALESFORCE_SHORT, 5))
    check = "".join(
        _CHECK_LETTERS[sum(c.isupper() << bit for bit, c in enumerate(five))]
        for five in fives
    )
    return check == exact[_SALESFORCE_SHORT:]
