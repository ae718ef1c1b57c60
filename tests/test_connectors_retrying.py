"""Trying again: what is repeated, what never, and how long it may take."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.connectors.http import (
    Answer,
    LostError,
    Request,
    TooLargeError,
    UnreachableError,
)
from handoff.connectors.retrying import Pace, Patience, asked_wait, retrying

NOW = datetime(2026, 4, 21, 12, tzinfo=UTC)
READ = Request("GET", "https://forge.example/")
WRITE = Request("POST", "https://forge.example/")
Outcome = Answer | UnreachableError | LostError
FINE = Answer(200, {}, b"")


def _answer(status: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, b"")


@dataclass
class Desk:
    """A sender that gives what was laid out, and time that passes by sleeping."""

    outcomes: Iterator[Outcome]
    now: datetime = NOW
    waits: list[float] = field(default_factory=list)
    sent: int = 0

    def send(self, _: Request) -> Answer:
        """Give the next outcome."""
        self.sent += 1
        outcome = next(self.outcomes)
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)

    def run(self, request: Request, patience: Patience | None = None) -> Answer:
        """Send one request as often as it takes."""
        pace = Pace(lambda: self.now, self.sleep, lambda: 1.0)
        return retrying(self.send, pace=pace, patience=patience)(request)


def desk(*outcomes: Outcome) -> Desk:
    return Desk(iter(outcomes))


UNREACHABLE = UnreachableError("cannot reach `forge.example`", "Try again.")
LOST = LostError("`forge.example` did not answer to the end", "Try again.")
TOO_LARGE = TooLargeError("`forge.example` answered with more", "Try again.")


@pytest.mark.parametrize(
    "trouble",
    [UNREACHABLE, LOST, _answer(500), _answer(503), _answer(429)],
    ids=["unreachable", "lost", "500", "503", "429"],
)
def test_reading_is_repeated_with_growing_waits(trouble: Outcome) -> None:
    at = desk(trouble, trouble, trouble, FINE)
    assert at.run(READ) is FINE
    assert at.waits == [1, 2, 4]


@pytest.mark.parametrize("trouble", [UNREACHABLE, _answer(429)], ids=["unsent", "429"])
def test_a_write_that_was_not_handled_is_repeated(trouble: Outcome) -> None:
    assert desk(trouble, FINE).run(WRITE) is FINE


def test_a_write_that_may_have_been_handled_is_never_repeated() -> None:
    at = desk(LOST, FINE)
    with pytest.raises(LostError):
        at.run(WRITE)
    assert at.sent == 1
    at = desk(_answer(502), FINE)
    assert at.run(WRITE).status == 502


@pytest.mark.parametrize("status", [200, 201, 301, 400, 401, 403, 404, 410, 422])
def test_a_clear_answer_is_not_asked_for_twice(status: int) -> None:
    at = desk(_answer(status))
    assert (at.run(READ).status, at.waits) == (status, [])


def test_too_much_text_is_not_asked_for_again() -> None:
    with pytest.raises(TooLargeError):
        desk(TOO_LARGE, FINE).run(READ)


def test_the_server_says_how_long_to_wait() -> None:
    at = desk(_answer(429, retry_after="7"), FINE)
    assert at.run(WRITE) is FINE
    assert at.waits == [7]


def test_a_server_that_asks_for_hours_is_left_for_the_next_run() -> None:
    at = desk(_answer(429, retry_after="7200"), FINE)
    assert at.run(READ).status == 429
    assert at.waits == []


def test_tries_and_budget_end_it_with_the_last_outcome() -> None:
    at = desk(*[UNREACHABLE] * 3)
    with pytest.raises(UnreachableError):
        at.run(READ, Patience(tries=3))
    assert at.waits == [1, 2]
    at = desk(*[_answer(500)] * 9)
    assert at.run(READ, Patience(tries=9, budget=8)).status == 500
    assert at.waits == [1, 2, 4]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "0"}, 0),
        ({"retry_after": "Tue, 21 Apr 2026 12:00:30 GMT"}, 30),
        ({"retry_after": "Tue, 21 Apr 2026 14:00:30 +0200"}, 30),
        ({"retry_after": "Tue, 21 Apr 2026 11:00:00 GMT"}, 0),
        ({"retry_after": "Tue, 21 Apr 2026 12:00:30 -0000"}, 30),
        ({"retry_after": "-5"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "٣"}, None),
        ({"retry_after": "9" * 5000}, float("inf")),
        ({}, None),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1776772860"}, 60),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "never"}, None),
        ({"x_ratelimit_remaining": "9", "x_ratelimit_reset": "1776772860"}, None),
    ],
)
def test_waits_are_read_as_servers_write_them(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert asked_wait(_answer(429, **headers), NOW) == seconds


@settings(deadline=None)
@given(st.text())
def test_no_header_breaks_the_reading(text: str) -> None:
    answer = _answer(403, retry_after=text, x_ratelimit_reset=text)
    wait = asked_wait(answer, NOW)
    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    "headers", [{"retry_after": "2"}, {"x_ratelimit_remaining": "0"}]
)
def test_a_forge_says_forbidden_for_its_rate_limit(headers: dict[str, str]) -> None:
    at = desk(_answer(403, **headers), FINE)
    assert at.run(WRITE) is FINE
