"""Public holidays of a country, from the package `holidays`: the only door to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from handoff.model.errors import HandoffError

ENGLISH = ("en_US", "en_GB")
_INSTALL = "Type `pip install 'handoff-ledger[holidays]'`, then run it again."


class UnknownPlaceError(Exception):
    """There is no such country or subdivision; the message says so, with names."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """One public holiday; of several on a day the names are joined."""

    day: date
    name: str


def public_holidays(
    country: str, subdivision: str, years: Sequence[int]
) -> tuple[Holiday, ...]:
    """List the public holidays of some years, in order.

    Args:
        country: code of ISO 3166-1, as in `DE`.
        subdivision: code within the country, as in `BE`, or empty.
        years: any number of years.

    Raises:
        HandoffError: the package is not installed.
        UnknownPlaceError: it knows no such country or subdivision.
    """
    try:
        import holidays  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        message = "the package `holidays` is not installed"
        raise HandoffError(message, _INSTALL) from error
    known = holidays.list_supported_countries()
    _require("country", country, tuple(known))
    if subdivision:
        _require(f"subdivision of {country}", subdivision, tuple(known[country]))
    languages = holidays.list_localized_countries().get(country, ())
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=years,
        expand=False,
        language=next((name for name in ENGLISH if name in languages), None),
    )
    return tuple(Holiday(day, name) for day, name in sorted(found.items()))


def _require(what: str, code: str, known: Sequence[str]) -> None:
    if code in known:
        return
    near = get_close_matches(code.upper(), known, n=3, cutoff=0.5)
    guess = f"; nearest: {', '.join(near)}" if near else ""
    listed = "" if near or not known else f"; known: {', '.join(known)}"
    message = f"`{code}` is not the code of a {what}{guess}{listed}"
    raise UnknownPlaceError(message)
