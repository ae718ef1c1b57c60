"""Amounts as exports write them, in minor units."""

import re
from enum import StrEnum

# Digits behind the point, by ISO 4217, where they are not two.
_DIGITS = dict.fromkeys(
    re.findall("...", "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF"), 0
) | dict.fromkeys(re.findall("...", "BHDIQDJODKWDLYDOMRTND"), 3)
_AMOUNT = re.compile(
    r"(?P<before>[A-Z]{3}|[^\w\s.,()-])? ?(?P<number>[0-9][0-9.,'\u2019 ]*)"
    r" ?(?P<after>[A-Z]{3}|[^\w\s.,()-])?"
)
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}([.,'\u2019 ])[0-9]{3}(?:\1[0-9]{3})*")
_EITHER = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_DIGIT = "0123456789"
_SYMBOLS = {"€": "EUR"}


class Flaw(StrEnum):
    """Why a cell is no amount; the value says it."""

    AMBIGUOUS = "may be a whole number with separators or one with decimals"
    FOREIGN = "names another currency"
    MALFORMED = "is no amount"
    TOO_FINE = "has more decimals than the currency"


def read_amount(text: str, currency: str, decimal: str) -> int | Flaw:
    """Read an amount of money.

    Args:
        text: as in `$1,234.50`, `1.234,50 €`, `EUR 40`.
        currency: ISO 4217 code.
        decimal: `.` or `,`; empty if nobody said which one it is.

    Returns:
        The amount in minor units of the currency, or why there is none.
    """
    found = _AMOUNT.fullmatch(" ".join(text.split()))
    if not found:
        return Flaw.MALFORMED
    amount = _minor(found["number"].strip(), _DIGITS.get(currency, 2), decimal)
    signs = (_SYMBOLS.get(sign, sign) for sign in (found["before"], found["after"]))
    is_other = any(sign and sign.isalpha() and sign != currency for sign in signs)
    return Flaw.FOREIGN if is_other and amount is not Flaw.AMBIGUOUS else amount


def _minor(number: str, digits: int, decimal: str) -> int | Flaw:
    point = decimal or _point_of(number)
    if point is None:
        return Flaw.AMBIGUOUS
    whole, rest = number, ""
    if point and point in number:
        whole, _, rest = number.rpartition(point)
    is_whole = _WHOLE.fullmatch(whole) and not (point and point in whole)
    if not is_whole or rest.strip(_DIGIT):
        return Flaw.MALFORMED
    rest = rest.rstrip("0")
    if len(rest) > digits:
        return Flaw.TOO_FINE
    return int(re.sub(r"[^0-9]", "", whole) + rest.ljust(digits, "0"))


def _point_of(number: str) -> str | None:
    """Find the decimal sign; empty if there is none, `None` if it may be one."""
    signs = _separators(number)
    last = signs[-1:]
    if len(set(signs)) > 1:
        return last
    if len(signs) != 1:
        return ""
    return None if _EITHER.fullmatch(number) else last


def _separators(number: str) -> str:
    return "".join(character for character in number if character in ".,")
