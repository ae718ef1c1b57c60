"""Two versions of a deal, each moved by somebody else."""

import pytest

from handoff.records.moves import Apart, moved_apart
from support.deals import KITES_PATH, KITES_TEXT
from support.records import shipped_policy

_WIN = KITES_TEXT.index("  - event: closed-won")
_END = KITES_TEXT.index("---\n", _WIN)
WON = KITES_TEXT[_WIN:_END]
LOST = """\
  - event: closed-lost
    at: 2026-04-20T12:00:00+02:00
    by: rui-tanaka
    reason: price
"""
ASLEEP = """\
  - event: went-dormant
    at: 2026-04-20T15:00:00+02:00
    by: rui-tanaka
    reason: The board meets in the autumn
    reactivation:
      from: 2026-09-01
      until: 2026-10-01
"""
SENT = "  - {event: sow-sent, at: 2026-04-20T10:00:00+02:00, by: rui-tanaka}\n"
FIRST = "  - {event: opened, at: 2026-03-02T09:00:00+01:00, by: dana-okafor}\n"
OPENED = KITES_TEXT.index(FIRST) + len(FIRST)
QUALIFIED = KITES_TEXT[OPENED : KITES_TEXT.index("\n", OPENED) + 1]
HELD = """\
  - {event: discovery-held, at: 2026-03-12T10:00:00+01:00, by: dana-okafor}
"""


def _with(*events: str) -> bytes:
    return f"{KITES_TEXT[:_WIN]}{''.join(events)}{KITES_TEXT[_END:]}".encode()


def _new(*events: str) -> bytes:
    return f"{KITES_TEXT[:OPENED]}{''.join(events)}{KITES_TEXT[_END:]}".encode()


def _apart(base: bytes, ours: bytes, theirs: bytes) -> Apart | None:
    return moved_apart(base, ours, theirs, KITES_PATH, shipped_policy())


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (WON, LOST, Apart(("closed-won",), ("closed-lost",))),
        (LOST, WON, Apart(("closed-lost",), ("closed-won",))),
        (ASLEEP, LOST, Apart(("went-dormant",), ("closed-lost",))),
        (WON, WON, None),
        (SENT, LOST, Apart(("sow-sent",), ("closed-lost",))),
        (WON, SENT, None),
        (WON, "", None),
        ("", LOST, None),
    ],
)
def test_a_decision_of_one_side_stands_against_a_move_of_the_other(
    ours: str, theirs: str, expected: Apart | None
) -> None:
    assert _apart(_with(), _with(ours), _with(theirs)) == expected


def test_two_wins_of_two_people_are_two_wins() -> None:
    other = WON.replace("by: dana-okafor", "by: rui-tanaka")
    expected = Apart(("closed-won",), ("closed-won",))
    assert _apart(_with(), _with(WON), _with(other)) == expected


def test_both_may_take_a_deal_further_on_its_way() -> None:
    base = _new()
    assert _apart(base, _new(QUALIFIED), _new(QUALIFIED, HELD)) is None
    assert _apart(base, _new(QUALIFIED), _new(HELD)) is None


def test_a_version_that_cannot_be_read_moves_nothing() -> None:
    broken = _with(LOST).replace(b"company: ", b"company: [")
    assert _apart(_with(), _with(WON), broken) is None
    assert _apart(b"", _with(WON), _with(LOST)) is not None
