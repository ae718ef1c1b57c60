"""A heading nobody reads is probably a misspelt one."""

from collections.abc import Iterator
from difflib import get_close_matches

from handoff.evaluation.rules.rule import FLOOD, ProseRule, warning
from handoff.model.diagnostic import Finding
from handoff.policy.policy import Policy
from handoff.records.record import Draft

_DEFECT = warning(
    "unknown-section",
    "a section is not one that policy knows",
    "Sections are found by their heading. Text under another heading is kept, but no "
    "gate, view or summary looks at it. The known headings are in "
    "schemas/policy/stages.yaml.",
)


def _check(record: Draft, policy: Policy) -> Iterator[Finding]:
    known = policy.pipeline.sections[record.identity.kind]
    strange = (s for s in record.document.sections if s.title not in known)
    for number, section in enumerate(strange):
        near = get_close_matches(section.title, known, n=1) if number < FLOOD else ()
        hint = f"Did you mean `## {near[0]}`?" if near else ""
        hint = hint or "Move the text under one of the known headings."
        message = f"section `{section.title}` is not one this kind of record has"
        yield Finding(_DEFECT.name, section.span, message, hint)


RULE = ProseRule(_DEFECT, _check, is_about_filing=False)
