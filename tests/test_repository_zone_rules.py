"""Which release of the zones' rules is in use."""

from importlib.metadata import distributions
from pathlib import Path

import pytest

from handoff.repository import zone_rules


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"UTC": "", "tzdata.zi": "# version 2026a\n# more\n"}, "2026a"),
        ({"UTC": "", "+VERSION": "2025c\n"}, "2025c"),
        ({"UTC": ""}, "unknown"),
    ],
)
def test_the_system_says_it(
    files: dict[str, str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    places = (str(tmp_path / "none"), str(tmp_path))
    monkeypatch.setattr(zone_rules, "TZPATH", places)
    assert zone_rules.zone_rules_version() == expected


def test_without_the_system_the_package_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_rules, "TZPATH", ())
    found = (d.version for d in distributions() if d.name == "tzdata")
    assert zone_rules.zone_rules_version() == next(found, "unknown")
