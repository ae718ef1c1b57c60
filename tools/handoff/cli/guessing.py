"""Which record somebody may have meant who typed no id."""

from collections.abc import Iterable
from difflib import get_close_matches

_FEW = 3


def nearest(typed: str, names: Iterable[str]) -> str:
    """Give the end of a message that names the nearest ids; empty if none is near.

    Those that hold what was typed come first: people type a company's name.

    Args:
        typed: what stands where an id was expected.
        names: ids of all records.
    """
    known = sorted(names)
    wanted = "-".join(typed.casefold().split())
    near = [name for name in known if wanted and wanted in name]
    near = near[:_FEW] or get_close_matches(wanted, known, n=_FEW)
    return f"; nearest: {', '.join(near)}" if near else ""
