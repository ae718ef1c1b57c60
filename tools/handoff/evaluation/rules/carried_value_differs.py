"""What a packet carries from its opportunity must say the same."""

from collections.abc import Iterator, Mapping

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.span import format_pointer
from handoff.records.fact import value_at
from handoff.records.record import Opportunity, Packet, Record

_DEFECT = error(
    "carried-value-differs",
    "a packet says something else than its opportunity",
    "Price and primary contact stand in both records, because each is read without the "
    "other. When a packet is filed they must agree; a later change of what was agreed "
    "is a `scope-changed` event.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Packet):
        return
    opportunity = context.register.opportunities.get(record.opportunity)
    for pointer, expected in _expected(opportunity).items() if opportunity else ():
        found = value_at(record.header, pointer)
        if expected is not None and found != expected:
            name = format_pointer(pointer)
            message = f"`{name}` is `{found}`, the opportunity says `{expected}`"
            hint = f"Write `{expected}` here, or correct the opportunity."
            yield at(record, pointer, _DEFECT, message, hint)


def _expected(opportunity: Opportunity) -> Mapping[tuple[str, ...], object]:
    header = opportunity.header
    items = value_at(header, ("pricing", "line_items"))
    total = sum(i["amount_minor"] for i in items) if isinstance(items, list) else None
    return {
        ("primary_contact", "name"): value_at(header, ("contact", "name")),
        ("primary_contact", "email"): value_at(header, ("contact", "email")),
        ("price", "currency"): value_at(header, ("pricing", "currency")),
        ("price", "amount_minor"): total,
    }


RULE = RecordRule(_DEFECT, _check)
