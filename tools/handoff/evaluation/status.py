"""The status of one deal: stage, next action, what is missing."""

from dataclasses import dataclass
from datetime import datetime

from handoff.evaluation.deal import Deal
from handoff.evaluation.gates import Missing
from handoff.evaluation.pauses import ALL_PAUSES, pauses_of
from handoff.evaluation.stages import Progress
from handoff.model.calendar import ALWAYS, deadline
from handoff.model.instant import Moment
from handoff.model.intervals import Intervals
from handoff.policy.facts import DERIVED
from handoff.policy.policy import Policy
from handoff.policy.stages import Stage
from handoff.records.fact import Fact, read_due, value_at


@dataclass(frozen=True, slots=True)
class NextAction:
    """What happens next, who does it, and until when.

    Attributes:
        due: as it was written.
        due_at: the instant at which it is overdue, put off by pauses that are over.
    """

    action: str
    owner: str
    due: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """Where one deal stands.

    Attributes:
        entered_at: when it entered its stage.
        held_since: since when work is on hold, or `None`.
        upcoming: the next stage on the way, or `None`.
        missing: everything `upcoming` still needs.
    """

    deal: Deal
    progress: Progress
    stage: Stage
    cycle: int
    entered_at: Moment
    next: NextAction | None
    upcoming: Stage | None
    missing: tuple[Missing, ...]
    held_since: datetime | None

    @property
    def id(self) -> str:
        """Id of the opportunity."""
        return self.deal.id

    def days_in_stage(self, now: datetime) -> int | None:
        """Whole days since the stage was entered; `None` if that is not known."""
        return days_since(self.entered_at.instant, now)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the next action's due instant has passed while nothing held it."""
        due = self.next.due_at if self.next else None
        held = self.held_since
        return due is not None and now > due and (held is None or held >= due)


def days_since(since: datetime | None, now: datetime) -> int | None:
    """Count the whole days since an instant; `None` if that is not known."""
    return max((now - since).days, 0) if since else None


def status_of(
    deal: Deal,
    progress: Progress,
    policy: Policy,
    errors: tuple[Missing, ...],
    now: datetime,
) -> Status:
    """Sum up a deal.

    `errors` is what keeps a packet of the deal from counting as filed.
    """
    current = progress.current
    pauses = pauses_of(deal, ALL_PAUSES, policy)
    ended = tuple(pause for pause in pauses if pause.until <= now)
    holds = (pause for pause in pauses if pause.start <= now < pause.until)
    return Status(
        deal=deal,
        progress=progress,
        stage=current.stage,
        cycle=current.cycle,
        entered_at=current.since,
        next=_next_action(deal, policy, ended) if current.stage.is_open else None,
        upcoming=progress.upcoming,
        missing=(*errors, *progress.missing) if progress.upcoming else (),
        held_since=next((pause.start for pause in holds), None),
    )


def _next_action(deal: Deal, policy: Policy, ended: Intervals) -> NextAction | None:
    """Read the `next` of the latest event; every event replaces the one before.

    The pauses that are over put it off, as they do the clock on it.
    """
    events = [f for f in deal.facts if f.kind not in DERIVED]
    return _read(events[-1], policy, ended) if events else None


def _read(fact: Fact, policy: Policy, ended: Intervals) -> NextAction | None:
    fields = fact.field("next")
    if not isinstance(fields, dict):
        return None
    due = str(value_at(fields, ("due",)))
    due_at, start = read_due(due, policy.zone), fact.moment.instant
    if due_at and start and start < due_at:
        due_at = deadline(ALWAYS, start, due_at - start, ended)
    return NextAction(str(fields["action"]), str(fields["owner"]), due, due_at)
