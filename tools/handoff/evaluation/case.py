"""One clock asked about one cycle of a deal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handoff.evaluation.cycles import Cycle
from handoff.evaluation.deal import Deal
from handoff.evaluation.owners import owner_of
from handoff.evaluation.reading import Reading, State
from handoff.evaluation.runs import Run
from handoff.model.instant import Moment
from handoff.policy.clocks import Clock
from handoff.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Case:
    """One clock, in all its versions, asked about one cycle, counted from 1."""

    deal: Deal
    policy: Policy
    now: datetime
    versions: Sequence[Clock]
    number: int
    cycle: Cycle

    def reading(self, clock: Clock, state: State, reason: str) -> Reading:
        """Say something of a clock that did not start."""
        owner = owner_of(clock.owner, self.deal, None, self.policy, self.now)
        return Reading(self.deal, self.number, clock, state, owner, reason)

    def of_run(self, run: Run, state: State, reason: str) -> Reading:
        """Say something of a run, as yet without its times."""
        clock, policy, now = run.clock, self.policy, self.now
        return Reading(
            self.deal,
            self.number,
            clock,
            state,
            owner_of(clock.owner, self.deal, run.start, policy, now),
            reason,
            start=run.start,
            grounds=run.grounds,
            is_superseded=run.is_superseded,
        )

    def day_of(self, moment: Moment) -> date:
        """Give the day of a fact; that of the record where it is not known."""
        return moment.day_in(self.policy.zone) or self.deal.opportunity.identity.day
