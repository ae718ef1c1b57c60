"""A repository judged in batches gets the verdict it gets in one piece."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.cli import whole
from handoff.cli.verdict import judge_whole
from handoff.evaluation.judgement import judge
from handoff.model.verdict import Verdict
from handoff.policy.policy import load_policy
from handoff.records.register import load_register
from handoff.repository.ledger import EMPTY
from handoff.repository.snapshot import MemorySnapshot
from support.records import (
    OPPORTUNITY,
    PACKET,
    RULES,
    base,
    read_fixture,
    shipped,
    shipped_policy,
)

_NOW = datetime(2026, 7, 1, tzinfo=UTC)
_FIXTURES = sorted(RULES.glob("*/*.yaml"))
_SLUG = OPPORTUNITY.rpartition("/")[2][:-14]


def _both(files: Mapping[str, str], workers: int = 1) -> tuple[Verdict, Verdict]:
    """Judge in one piece, and one deal at a time."""
    policy = shipped_policy()
    if any(path.startswith("schemas/") for path in files):
        files = {**shipped("schemas"), **files}
    snapshot = MemorySnapshot({p: text.encode() for p, text in files.items()})
    if any(path.startswith("schemas/") for path in files):
        found, _ = load_policy(snapshot)
        policy = found or policy
    register = load_register(snapshot, policy)
    at_once = judge(register, policy, _NOW, is_replay=False).verdict
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole, "_SIZE", 1)
        patch.setattr(whole, "_FEWEST", 1)
        patch.setattr(whole, "processors", lambda: workers)
        everything = whole.Whole(snapshot, policy, EMPTY)
        return at_once, judge_whole(everything, _NOW, is_replay=False)


def _renamed(files: Mapping[str, str], number: int) -> dict[str, str]:
    other = f"{_SLUG}-{number}"
    own = {
        p: t.replace("crm:deal-1042", f"crm:deal-{number}") for p, t in files.items()
    }
    return {p.replace(_SLUG, other): t.replace(_SLUG, other) for p, t in own.items()}


def test_every_fixture_of_every_rule_is_judged_alike() -> None:
    for path in _FIXTURES:
        at_once, in_parts = _both(read_fixture(path))
        assert in_parts == at_once, path


def test_so_are_the_shipped_records_by_two_processes() -> None:
    at_once, in_parts = _both(shipped("opportunities", "handoffs"), workers=2)
    assert in_parts == at_once
    assert at_once.files_judged > 20


_SPOILT: Mapping[str, Callable[[str], str]] = {
    "packet names another": lambda t: t.replace(f"{_SLUG}-1-", f"{_SLUG}-2-"),
    "packet names nobody": lambda t: t.replace(f"y: {_SLUG}-", f"y: {_SLUG}-x-"),
    "deal has no owner": lambda t: t.replace("owner: dana-okafor", "", 1),
    "one CRM deal for all": lambda t: re.sub("crm:deal-.", "crm:deal-7", t),
    "not YAML": lambda t: t.replace("---", "--- [", 1),
}


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from([OPPORTUNITY, PACKET]),
            st.sampled_from([*_SPOILT]),
        ),
        max_size=4,
    ),
    st.sets(st.integers(1, 3), max_size=1),
)
def test_ties_between_deals_are_seen(
    spoilt: list[tuple[int, str, str]], gone: set[int]
) -> None:
    files: dict[str, str] = {}
    for number in (1, 2, 3):
        files |= _renamed(base(), number)
    for number, path, how in spoilt:
        name = path.replace(_SLUG, f"{_SLUG}-{number}")
        files[name] = _SPOILT[how](files[name])
    for number in gone:
        del files[OPPORTUNITY.replace(_SLUG, f"{_SLUG}-{number}")]
    at_once, in_parts = _both(files)
    assert in_parts == at_once
