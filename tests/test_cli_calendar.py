"""`handoff calendar holidays`: days are pinned in policy, and no other byte changes."""

import sys
from datetime import timedelta
from difflib import ndiff
from pathlib import Path

import pytest

from handoff.model.calendar import elapsed
from handoff.policy.clocks import Clock
from handoff.policy.policy import Policy, load_policy
from handoff.repository.git import Git
from handoff.repository.snapshot import WorktreeSnapshot
from support.cli import handoff, records
from support.git import Repository
from support.scenarios import instant_of

PATH = "schemas/policy/calendars.yaml"
_NOON = "2027-03-26T12:00:00+01:00"
TYPED = ("calendar", "holidays", "de", "2027", "--subdivision", "be")


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", {})


def text_of(repository: Repository) -> bytes:
    return (repository.root / PATH).read_bytes()


def policy_of(repository: Repository) -> Policy:
    policy, found = load_policy(WorktreeSnapshot(Git.discover(repository.root)))
    assert policy, found
    return policy


def test_days_are_added_and_nothing_else_changes(made: Repository) -> None:
    before = text_of(made).decode().splitlines()
    ran = handoff(*TYPED, at=made)
    assert ran.code == 0
    assert "  2027-03-26 Good Friday\n" in ran.out
    assert ran.out.endswith("closed `business-hours` on 10 of 10 holidays\n")
    after = text_of(made).decode().splitlines()
    changes = [line for line in ndiff(before, after) if line[0] in "+-"]
    assert all(line.startswith("+ ") for line in changes)
    assert len(changes) == 21
    calendar = next(c.calendar for c in _clocks(made))
    begins = instant_of("2027-03-26T00:00:00+01:00")
    assert not elapsed(calendar, begins, begins + timedelta(days=1))


def _clocks(made: Repository) -> tuple[Clock, ...]:
    clocks = (made.root / "schemas/policy/clocks.yaml").read_text(encoding="utf-8")
    changed = clocks.replace("calendar: always", "calendar: business-hours", 1)
    made.write("schemas/policy/clocks.yaml", changed)
    return policy_of(made).clocks


def test_days_that_are_past_count_from_the_next_day(
    made: Repository,
) -> None:
    assert handoff(*TYPED, at=made, now=_NOON).code == 0
    calendar = next(c.calendar for c in _clocks(made))
    assert {d.isoformat() for d in calendar.known_from} == {
        "2027-01-01",
        "2027-03-08",
        "2027-03-26",
    }
    assert {d.isoformat() for d in calendar.known_from.values()} == {"2027-03-27"}


def test_a_second_run_adds_nothing(made: Repository) -> None:
    handoff(*TYPED, at=made)
    once = text_of(made)
    ran = handoff(*TYPED, "2027", at=made)
    assert ran.out == (
        "closed `business-hours` on 0 of 10 holidays; 10 decided already\n"
    )
    assert text_of(made) == once


def test_what_the_calendar_says_of_a_day_stays(made: Repository) -> None:
    ran = handoff("calendar", "holidays", "DE", "2026", at=made)
    assert "2026-12-25" not in ran.out
    assert "5 decided already" in ran.out
    assert policy_of(made).clocks


def test_a_dry_run_writes_nothing(made: Repository) -> None:
    before = text_of(made)
    ran = handoff(*TYPED, "--dry-run", at=made)
    assert "would close `business-hours` on 10 of 10 holidays" in ran.out
    assert text_of(made) == before


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_a_mark_are_kept(
    ending: bytes, mark: bytes, made: Repository
) -> None:
    text = mark + text_of(made).replace(b"\n", ending)
    (made.root / PATH).write_bytes(text)
    assert handoff(*TYPED, at=made).code == 0
    after = text_of(made)
    assert after.startswith(mark)
    assert after.count(b"\n") == after.count(ending) == text.count(ending) + 21


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("XX", "2027"), "`XX` is not the code of a country"),
        (("Germany", "2027"), "`GERMANY` is not the code of a country"),
        (("DE", "2027", "--subdivision", "Berlin"), "of a subdivision of DE"),
        (("DE", "27"), "27 is not in the range"),
        (("DE", "next"), "'next' is not a valid integer"),
        (("DE",), "Missing argument 'YEAR...'"),
        (("DE", "2027", "--calendar", "busines-hours"), "nearest: business-hours"),
        (("DE", "2027", "--calendar", "always"), "policy has no calendar 'always'"),
    ],
)
def test_typed_wrongly(typed: tuple[str, ...], said: str, made: Repository) -> None:
    before = text_of(made)
    ran = handoff("calendar", "holidays", *typed, at=made)
    assert ran.code == 2
    assert said in ran.err
    assert text_of(made) == before


def test_without_a_calendar_there_is_nothing_to_close(made: Repository) -> None:
    made.write(PATH, "zone: Europe/Berlin\ncalendars: []\n")
    ran = handoff(*TYPED, at=made)
    assert ran.code == 2
    assert "lists no calendar" in ran.err


def test_without_the_package(made: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    ran = handoff(*TYPED, at=made)
    assert ran.code == 3
    assert "handoff-ledger[holidays]" in ran.err
