"""The verdict on the whole repository, but for deals known to be fine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.cli.whole import Whole
from handoff.evaluation.known import Known
from handoff.evaluation.parts import Part, combine, judge_part, together
from handoff.model.verdict import Verdict
from handoff.records.register import Register
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger


def judge_whole(
    whole: Whole, now: datetime, *, is_replay: bool, git: Git | None = None
) -> Verdict:
    """Judge every file of the two trees.

    Args:
        whole: all records.
        now: the instant to judge for, in UTC.
        is_replay: whether `now` lies in the past on purpose.
        git: where to remember which deals are fine; `None` to judge everything.
    """
    memory = Known.open(git, whole.policy)
    parts = whole.parts(_Judging(whole, now, is_replay, memory))
    waived = {waiver.record for waiver in whole.policy.waivers}
    excused = tuple(path for path in whole.listed if path in waived)
    register = Register(whole.read(excused), excused)
    return combine(parts, register, whole.policy, now, whole.ledger)


@dataclass(frozen=True, slots=True)
class _Judging:
    """See `handoff.cli.whole.Errand`."""

    whole: Whole
    now: datetime
    is_replay: bool
    memory: Known

    @property
    def remembers(self) -> bool:
        return self.memory.memory is not None

    def recall(self, key: str, deal: Sequence[str], ledger: Ledger) -> Part | None:
        return self.memory.part(key, len(deal), ledger, self.now)

    def ask(self, register: Register, ledger: Ledger) -> Part:
        policy, now = self.whole.policy, self.now
        return judge_part(
            register, policy, now, is_replay=self.is_replay, ledger=ledger
        )

    def together(self, parts: Sequence[Part]) -> Part:
        return together(parts)

    def value(self, _key: str, part: Part, deal: Sequence[str], ledger: Ledger) -> str:
        return self.memory.value(deal, part, ledger)

    def add(self, found: Mapping[str, str]) -> None:
        self.memory.add(found)

    def tidy(self, used: str) -> None:
        self.memory.tidy(used)
