"""One deal of the CRM is one opportunity here."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.records.fact import value_at
from handoff.records.record import Opportunity, Record

_DEFECT = error(
    "duplicate-deal",
    "two opportunities link to the same deal of another system",
    "The same deal twice gives two stages, two sets of clocks and two packets. Keep "
    "one record and move what only the other says.",
)
_LINK = ("links", "deal")


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Opportunity):
        return
    link = value_at(record.header, _LINK)
    first = context.register.by_deal.get(str(link), record.id) if link else record.id
    if first != record.id:
        message = f"`links.deal` is `{link}`, which `{first}` links to as well"
        hint = "Keep one of the two records, or correct the link."
        yield at(record, _LINK, _DEFECT, message, hint)


RULE = RecordRule(_DEFECT, _check)
