"""Every promise and every risk of the opportunity must arrive in the packet."""

from collections.abc import Iterator
from dataclasses import replace

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding, Related
from handoff.records.fact import value_at
from handoff.records.record import Packet, Record
from handoff.records.references import CARRIED

_DEFECT = error(
    "missing-from-packet",
    "a promise, risk, exclusion or assumption does not arrive in the packet",
    "What was promised, and what could go wrong, is the point of a handoff. Everything "
    "the opportunity lists must be carried by its packet by id, so that nothing is "
    "lost on the way to the people who deliver.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Packet):
        return
    opportunity = context.register.opportunities.get(record.opportunity)
    if opportunity is None:
        return
    for field, path in CARRIED.items():
        carried = record.header.get(field)
        listed = value_at(opportunity.header, path)
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            if not isinstance(carried, list) or entry["id"] not in carried:
                message = f"`{field}` lacks `{entry['id']}`: {entry['text']}"
                hint = f"Add `{entry['id']}` to `{field}`."
                span = opportunity.document.span((*path, index))
                related = (Related(opportunity.path, span, "listed here"),)
                finding = at(record, (field,), _DEFECT, message, hint)
                yield replace(finding, related=related)


RULE = RecordRule(_DEFECT, _check)
