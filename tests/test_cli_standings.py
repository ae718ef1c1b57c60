"""What is remembered of deals never changes an answer."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.cli import whole
from handoff.evaluation.inbox import Waiting, waiting_in
from handoff.evaluation.report import Report, evaluate
from handoff.evaluation.summary_sections import Entries, entries_of
from handoff.model.instant import day_of
from handoff.policy.policy import Policy
from handoff.records.batches import split
from handoff.records.register import load_register
from handoff.repository.ledger import EMPTY, Ledger
from handoff.repository.snapshot import MemorySnapshot
from handoff.views.cards import Hand, hand_of
from handoff.views.sla_text import Share, share_of
from handoff.views.standing import Standing, standing_of
from handoff.views.standing_text import read, written
from support import scenarios
from support.cli import handoff
from support.git import Repository
from support.records import shipped
from support.reports import policy_with, shipped_policy

_FIRST = datetime.fromisoformat("2026-03-01T00:00:00+00:00")
_NOW = "2027-03-01T00:00:00Z"


_Deal = tuple[Policy, Mapping[str, str], Ledger]


@cache
def _deals() -> tuple[_Deal, ...]:
    """Give every deal there is in the shipped records and in the scenarios."""
    return (*_shipped(shipped_policy()), *_shipped(policy_with(*_TURNS)), *_scenarios())


_LEAVES = """\
customer-success
        since: 2026-01-01
        until: 2026-04-24
  - handle: t"""
_BRIDGE = """\
    closed:
      - {on: 2026-04-14, until: 2026-04-16, known_from: 2026-04-22}
    week:
"""
_TURNS = (
    ("calendars", "    week:\n", _BRIDGE),
    ("clocks", "48h\n    calendar: always", "48h\n    calendar: business-hours"),
    (
        "clocks",
        "- name: packet-filed\n",
        "- name: packet-filed\n    until: 2026-04-28\n",
    ),
    ("clocks", "- name: sow-sent\n", "- name: sow-sent\n    since: 2026-04-14\n"),
    ("people", "customer-success\n        since: 2026-01-01\n  - handle: t", _LEAVES),
    (
        "people",
        "- role: ceo\n        since: 2026-01-01",
        "- role: ceo\n        since: 2026-05-09",
    ),
)


def _shipped(policy: Policy) -> Iterator[_Deal]:
    files = shipped("opportunities", "handoffs")
    for batch in split(sorted(files), 1):
        for deal in batch:
            yield policy, {path: files[path] for path in deal}, EMPTY


def _scenarios() -> Iterator[_Deal]:
    for name in scenarios.scenario_names():
        told = scenarios.scenario(name)
        files = scenarios.files_of(told)
        yield scenarios.policy_of(told), files, scenarios.ledger_of(told, files)


def _report(number: int, now: datetime) -> Report:
    policy, files, ledger = _deals()[number]
    snapshot = MemorySnapshot({p: text.encode() for p, text in files.items()})
    register = load_register(snapshot, policy)
    return evaluate(register, policy, now, rev="x", is_replay=True, ledger=ledger)


_MINUTES = st.integers(0, 100 * 24 * 60)
_SHARE = st.floats(0, 1)
_SOON = timedelta(days=4)


def _shown(report: Report) -> tuple[object, ...]:
    """Give what every view makes of a report."""
    day = day_of(report.now, report.policy.zone)
    table = share_of(report, show_all=False)
    return hand_of(report), table, waiting_in(report), entries_of(report, day)


def _as_remembered(
    standing: Standing, report: Report
) -> tuple[Hand, Share, tuple[Waiting, ...], Entries | None]:
    """Give what they make of what is remembered, written down and read again."""
    policy, frame = report.policy, report.frame
    text = written(standing, ("crm:deal-7",), policy)
    again, links = read(text, standing.stretch, policy)
    assert (again, links) == (standing, ("crm:deal-7",))
    day = day_of(report.now, policy.zone)
    return again.hand(), again.share(frame), again.waiting, again.entries_on(day)


@settings(deadline=None, max_examples=150)
@given(st.data(), _MINUTES, st.integers(0, 4), _SHARE, _SHARE)
def test_nothing_changes_within_a_stretch(
    data: st.DataObject, start: int, turns: int, soon: float, share: float
) -> None:
    number = data.draw(st.integers(0, len(_deals()) - 1))
    now = _FIRST + timedelta(minutes=start)
    for _ in range(turns):
        turned = standing_of(_report(number, now))
        now = (turned.stretch.end if turned else None) or now
    standing = standing_of(_report(number, now))
    if standing is None:
        return
    first, until = standing.stretch.start, standing.stretch.until
    assert first <= now < until
    last = min(until, now + timedelta(days=900)) - datetime.resolution
    near = (now + min(last - now, _SOON) * soon, now - min(now - first, _SOON) * soon)
    far = (now + (last - now) * share, now - (now - first) * share)
    for then in (now, first, last, *near, *far):
        report = _report(number, then)
        *views, entries = _as_remembered(standing, report)
        *shown, said = _shown(report)
        assert views == shown
        assert entries is None or entries == said


@settings(deadline=None, max_examples=60)
@given(st.data(), _MINUTES)
def test_stretches_follow_each_other_to_the_end_of_time(
    data: st.DataObject, start: int
) -> None:
    number = data.draw(st.integers(0, len(_deals()) - 1))
    now = _FIRST + timedelta(minutes=start)
    turns = 0
    while (standing := standing_of(_report(number, now))) and turns < 40:
        if standing.stretch.end is None:
            break
        now, turns = standing.stretch.end, turns + 1
    assert turns < 40


def test_all_deals_stand_in_the_end_for_ever() -> None:
    end = datetime.fromisoformat("2031-03-01T00:00:00+00:00")
    ends = [standing_of(_report(number, end)) for number in range(len(_deals()))]
    known = [standing for standing in ends if standing]
    assert len(known) >= len(ends) // 2
    assert sum(standing.stretch.end is None for standing in known) >= len(known) // 2


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
    return repository.root / ".git" / "handoff" / "standing"


def test_every_view_says_the_same_with_it(repository: Repository) -> None:
    for at in (_NOW, "2026-06-01"):
        for name in ("board", "status", "sla", "tasks", "inbox"):
            _asked(repository, name, at=at)
            _asked(repository, name, "--format", "json", at=at)
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
    assert not seen
    assert line("--as-of", _NOW, "--no-cache").out == first
    assert seen
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
