"""What is remembered of deals that are over never changes an answer."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.cli import whole
from handoff.evaluation.report import Report, evaluate
from handoff.evaluation.summary_sections import entries_of
from handoff.model.instant import day_of
from handoff.policy.policy import Policy
from handoff.records.batches import split
from handoff.records.register import load_register
from handoff.repository.snapshot import MemorySnapshot
from handoff.views.cards import hand_of
from handoff.views.quiet import quiet_of
from handoff.views.sla_text import share_of
from support import scenarios
from support.cli import handoff
from support.git import Repository
from support.records import shipped
from support.reports import shipped_policy

_FIRST = datetime.fromisoformat("2026-03-01T00:00:00+00:00")
_NOW = "2027-03-01T00:00:00Z"


@cache
def _deals() -> tuple[tuple[Policy, Mapping[str, str]], ...]:
    """Give every deal there is in the shipped records and in the scenarios."""
    return (*_shipped(), *_scenarios())


def _shipped() -> Iterator[tuple[Policy, Mapping[str, str]]]:
    files = shipped("opportunities", "handoffs")
    for batch in split(sorted(files), 1):
        for deal in batch:
            yield shipped_policy(), {path: files[path] for path in deal}


def _scenarios() -> Iterator[tuple[Policy, Mapping[str, str]]]:
    for name in scenarios.scenario_names()[::3]:
        told = scenarios.scenario(name)
        yield scenarios.policy_of(told), scenarios.files_of(told)


def _report(number: int, now: datetime) -> Report:
    policy, files = _deals()[number]
    snapshot = MemorySnapshot({p: text.encode() for p, text in files.items()})
    register = load_register(snapshot, policy)
    return evaluate(register, policy, now, rev="x", is_replay=True)


_MINUTES = st.integers(0, 400 * 24 * 60)


@settings(deadline=None, max_examples=120)
@given(st.data(), _MINUTES, _MINUTES, st.integers(-500, 500))
def test_what_is_quiet_stays_quiet(
    data: st.DataObject, start: int, later: int, days: int
) -> None:
    number = data.draw(st.integers(0, len(_deals()) - 1))
    now = _FIRST + timedelta(minutes=start)
    quiet = quiet_of(_report(number, now))
    if quiet is None:
        return
    then = now + timedelta(minutes=later)
    report = _report(number, then)
    assert quiet_of(report) == quiet
    assert hand_of(report) == quiet.hand
    assert share_of(report, show_all=False) == quiet.share
    day = day_of(then, report.policy.zone) + timedelta(days=days)
    for each in (day, day_of(then, report.policy.zone)):
        assert not (quiet.is_silent_on(each) and entries_of(report, each))


def test_some_deals_are_quiet_in_the_end_and_none_at_the_beginning() -> None:
    end = datetime.fromisoformat(_NOW)
    over = [n for n in range(len(_deals())) if quiet_of(_report(n, end))]
    assert len(over) >= 5
    assert not any(quiet_of(_report(n, _FIRST)) for n in over)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Make a repository of the shipped deals, large enough to be remembered."""
    monkeypatch.setattr(whole, "_FEWEST", 1)
    made = Repository.create(tmp_path / "records")
    for path, text in shipped("schemas", "opportunities", "handoffs").items():
        made.write(path, text)
    made.commit()
    return made


def _asked(repository: Repository, *words: str, at: str = _NOW) -> str:
    """Ask with and without what is remembered; both must say the same."""
    line = (*words, "-C", str(repository.root), "--rev", "HEAD", "--as-of", at)
    cold = handoff(*line, "--no-cache")
    warm = handoff(*line)
    assert warm == cold
    assert not cold.code
    return cold.out


def _kept(repository: Repository) -> Path:
    return repository.root / ".git" / "handoff" / "quiet"


def test_every_view_says_the_same_with_it(repository: Repository) -> None:
    for at in (_NOW, "2026-06-01"):
        for words in (("board",), ("status",), ("sla",)):
            _asked(repository, *words, at=at)
        _asked(repository, "daily", "--date", at[:10], at=at)
    assert _kept(repository).read_bytes().count(b"\n") > 3


def test_what_is_remembered_is_used(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _asked(repository, "board")
    kept = _kept(repository).read_bytes()
    seen: list[Report] = []

    def counted(*args: object, **kwargs: object) -> Report:
        seen.append(evaluate(*args, **kwargs))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr(whole, "processors", lambda: 1)
    monkeypatch.setattr("handoff.cli.survey.evaluate", counted)
    line = partial(handoff, "board", "-C", str(repository.root), "--rev", "HEAD")
    assert line("--as-of", _NOW).out == first
    some = len(seen)
    assert line("--as-of", _NOW, "--no-cache").out == first
    assert 0 < some < len(seen) - some
    assert _kept(repository).read_bytes() == kept


@pytest.mark.parametrize("how", ["cut", "garbage", "edited", "gone"])
def test_a_damaged_memory_is_no_memory(repository: Repository, how: str) -> None:
    _asked(repository, "board")
    place = _kept(repository)
    good = place.read_bytes()
    damaged = {
        "cut": good[:-20],
        "garbage": b"\xff\x00" * 500,
        "edited": good.replace(b"closed-lost", b"closed-gone"),
        "gone": b"",
    }[how]
    assert damaged != good
    place.write_bytes(damaged)
    if how == "gone":
        place.unlink()
    _asked(repository, "board")
    mended = place.read_bytes()
    assert set(good.split(b"\n")) <= set(mended.split(b"\n"))
    _asked(repository, "board")
    assert place.read_bytes() == mended


def test_a_change_is_seen(repository: Repository) -> None:
    before = _asked(repository, "board", "--limit", "99")
    for path in sorted((repository.root / "opportunities").rglob("*.md")):
        text = path.read_text("utf-8")
        changed = text.replace("company: ", "company: Renamed ", 1)
        repository.write(path.relative_to(repository.root).as_posix(), changed)
    repository.commit()
    after = _asked(repository, "board", "--limit", "99")
    assert "Renamed" in after
    assert "Renamed" not in before
