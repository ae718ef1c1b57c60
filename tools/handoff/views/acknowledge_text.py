"""What came of reviews, for people who read a job's log or a terminal."""

from collections.abc import Iterator

from handoff.evaluation.approval import Decision, Outcome
from handoff.evaluation.approval_run import Looked, Run
from handoff.model.entry import Entry, EntryKind
from handoff.model.instant import format_instant
from handoff.views.escaping import workflow_safe_line
from handoff.views.style import Style
from handoff.views.words import count

_SHORT = 7
_VERBS = {
    EntryKind.ACKNOWLEDGEMENT: Decision.ACKNOWLEDGED.value,
    EntryKind.RETURN: Decision.RETURNED.value,
    EntryKind.VOID: EntryKind.VOID.value,
}


def render(run: Run, _style: Style) -> str:
    """Write a run, one fact a line; nothing in it is a command to a runner."""
    lines = (*_recorded(run), *_refused(run), *_main(run), *_troubles(run), *_end(run))
    return "".join(f"{workflow_safe_line(line)}\n" for line in lines)


def _recorded(run: Run) -> Iterator[str]:
    would = "would record " if run.is_dry else ""
    for entry in run.findings.entries:
        body = entry.body
        yield f"{would}{_VERBS[entry.kind]}: {body['packet']} {_circumstances(entry)}"
        gaps = body.get("gaps")
        for gap in gaps if isinstance(gaps, list | tuple) else ():
            yield f"  gap: {gap}"


def _circumstances(entry: Entry) -> str:
    body = entry.body
    place = f"({body['review']}, #{body['pull']})"
    if entry.kind is EntryKind.VOID:
        return f"since {body['at']}: its approval was dismissed {place}"
    return f"by {body['by']} at {body['at']} {place}"


def _refused(run: Run) -> Iterator[str]:
    told = {told.outcome.review.id: told.is_new for told in run.told}
    for looked in run.findings.looked:
        for outcome in looked.outcomes:
            if outcome.decision is Decision.REFUSED:
                yield from _refusal(looked, outcome)
                is_new = told.get(outcome.review.id)
                if is_new is not None:
                    yield f"  {_telling(is_new=is_new, is_dry=run.is_dry)}"


def _refusal(looked: Looked, outcome: Outcome) -> Iterator[str]:
    review = outcome.review
    who = outcome.handle or (review.account.login if review.account else "somebody")
    at = format_instant(review.submitted_at) if review.submitted_at else ""
    yield f"not counted: approval of #{looked.number} by {who} at {at}"
    for reason in outcome.reasons:
        yield f"  {reason.name}: {reason.text}"
        yield f"    do: {reason.hint}"


def _telling(*, is_new: bool, is_dry: bool) -> str:
    if not is_new:
        return "told before, on the pull request"
    return "would be told on the pull request" if is_dry else "told on the pull request"


def _main(run: Run) -> Iterator[str]:
    written = run.written
    for packet in written.packets:
        if run.is_dry:
            yield f"would write into the packet: {packet}"
        elif written.commit:
            yield f"written into the packet: {packet} ({written.commit[:_SHORT]})"
        else:
            yield f"in the ledger alone: {packet}"
    if written.refused:
        yield f"  the default branch takes no push from here: {written.refused}"
    for packet in written.kept:
        yield f"in the ledger alone: {packet}, since writing it would break a rule"
        yield "    do: run `handoff check` on the packet and its opportunity"


def _troubles(run: Run) -> Iterator[str]:
    for trouble in (*run.findings.troubles, *run.troubles):
        yield f"not looked at: {trouble.about}: {trouble.error.message}"
        yield f"    do: {trouble.error.hint}"


def _end(run: Run) -> Iterator[str]:
    findings = run.findings
    if not (findings.entries or run.written.packets):
        yield "nothing new to record"
    if findings.unseen:
        yield f"not looked at: {count(findings.unseen, 'packet')} filed earlier"
    yield (
        f"waiting before this run: {count(len(findings.waiting), 'packet')}; looked "
        f"at: {count(len(findings.looked), 'pull request')}; sent: {run.requests} of "
        f"at most {run.most} requests"
    )
