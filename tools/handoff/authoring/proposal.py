"""What a filled-in form would change: files, what is wrong with them, and a title."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handoff.authoring.answers import Problem
from handoff.authoring.comparison import errors_of, new_errors
from handoff.authoring.events import event_edits, is_on_record, local
from handoff.authoring.intake import Stated, event_from, packet_from
from handoff.authoring.issue_forms import EVENT
from handoff.authoring.prefill import packet_identity, win_of
from handoff.authoring.problems import exists, not_won
from handoff.document.document import read_document
from handoff.document.editing import apply_edits
from handoff.evaluation.judgement import judge
from handoff.model.diagnostic import Diagnostic
from handoff.model.identity import Identity
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.records.record import Opportunity
from handoff.records.register import load_part
from handoff.repository.overlay import OverlaySnapshot
from handoff.repository.snapshot import Snapshot, Unreadable


@dataclass(frozen=True, slots=True)
class Proposal:
    """One file to be written.

    Attributes:
        content: empty where it is on record already.
        gaps: what a check would say against it.
    """

    title: str
    path: str
    content: bytes
    gaps: tuple[Diagnostic, ...] = ()
    is_filed: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled-in form, and what it is held against.

    Attributes:
        by: handle of who filled it in; empty for somebody the roster does not know.
        at: when.
        earlier: gives what the form's branch holds at a path, if anything.
    """

    stated: Stated
    opportunity: Opportunity
    snapshot: Snapshot
    policy: Policy
    by: str
    at: datetime
    earlier: Callable[[str], bytes | None] = field(default=lambda _: None)

    def propose(self) -> Proposal | Problem:
        """Say what would be written, or why nothing can be."""
        is_event = EVENT in {entry.field.name for entry in self.stated.form.entries}
        return self._event() if is_event else self._packet()

    def _packet(self) -> Proposal | Problem:
        win = win_of(self.opportunity, self.policy)
        identity = win and packet_identity(self.opportunity, win, self.policy)
        if not (win and identity):
            return not_won(self.opportunity.id)
        if not isinstance(self.snapshot.read(identity.path), Unreadable):
            return exists(identity)
        content = self._written(win, {})
        gaps = errors_of(self._verdict(identity.path, content).diagnostics)
        gaps = tuple(gap for gap in gaps if gap.path == identity.path)
        is_filed = bool(self.by and not gaps)
        if is_filed:
            content = self._written(win, self._filed(identity))
        title = f"Handoff: {self.opportunity.text('company')}"
        return Proposal(title, identity.path, content, gaps, is_filed)

    def _written(self, win: Fact, filed: Mapping[str, object]) -> bytes:
        return packet_from(self.stated, self.opportunity, win, self.policy, filed)

    def _filed(self, identity: Identity) -> Mapping[str, object]:
        """Say who hands it over and when: what was filed once stays filed then."""
        document, _ = read_document("", self.earlier(identity.path) or b"")
        known = document.header.get("filed") if document else None
        if isinstance(known, Mapping):
            return known
        return {"by": self.by, "at": local(self.at, self.policy.zone)}

    def _event(self) -> Proposal | Problem:
        kind = self.stated.answers.get(EVENT, "")
        if kind not in self.policy.schemas.event_kinds():
            message = f"there is no event `{kind}`"
            return Problem(message, "Choose one of the list.")
        deal = self.opportunity
        title = f"{kind}: {deal.text('company')}"
        event = event_from(self.stated, self.policy, self.by, self.at)
        old = self.snapshot.read(deal.path)
        if is_on_record(deal, event) or isinstance(old, Unreadable):
            return Proposal(title, deal.path, b"")
        order = [n for n, _ in self.policy.schemas.schema("opportunity").fields(())]
        content = apply_edits(old, event_edits(event, order))
        before, after = (self._verdict(deal.path, c) for c in (old, content))
        return Proposal(title, deal.path, content, new_errors(before, after))

    def _verdict(self, path: str, content: bytes) -> Verdict:
        snapshot = OverlaySnapshot(self.snapshot, {path: content})
        register = load_part(snapshot, self.policy, [path, self.opportunity.path])
        return judge(register, self.policy, self.at, is_replay=False).verdict
