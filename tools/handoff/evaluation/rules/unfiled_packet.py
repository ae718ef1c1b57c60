"""A packet that nobody filed does not count."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import Context, RecordRule, warning
from handoff.model.diagnostic import Finding
from handoff.model.span import TOP
from handoff.records.record import Packet, Record

_DEFECT = warning(
    "unfiled-packet",
    "a packet is complete but not filed",
    "Filing says who hands over and when; it stops the filer's clock and starts the "
    "receiver's. Until `filed` is there, nobody is asked to acknowledge the packet.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    if isinstance(record, Packet) and record.filed is None:
        hint = f"When it is ready: `handoff file {record.id}`."
        yield Finding(_DEFECT.name, TOP, "the packet is not filed yet", hint)


RULE = RecordRule(_DEFECT, _check, is_about_filing=False)
