"""What an acknowledgement needs to hold, beyond what the scenarios tell."""

import pytest

from handoff.evaluation.acknowledgement import Flaw, judge
from support.scenarios import Told, files_of, load_files, policy_of

FILED = "2026-04-21T13:00:00+02:00"
LATER = "2026-04-21T15:00:00+02:00"
CRITICAL = {
    "id": "R2",
    "text": "The contract ends in May",
    "severity": "critical",
    "owner": "dana-okafor",
}
ORDINARY = {**CRITICAL, "id": "R1", "severity": "high"}


def flaws(packet: Told, deal: Told | None = None) -> tuple[Flaw, ...]:
    told = {"after": "closed-won", "packets": [packet], **(deal or {})}
    policy = policy_of(told)
    register = load_files(files_of(told), policy)
    (found,) = register.packets.values()
    return judge(found, register.opportunities[found.opportunity], policy)


def rules(packet: Told, deal: Told | None = None) -> list[str]:
    return [flaw.rule for flaw in flaws(packet, deal)]


def test_nothing_is_wrong_without_one() -> None:
    assert rules({"filed": FILED}) == []


def test_nothing_is_wrong_with_a_good_one() -> None:
    assert rules({"filed": FILED, "acknowledgement": {"at": LATER}}) == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-04-21T12:59:59.999999+02:00", ["premature-acknowledgement"]),
        (FILED, []),
    ],
)
def test_it_is_not_older_than_the_filing(at: str, expected: list[str]) -> None:
    assert rules({"filed": FILED, "acknowledgement": {"at": at}}) == expected


def test_a_packet_that_was_never_filed_cannot_be_acknowledged() -> None:
    assert rules({"acknowledgement": {"at": LATER}}) == ["premature-acknowledgement"]


def test_it_is_younger_than_every_return() -> None:
    packet = {
        "filed": FILED,
        "returns": [{"at": "2026-04-21T16:00:00+02:00"}],
        "acknowledgement": {"at": LATER},
    }
    assert rules(packet) == ["premature-acknowledgement"]


def test_who_answers_a_return_filed_the_packet_too() -> None:
    told = {
        "filed": FILED,
        "returns": [{"at": LATER, "answered": "2026-04-21T16:00:00+02:00"}],
        "acknowledgement": {"at": "2026-04-21T17:00:00+02:00", "by": "dana-okafor"},
    }
    found = rules(told)
    assert found == ["self-acknowledgement", "unqualified-acknowledgement"]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ([], ["risk-not-accepted"]),
        (["R1"], ["risk-not-accepted"]),
        (["R2"], []),
        (["R1", "R2"], []),
    ],
    ids=str,
)
def test_critical_risks_are_accepted_by_name(
    accepted: list[str],
    expected: list[str],
) -> None:
    packet = {
        "filed": FILED,
        "header": {"risks": ["R1", "R2"]},
        "acknowledgement": {"at": LATER, "risks_accepted": accepted},
    }
    deal = {"header": {"risks": [ORDINARY, CRITICAL]}}
    assert rules(packet, deal) == expected


def test_every_flaw_is_told_with_a_way_out() -> None:
    packet = {
        "filed": FILED,
        "header": {"risks": ["R2"]},
        "acknowledgement": {
            "at": "2026-04-21T12:00:00+02:00",
            "by": "dana-okafor",
            "digest": f"sha256:{'1' * 64}",
            "risks_accepted": [],
        },
    }
    found = flaws(packet, {"header": {"risks": [CRITICAL]}})
    assert [flaw.rule for flaw in found] == [
        "self-acknowledgement",
        "unqualified-acknowledgement",
        "premature-acknowledgement",
        "stale-acknowledgement",
        "risk-not-accepted",
    ]
    assert all(flaw.hint.endswith(".") for flaw in found)
    assert not any(flaw.message.endswith(".") for flaw in found)


@pytest.mark.parametrize(
    "change",
    [
        {"scope": {"included": [{"id": "S1", "text": "Half of it"}]}},
        {"risks": [{**ORDINARY, "text": "Other words"}]},
    ],
    ids=["scope", "risk"],
)
def test_a_later_change_of_the_opportunity_makes_it_stale(change: Told) -> None:
    told: Told = {
        "after": "closed-won",
        "packets": [{"filed": FILED, "acknowledgement": {"at": LATER}}],
    }
    policy, before = policy_of(told), files_of(told)
    after = files_of({**told, "header": change})
    packet = next(path for path in before if path.startswith("handoffs/"))
    register = load_files({**after, packet: before[packet]}, policy)
    (found,) = register.packets.values()
    opportunity = register.opportunities[found.opportunity]
    assert [f.rule for f in judge(found, opportunity, policy)] == [
        "stale-acknowledgement",
    ]
