"""The repository as it would be, and what a change breaks."""

from handoff.authoring.comparison import new_errors
from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.span import Span
from handoff.model.verdict import Verdict
from handoff.repository.overlay import OverlaySnapshot
from handoff.repository.snapshot import MemorySnapshot, Unreadable

_BASE = MemorySnapshot({"a/x.md": b"x", "b/y.md": b"y"}, "base")
_OVER = OverlaySnapshot(_BASE, {"a/x.md": b"new", "a/z.md": b"z"})


def test_changed_files_hide_those_below() -> None:
    assert _OVER.label == "base"
    assert _OVER.paths() == ("a/x.md", "a/z.md", "b/y.md")
    assert _OVER.paths("a") == ("a/x.md", "a/z.md")
    assert [_OVER.read(path) for path in _OVER.paths()] == [b"new", b"z", b"y"]
    wanted = ("b/y.md", "a/z.md", "a/x.md")
    assert list(_OVER.read_many(wanted)) == list(
        zip(wanted, (b"y", b"z", b"new"), strict=True)
    )
    assert isinstance(_OVER.read("gone.md"), Unreadable)


def _found(line: int, message: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    place = Span(line, 1, line, 2)
    return Diagnostic("a.md", place, "rule", severity, message, "", (), "")


def _verdict(*found: Diagnostic) -> Verdict:
    return Verdict(1, 1, found)


def test_only_new_errors_count() -> None:
    old = _verdict(_found(1, "a"), _found(2, "b"))
    moved = _verdict(_found(5, "a"), _found(6, "b"))
    assert new_errors(old, moved) == ()
    twice = _verdict(_found(5, "a"), _found(6, "a"), _found(7, "b"))
    assert new_errors(old, twice) == (_found(6, "a"),)
    warned = _verdict(_found(9, "c", Severity.WARNING))
    assert new_errors(old, warned) == ()
