"""Formats once more, as patterns that only ever mean "surely fine".

Asking Python about every value costs more than all the rest of a schema. Each pattern
here accepts part of what its format accepts, and nothing else; a value that none of
them knows is put to the format itself. `test_policy_quick_formats.py` shows it.
"""

from collections.abc import Mapping
from typing import Any

_YEAR = "(19[7-9][0-9]|2[0-9]{3})"
_LONG = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
_SHORT = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_DAY = f"{_YEAR}-({_LONG}|{_SHORT}|02-(0[1-9]|1[0-9]|2[0-8]))"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_OFFSET = r"(Z|\+(0[0-9]|1[0-3]):[0-5][0-9]|-(0[1-9]|1[0-3]):[0-5][0-9])"
_LINE = {"pattern": "^[^\n]*[!-~][^\n]*$", "maxLength": 1000}
_LATIN = "[ -~\u00c0-\u024f]"
_SLUG = {  # no device name has five characters
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
    "minLength": 5,
    "maxLength": 60,
}

QUICK_FORMATS: Mapping[str, Mapping[str, object]] = {
    "text": {"pattern": "[!-~]"},
    "line": _LINE,
    "name": {"pattern": f"^{_LATIN}*[!-~]{_LATIN}*$", "maxLength": 1000},
    "slug": _SLUG,
    "person": _SLUG,
    "item-id": {"pattern": "^[A-Za-z][A-Za-z0-9-]{0,30}$"},
    "date": {"pattern": f"^{_DAY}$"},
    "date-time": {"pattern": f"^{_DAY}T{_TIME}{_OFFSET}$"},
    "date-or-instant": {"pattern": f"^{_DAY}(T{_TIME}{_OFFSET})?$"},
    "date-or-unknown": {"pattern": f"^(unknown|{_DAY})$"},
}


def quickened(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Give a schema with its formats replaced where there is a pattern for them."""
    if isinstance(schema, list):
        return [quickened(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: quickened(value) for key, value in schema.items()}
    name = schema.get("format")
    quick = QUICK_FORMATS.get(name) if isinstance(name, str) else None
    if quick is None or inner.keys() & quick.keys():
        return inner
    return {key: value for key, value in inner.items() if key != "format"} | dict(quick)
