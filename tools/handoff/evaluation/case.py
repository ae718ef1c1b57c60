"""One clock asked about one cycle of a deal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handoff.evaluation.cycles import Cycle
from handoff.evaluation.deal import Deal
from handoff.evaluation.owners import owner_of
from handoff.evaluation.reading import Reading, State
from handoff.evaluation.runs import Run
from handoff.model.instant import Moment
from handoff.model.intervals import Intervals
from handoff.policy.clocks import Clock
from handoff.policy.policy import Policy
from handoff.records.fact import Fact


@dataclass(frozen=True, slots=True)
class Case:
    """One clock, in all its versions, asked about one cycle, counted from 1.

    Attributes:
        paused: gives the intervals in which the deal was on hold, by kind and reason.
    """

    deal: Deal
    policy: Policy
    now: datetime
    versions: Sequence[Clock]
    number: int
    cycle: Cycle
    paused: Callable[[frozenset[str], frozenset[str]], Intervals]

    def reading(
        self,
        clock: Clock,
        state: State,
        reason: str,
        start: Fact | None = None,
        **known: Any,  # noqa: ANN401 - fields of a reading
    ) -> Reading:
        """Say something of a clock, with what else of a reading is known."""
        return Reading(
            deal=self.deal,
            record=self.deal.id,
            cycle=self.number,
            clock=clock,
            state=state,
            owner=owner_of(clock.owner, self.deal, start, self.policy, self.now),
            reason=reason,
            start=start,
            **known,
        )

    def of_run(
        self,
        run: Run,
        state: State,
        reason: str,
        **measured: Any,  # noqa: ANN401 - fields of a reading
    ) -> Reading:
        """Say something of a run, with what else of a reading is known."""
        return self.reading(
            run.clock,
            state,
            reason,
            run.start,
            grounds=run.grounds,
            is_superseded=run.is_superseded,
            **measured,
        )

    def day_of(self, moment: Moment) -> date:
        """Give the day of a fact; that of the record where it is not known."""
        return moment.day_in(self.policy.zone) or self.deal.opportunity.identity.day
