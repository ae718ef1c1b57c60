"""What an export says now that an earlier imported record does not."""

from collections.abc import Iterator, Mapping

from handoff.imports.deal import Deal
from handoff.model.instant import parse_instant
from handoff.records.fact import value_at

_COMPARED = ("company", "service", "owner", "source")


def differences(deal: Deal, header: Mapping[str, object]) -> Iterator[str]:
    """Describe where an export and the record made of it have parted.

    Args:
        deal: what the export says.
        header: of the record, as it stands in the file.
    """
    for field in _COMPARED:
        said, stands = deal.header.get(field), header.get(field)
        if said and said != stands:
            yield f"`{field}` is `{said}` in the export, {_shown(stands)} in the record"
    price, stands = _price(deal.header), _price(header)
    if price and price != stands:
        has = stands or "not there"
        yield f"the price is {price} in the export, {has} in the record"
    known = _events(header)
    for event in _events(deal.header):
        yield from _new_event(event, known)


def _shown(value: object) -> str:
    return f"`{value}`" if value else "not there"


def _price(header: Mapping[str, object]) -> str:
    items = value_at(header, ("pricing", "line_items"))
    if not isinstance(items, list) or not items:
        return ""
    amounts = (str(item.get("amount_minor", "")) for item in items)
    total = sum(int(amount) for amount in amounts if amount.isdecimal())
    return f"{total} {value_at(header, ('pricing', 'currency'))} (minor units)"


def _events(header: Mapping[str, object]) -> list[Mapping[str, object]]:
    events = header.get("events")
    listed = events if isinstance(events, list) else []
    return [event for event in listed if isinstance(event, Mapping)]


def _new_event(
    event: Mapping[str, object], known: list[Mapping[str, object]]
) -> Iterator[str]:
    kind, moment = event["event"], _moment(event)
    moments = [_moment(other) for other in known if other.get("event") == kind]
    if not moments:
        yield f"the export says `{kind}` ({moment}), the record does not"
    elif moment != "unknown" and not any(_agrees(moment, other) for other in moments):
        yield f"`{kind}` is {moment} in the export, {moments[-1]} in the record"


def _moment(event: Mapping[str, object]) -> str:
    return str(event.get("at") or event.get("on"))


def _agrees(said: str, stands: str) -> bool:
    """Tell whether the record says the same, or the same more exactly."""
    instant = parse_instant(said)
    return stands.startswith(said) or bool(instant and instant == parse_instant(stands))
