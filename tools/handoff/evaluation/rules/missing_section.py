"""Packets must have every section that policy lists."""

from collections.abc import Iterator
from difflib import get_close_matches

from handoff.evaluation.rules.rule import ProseRule, error
from handoff.model.diagnostic import Finding
from handoff.model.span import line_span
from handoff.policy.policy import Policy
from handoff.records.record import Draft

_DEFECT = error(
    "missing-section",
    "a required section is not there",
    "The people who deliver read every section of a packet; a missing one means that "
    "something sales learned does not arrive. The list is in "
    "schemas/policy/stages.yaml. If there is nothing to say, write `None: ` and why.",
)


def _check(record: Draft, policy: Policy) -> Iterator[Finding]:
    pipeline, document = policy.pipeline, record.document
    if record.identity.kind is not pipeline.required_sections:
        return
    titles = [section.title for section in document.sections]
    for title in pipeline.sections[record.identity.kind]:
        if title not in titles:
            line = document.body_line - 1
            place = line_span(line, document.line(line))
            near = get_close_matches(title, titles, n=1)
            hint = f"Add a line `## {title}` and the answer below it."
            if near and near[0] not in pipeline.sections[record.identity.kind]:
                hint = f"Rename `## {near[0]}` to `## {title}`."
            yield Finding(_DEFECT.name, place, f"section `{title}` is missing", hint)


RULE = ProseRule(_DEFECT, _check)
