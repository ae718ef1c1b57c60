"""Golden files: what a view wrote once, reviewed, and must write again."""

import os
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "golden"
# Read at import: tests run in a scrubbed environment.
_UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"


def assert_golden(name: str, text: str) -> None:
    """Compare text with a golden file, or rewrite that with `UPDATE_GOLDEN=1`.

    Args:
        name: file name below `tests/golden`.
        text: what the view wrote.
    """
    path = _FOLDER / name
    if _UPDATE:
        path.write_bytes(text.encode())
    assert path.exists(), f"{name} is missing: run with UPDATE_GOLDEN=1 and review it"
    assert text == path.read_bytes().decode(), f"{name} differs: see UPDATE_GOLDEN=1"
