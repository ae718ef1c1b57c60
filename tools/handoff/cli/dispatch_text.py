"""What became of notifications: lines for people, JSON for programs."""

from collections.abc import Iterator, Mapping

from handoff.cli.dispatch import Dispatched
from handoff.connectors.addressing import Unreached
from handoff.connectors.carrier import Fate
from handoff.connectors.deliver import Delivery
from handoff.connectors.notification import Message, Notification
from handoff.model.instant import format_instant
from handoff.views.columns import Cell, align
from handoff.views.escaping import json_text, terminal
from handoff.views.states import ALARM
from handoff.views.style import Style
from handoff.views.words import count, instant

_WORDS = {
    Fate.DELIVERED: "sent",
    Fate.FAILED: "FAILED",
    Fate.LATER: "later",
    Fate.UNKNOWN: "unknown",
    None: "not sent",
}
_PLANNED = "would send"
_Row = tuple[Cell, ...]


def is_clean(dispatched: Dispatched) -> bool:
    """Tell whether everybody was told, or will be without anybody's help."""
    plan = dispatched.plan
    fates = {delivery.fate for delivery in dispatched.deliveries}
    return not (plan.failed or plan.unreached or fates - {None, Fate.DELIVERED})


def render_text(dispatched: Dispatched, style: Style) -> str:
    """Write a line for each message, and how many there are."""
    rows = list(_rows(dispatched))
    if not rows:
        return f"{_nothing(dispatched)}\n"
    return "\n".join(align(rows, style)) + "\n"


def _nothing(dispatched: Dispatched) -> str:
    if dispatched.session.policy.channels.channels:
        return "nothing is due that has not been told"
    return "there are no channels: see schemas/policy/channels.yaml"


def _rows(dispatched: Dispatched) -> Iterator[_Row]:
    plan, zone = dispatched.plan, dispatched.session.policy.zone
    if not dispatched.deliveries:
        yield from (_row(_PLANNED, m) for m in plan.messages)
    for delivery in dispatched.deliveries:
        word = "was there" if delivery.is_found else _WORDS[delivery.fate]
        yield _row(word, delivery.message, delivery.detail)
    for held in plan.held:
        until = f"until {instant(held.until, zone)}"
        yield _line("held", held.notification, until)
    for failed in plan.failed:
        yield _line("FAILED", failed.notification, failed.detail)
    yield from (_nobody(found) for found in plan.unreached)


def _row(word: str, message: Message, detail: str = "") -> _Row:
    first = message.notifications[0] if message.notifications else None
    what = _what(first) if first else ""
    more = len(message.notifications) - 1
    said = f"{what} and {count(more, 'other')}" if more > 0 else what
    return _cells(word, str(message.recipient), said, detail)


def _line(word: str, told: Notification, detail: str) -> _Row:
    return _cells(word, str(told.recipient), _what(told), detail)


def _nobody(found: Unreached) -> _Row:
    what = f"{found.record}: {found.clock} {found.level}"
    detail = "no address, and no last_resort"
    return _cells("NOBODY", ", ".join(found.meant), what, detail)


def _cells(word: str, recipient: str, what: str, detail: str) -> _Row:
    colour = ALARM if word.isupper() else ""
    texts = (terminal(text) for text in (recipient, what, detail))
    return (Cell(word, colour), *(Cell(text) for text in texts))


def _what(told: Notification) -> str:
    return f"{told.record}: {told.clock} {told.level}".replace(": daily ", ": ")


def render_json(dispatched: Dispatched) -> str:
    """Write the run as JSON, version 1; without what the messages say."""
    plan, session = dispatched.plan, dispatched.session
    sent = dispatched.deliveries
    planned = [_message(m, "planned", "") for m in plan.messages if not sent]
    return json_text(
        {
            "version": 1,
            "now": format_instant(session.now),
            "rev": session.snapshot.label,
            "messages": [*planned, *map(_delivery, sent)],
            "held": [
                {**_told(h.notification), "until": format_instant(h.until)}
                for h in plan.held
            ],
            "failed": [
                {**_told(f.notification), "detail": f.detail} for f in plan.failed
            ],
            "unreached": [
                {
                    "record": found.record,
                    "clock": found.clock,
                    "level": found.level,
                    "meant": list(found.meant),
                }
                for found in plan.unreached
            ],
        }
    )


def _delivery(delivery: Delivery) -> Mapping[str, object]:
    outcome = str(delivery.fate) if delivery.fate else "not-sent"
    return _message(delivery.message, outcome, delivery.detail)


def _message(message: Message, outcome: str, detail: str) -> Mapping[str, object]:
    return {
        "id": message.id,
        "recipient": str(message.recipient),
        "title": message.post.title,
        "outcome": outcome,
        "detail": detail,
        "possible_repeat": message.is_repeat,
        "notifications": [_told(n) for n in message.notifications],
    }


def _told(told: Notification) -> Mapping[str, object]:
    return {
        "kind": str(told.kind),
        "record": told.record,
        "cycle": told.cycle,
        "clock": told.clock,
        "level": told.level,
        "recipient": str(told.recipient),
        "due": format_instant(told.due),
        "fell_due": format_instant(told.at),
    }
