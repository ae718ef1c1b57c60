"""What was done to a packet stays done: filings, returns and acknowledgements."""

from collections.abc import Iterator, Mapping

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.rules.rule import ChangeCheck, ChangeRule, at, error
from handoff.model.defect import Defect
from handoff.model.diagnostic import Finding
from handoff.model.identity import Kind
from handoff.model.span import Pointer
from handoff.policy.facts import PACKET_ACKNOWLEDGED, PACKET_FILED, PACKET_RETURNED
from handoff.records.claims import Claim, claims_of
from handoff.records.record import Draft

_DEFECTS = {
    PACKET_FILED: error(
        "rewritten-filing",
        "the filing of a packet was changed or taken back",
        "A filing stops one clock and starts another. Once it is on record it stays as "
        "it is; a packet that was given back is filed again in the answer to that "
        "return.",
    ),
    PACKET_RETURNED: error(
        "rewritten-return",
        "a return of a packet was changed or taken back",
        "A return says which gaps the receiver found and when. It is counted, and the "
        "filer's clock runs from it, so it stays as it is. Further gaps are a new "
        "return.",
    ),
    PACKET_ACKNOWLEDGED: error(
        "rewritten-acknowledgement",
        "an acknowledgement was changed or taken back",
        "An acknowledgement is evidence that somebody took over exactly this content. "
        "It may be replaced by a new one where the packet changed, or was given back "
        "and filed again, since; anything else would rewrite who had it when.",
    ),
}
_HINT = "Put it back as it was: `{field}` with {fields}."


def _check_for(kind: str, defect: Defect) -> ChangeCheck:
    def check(change: Change, context: ChangeContext) -> Iterator[Finding]:
        drafts = change.drafts()
        if drafts is None or drafts[1].identity.kind is not Kind.PACKET:
            return
        was, now = (
            {c.fact.pointer: c for c in claims_of(draft, context.policy.zone)}
            for draft in drafts
        )
        for pointer, claim in was.items():
            if claim.fact.kind == kind and not _stands(claim, now, was):
                yield _finding(drafts[1], defect, claim, now.get(pointer))

    return check


def _stands(
    claim: Claim, now: Mapping[Pointer, Claim], was: Mapping[Pointer, Claim]
) -> bool:
    """Tell whether a claim is there as it was, or rightly replaced."""
    found = now.get(claim.fact.pointer)
    if found is None or found.key == claim.key:
        return found is not None
    if claim.fact.kind != PACKET_ACKNOWLEDGED:
        return False
    since = now.keys() - was.keys()
    is_other = found.fact.fields.get("digest") != claim.fact.fields.get("digest")
    return is_other or bool(since)


def _finding(
    after: Draft, defect: Defect, claim: Claim, found: Claim | None
) -> Finding:
    fields, pointer = claim.fact.fields, claim.fact.pointer
    field = ".".join(str(token) for token in pointer)
    stamp = ", ".join(f"`{n}: {fields[n]}`" for n in ("by", "at") if n in fields)
    hint = _HINT.format(field=field, fields=stamp or "what it said")
    if found is None:
        message = f"`{field}` was on record ({stamp}) and is not there any more"
        return at(after, pointer, defect, message, hint)
    now = found.fact.fields
    name = next((n for n in (*fields, *now) if fields.get(n) != now.get(n)), "")
    message = f"`{field}.{name}` was on record and was edited"
    if isinstance(fields.get(name), str) and isinstance(now.get(name), str):
        message += f": was `{fields[name]}`, is `{now[name]}`"
    return at(after, (*pointer, name), defect, message, hint)


RULES = tuple(ChangeRule(d, _check_for(kind, d)) for kind, d in _DEFECTS.items())
