"""What is remembered of earlier runs never changes an answer."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from handoff.evaluation.parts import judge_part
from handoff.model.instant import parse_instant
from handoff.records.register import load_register
from handoff.repository.ledger import EMPTY
from handoff.repository.snapshot import MemorySnapshot
from support.cli import handoff
from support.git import Repository
from support.records import (
    OPPORTUNITY,
    PACKET,
    RULES,
    base,
    read_fixture,
    shipped,
    shipped_policy,
)

_SLUG = OPPORTUNITY.rpartition("/")[2][:-14]
_NOW = "2026-07-01T00:00:00Z"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a repository of three deals."""
    made = Repository.create(tmp_path / "records")
    for path, text in shipped("schemas").items():
        made.write(path, text)
    for number in range(3):
        for path, text in base().items():
            other = f"{_SLUG}-{number}"
            own = text.replace("crm:deal-1042", f"crm:deal-{number}")
            made.write(path.replace(_SLUG, other), own.replace(_SLUG, other))
    made.commit()
    return made


def _asked(repository: Repository, *words: str, at: str = _NOW) -> tuple[int, str]:
    """Ask with and without what is remembered; both must say the same."""
    line = ("check", "-C", str(repository.root), "--rev", "HEAD", "--as-of", at, *words)
    cold = handoff(*line, "--no-cache")
    warm = handoff(*line)
    assert warm == cold
    return cold.code, cold.out


def _kept(repository: Repository) -> Path:
    return repository.root / ".git" / "handoff" / "fine"


def test_deals_that_are_fine_are_remembered(repository: Repository) -> None:
    _asked(repository)
    first = _kept(repository).read_bytes()
    assert first.count(b"\n") == 3 + 2
    _asked(repository)
    assert _kept(repository).read_bytes() == first
    assert [*_kept(repository).parent.glob("fine*")] == [_kept(repository)]


def test_a_change_of_any_file_is_seen(repository: Repository) -> None:
    before = _asked(repository)
    packet = PACKET.replace(_SLUG, f"{_SLUG}-1")
    text = (repository.root / packet).read_text("utf-8")
    repository.write(packet, text.replace("## Red flags", "## Red", 1))
    repository.commit()
    assert "section `Red flags` is missing" in _asked(repository)[1]
    repository.write(packet, text)
    repository.commit()
    assert _asked(repository) == before


def test_a_deal_linked_twice_is_seen_through_what_is_remembered(
    repository: Repository,
) -> None:
    for number in (0, 2):
        path = OPPORTUNITY.replace(_SLUG, f"{_SLUG}-{number}")
        text = (repository.root / path).read_text("utf-8")
        repository.write(path, re.sub("crm:deal-.", "crm:deal-7", text))
        repository.commit()
        _, said = _asked(repository)
        assert ("duplicate-deal" in said) is (number == 2)


def test_the_same_records_at_an_earlier_moment_are_judged_for_it(
    repository: Repository,
) -> None:
    _asked(repository)
    for at in ("2026-04-22", "2026-04-10", "2026-04-02", "2026-03-01"):
        _asked(repository, at=at)


def test_another_policy_is_another_matter(repository: Repository) -> None:
    _asked(repository)
    path = repository.root / "schemas/policy/stages.yaml"
    text = path.read_text("utf-8")
    assert "\n  - tbd\n" in text
    path.write_text(text.replace("\n  - tbd\n", "\n  - tbd\n  - acme robotics\n"))
    repository.commit()
    assert "placeholder-text" in _asked(repository)[1]


@pytest.mark.parametrize(
    "how", ["cut", "garbage", "empty", "foreign", "edited", "gone"]
)
def test_a_damaged_memory_is_no_memory(repository: Repository, how: str) -> None:
    _asked(repository)
    place = _kept(repository)
    good = place.read_bytes()
    damaged = {
        "cut": good[:-20],
        "garbage": b"\xff\x00" * 500,
        "empty": b"",
        "foreign": good.replace(b"handoff-remembered 3 ", b"handoff-remembered 3 0"),
        "edited": good.replace(b" 17", b" 27"),
        "gone": b"",
    }[how]
    place.write_bytes(damaged)
    if how == "gone":
        place.unlink()
    _asked(repository)
    mended = place.read_bytes()
    assert set(good.split(b"\n")) <= set(mended.split(b"\n"))
    _asked(repository)
    assert place.read_bytes() == mended


def test_nothing_is_kept_where_nothing_can_be_written(repository: Repository) -> None:
    repository.write(".git/handoff", "in the way")
    _asked(repository)
    assert _kept(repository).parent.read_text("utf-8") == "in the way"


def test_the_environment_can_refuse(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDOFF_NO_CACHE", "1")
    _asked(repository)
    assert not _kept(repository).exists()


def test_what_is_fine_stays_fine_as_time_goes_by() -> None:
    now = parse_instant(_NOW)
    assert now
    policy, seen = shipped_policy(), 0
    for path in sorted(RULES.glob("*/passes-*.yaml")):
        files = read_fixture(path)
        snapshot = MemorySnapshot({p: text.encode() for p, text in files.items()})
        register = load_register(snapshot, policy)
        part = judge_part(register, policy, now, is_replay=False, ledger=EMPTY)
        since = part.since
        if since is None:
            continue
        seen += 1
        for later in (0, 1, 60, 86_400, 40 * 86_400, 4000 * 86_400):
            at = since + timedelta(seconds=later)
            for is_replay in (False, True):
                again = judge_part(
                    register, policy, at, is_replay=is_replay, ledger=EMPTY
                )
                assert again == part, (path, at)
    assert seen > 10
