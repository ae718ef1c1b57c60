"""A section title may stand once."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import ProseRule, error
from handoff.model.diagnostic import Finding, Related
from handoff.model.span import Span
from handoff.policy.policy import Policy
from handoff.records.record import Draft

_DEFECT = error(
    "duplicate-section",
    "a section stands twice",
    "Readers and views take one answer per section. With two of the same name it is "
    "undecided which one counts, so they are joined by hand.",
)


def _check(record: Draft, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    first: dict[str, Span] = {}
    for section in record.document.sections:
        title, span = section.title, section.span
        if title in first:
            message = f"section `{title}` stands here a second time"
            hint = "Join the two sections under one heading."
            related = Related(record.document.path, first[title], "the first one")
            yield Finding(_DEFECT.name, span, message, hint, (related,))
        first.setdefault(title, span)


RULE = ProseRule(_DEFECT, _check)
