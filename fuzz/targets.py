# Scripts, not a package; an assertion is how a target says that something is wrong.
# ruff: noqa: INP001, S101
"""What is fuzzed: one function for each target, bytes in, an assertion if wrong.

Nothing here needs atheris, so that the tests can run every target over the seeds.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "tools")]

from handoff.document.defects import DEFECTS  # noqa: E402 - the path comes first
from handoff.document.document import read_document, read_yaml_file  # noqa: E402
from handoff.model.identity import is_slug, parse_path  # noqa: E402
from handoff.model.instant import (  # noqa: E402
    format_instant,
    parse_date,
    parse_instant,
)
from handoff.views import escaping  # noqa: E402

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def front_matter(data: bytes) -> None:
    """Read a record and a policy file: a document, or one finding that says why."""
    for read in (read_document, read_yaml_file):
        document, findings = read("x.md", data)
        assert all(finding.rule in DEFECTS for finding in findings)
        assert all(finding.span.line >= 1 for finding in findings)
        if document is None:
            assert len(findings) == 1
        else:
            assert all(_is_text(value) for value in document.header.values())
            assert document.span(tuple(document.header)[:1]).line >= 1
            assert all(s.span.line >= document.body_line for s in document.sections)


def _is_text(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_text(v) for k, v in value.items())
    if isinstance(value, list):
        return all(_is_text(item) for item in value)
    return isinstance(value, str)


def slug(data: bytes) -> None:
    """Read a slug and a path: what is accepted is ASCII, and its own path again."""
    text = data.decode("utf-8", "surrogateescape")
    if is_slug(text):
        assert text.isascii()
        assert text == text.lower().strip("-/. \n")
    for tree in ("opportunities", "handoffs"):
        path = f"{tree}/{text}"
        identity = parse_path(path)
        assert identity is None or identity.path == path
        assert identity is None or not {"..", "", "."} & set(path.split("/"))


def instant(data: bytes) -> None:
    """Read an instant and a day: what is accepted is written back the same."""
    text = data.decode("utf-8", "surrogateescape")
    found = parse_instant(text)
    if found is not None:
        assert text.isascii()
        assert parse_instant(format_instant(found)) == found
    day = parse_date(text)
    assert day is None or day.isoformat() == text


def escapers(data: bytes) -> None:
    """Escape a text for each channel; nothing is left that the channel obeys."""
    text = data.decode("utf-8", "surrogatepass" if _is_wtf8(data) else "replace")
    shown = escaping.terminal(text)
    assert not _CONTROLS.search(shown)
    assert "##[" not in shown
    line = escaping.workflow_safe_line(text)
    assert not line.lstrip().startswith("::")
    assert not set(escaping.github_data(text)) & {"\r", "\n"}
    assert not set(escaping.github_property(text)) & {"\r", "\n", ":", ","}
    # JSON cannot tell two surrogates that make a pair from the letter they stand for.
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(escaping.json_text({"a": text})) == {"a": paired}
    assert not re.search(r"(?<!\\)[<`*_\[]", escaping.markdown(text))
    assert "](" not in escaping.sarif_message(text)


def _is_wtf8(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "front_matter": front_matter,
    "slug": slug,
    "instant": instant,
    "escapers": escapers,
}
