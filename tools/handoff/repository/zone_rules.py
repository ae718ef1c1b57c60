"""Which rules of the time zones this computer goes by."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import TZPATH

_HEADER = "# version "


def zone_rules_version() -> str:
    """Name the release of the zone rules that are in use, as in `2026a`.

    The system's own count before those of the package; `unknown` where they do not
    say which they are.
    """
    for folder in map(Path, TZPATH):
        if (folder / "UTC").is_file():
            return _stated(folder) or "unknown"
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "unknown"


def _stated(folder: Path) -> str:
    for name in ("tzdata.zi", "+VERSION"):
        path = folder / name
        if path.is_file():
            with path.open(encoding="utf-8", errors="replace") as lines:
                return lines.readline().removeprefix(_HEADER).strip()
    return ""
