"""Trying again, as long as it is safe, asked for, and worth the time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handoff.connectors.http import (
    Answer,
    LostError,
    Request,
    Send,
    TooLargeError,
    UnreachableError,
)

_TOO_MANY = 429
_FORBIDDEN = 403
_SERVER_ERRORS = 500
_READING = frozenset({"GET", "HEAD"})
_Outcome = Answer | UnreachableError | LostError


@dataclass(frozen=True, slots=True)
class Pace:
    """Time, as the caller lends it.

    Attributes:
        clock: gives the present instant.
        sleep: waits for some seconds.
        jitter: gives a number from 0 to 1 by which waits are spread.
    """

    clock: Callable[[], datetime]
    sleep: Callable[[float], object]
    jitter: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try, in seconds.

    Attributes:
        tries: requests at most, the first included.
        first: wait before the second request; it doubles from then on.
        longest: the longest wait. A server that asks for more is left alone until
            the next run.
        budget: for all tries and waits together; no wait begins that would end later.
    """

    tries: int = 5
    first: float = 1.0
    longest: float = 60.0
    budget: float = 120.0


def is_reading(request: Request) -> bool:
    """Tell whether a request changes nothing, so that it may be delivered twice."""
    return request.method in _READING


def retrying(
    send: Send,
    *,
    pace: Pace,
    patience: Patience | None = None,
    is_repeatable: Callable[[Request], bool] = is_reading,
) -> Send:
    """Wrap a way of sending so that what can be repeated is repeated.

    A request that was certainly not handled (no connection, rate limit) is always
    sent again. One that may have been handled (lost answer, 5xx) only where
    `is_repeatable` allows it.

    Returns:
        A way of sending that ends as the last try ended: with its answer, whatever
        the status, or with its error.
    """
    limits = patience or Patience()

    def insist(request: Request) -> Answer:
        now = pace.clock()
        end = now + timedelta(seconds=limits.budget)
        may_repeat = is_repeatable(request)
        outcome = _attempt(send, request)
        for planned in _waits(limits, pace):
            if not _is_worth_another(outcome, may_repeat=may_repeat):
                break
            now = pace.clock()
            wait = _wait_after(outcome, now, planned)
            if wait > limits.longest or now + timedelta(seconds=wait) > end:
                break
            pace.sleep(wait)
            outcome = _attempt(send, request)
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    return insist


def is_rate_limited(answer: Answer) -> bool:
    """Tell whether a server refused only because of too many requests."""
    used_up = answer.headers.get("x-ratelimit-remaining") == "0"
    is_asked_to_wait = used_up or "retry-after" in answer.headers
    return answer.status == _TOO_MANY or (
        answer.status == _FORBIDDEN and is_asked_to_wait
    )


def _attempt(send: Send, request: Request) -> _Outcome:
    try:
        return send(request)
    except (UnreachableError, LostError) as error:
        return error


def _waits(limits: Patience, pace: Pace) -> Iterator[float]:
    """Give the waits between the tries: twice as long each, and spread."""
    for attempt in range(limits.tries - 1):
        full = min(limits.longest, limits.first * 2**attempt)
        yield full * (0.5 + pace.jitter() / 2)


def _is_worth_another(outcome: _Outcome, *, may_repeat: bool) -> bool:
    if isinstance(outcome, UnreachableError):
        return True
    if isinstance(outcome, LostError):
        return may_repeat and not isinstance(outcome, TooLargeError)
    is_broken = outcome.status >= _SERVER_ERRORS
    return is_rate_limited(outcome) or (is_broken and may_repeat)


def _wait_after(outcome: _Outcome, now: datetime, planned: float) -> float:
    asked = asked_wait(outcome, now) if isinstance(outcome, Answer) else None
    return planned if asked is None else asked


def asked_wait(answer: Answer, now: datetime) -> float | None:
    """Read how many seconds a server wants us to wait.

    `Retry-After` (RFC 9110) holds seconds or a date; forges without it give the
    second of 1970 at which their counter starts again.

    Returns:
        `None` if the answer does not say it, or nothing that can be meant.
    """
    after = answer.headers.get("retry-after", "").strip()
    if after:
        return _seconds(after) if after.isdecimal() else _until(after, now)
    reset = answer.headers.get("x-ratelimit-reset", "").strip()
    used_up = answer.headers.get("x-ratelimit-remaining") == "0"
    at = _seconds(reset) if used_up else None
    return None if at is None else max(0.0, at - now.timestamp())


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdecimal() else None


def _until(text: str, now: datetime) -> float | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - rarely needed

    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
