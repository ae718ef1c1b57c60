"""A section that is there must say something."""

from collections.abc import Iterator

from handoff.evaluation.prose import Gap, section_gap
from handoff.evaluation.rules.rule import ProseRule, error
from handoff.model.diagnostic import Finding
from handoff.policy.policy import Policy
from handoff.records.record import Draft

_DEFECT = error(
    "empty-section",
    "a required section says nothing",
    "An empty section, or `None` without a reason, leaves the reader to guess whether "
    "there was nothing to say or nobody asked. Write the answer, or `None: ` and why.",
)


def _check(record: Draft, policy: Policy) -> Iterator[Finding]:
    pipeline = policy.pipeline
    if record.identity.kind is not pipeline.required_sections:
        return
    for section in record.document.sections:
        if section.title not in pipeline.sections[record.identity.kind]:
            continue
        gap, said = section_gap(section, pipeline.placeholders)
        if gap is Gap.EMPTY:
            hint = "Write the answer below the heading, or `None: ` and why."
            message = f"section `{section.title}` {said}"
            yield Finding(_DEFECT.name, section.span, message, hint)


RULE = ProseRule(_DEFECT, _check)
