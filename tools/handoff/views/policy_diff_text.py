"""What a change of policy changes, for whoever reviews it."""

from collections.abc import Iterator, Sequence

from handoff.evaluation.flips import Effects, Flip, Outcome
from handoff.model.diagnostic import Severity
from handoff.views.columns import Cell, align
from handoff.views.escaping import terminal
from handoff.views.levels import LEVELS
from handoff.views.states import LOOKS, STRONG, look_of
from handoff.views.style import Style
from handoff.views.words import count, due, instant

_SHORT = 12

_ADVICE = (
    "do: closed readings change their verdict. Give the changed clock `since:` its "
    "first day and keep the version before with `until:` the day before, so that what "
    "started earlier keeps its rule. Give a day that is closed late `known_from:` the "
    "first day on which it counts; for another change of a calendar, add a new one "
    "beside it and let the newer version count on that."
)


def render(effects: Effects, style: Style, *, is_what_if: bool) -> str:
    """Write which readings, stages and diagnostics differ, closed readings first."""
    closed = [f for f in effects.flips if f.is_verdict and not f.is_open]
    running = [f for f in effects.flips if f.is_verdict and f.is_open]
    moved = [f for f in effects.flips if not f.is_verdict]
    blocks = [
        _readings("closed readings with another verdict", closed, effects, style),
        _readings("open readings with another verdict", running, effects, style),
        _readings("readings with another due instant only", moved, effects, style),
        _stages(effects, style),
    ]
    if closed and not is_what_if:
        blocks.append([_ADVICE])
    blocks.append([*_counts(effects), *_ending(effects, is_what_if=is_what_if)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _readings(
    title: str, flips: Sequence[Flip], effects: Effects, style: Style
) -> list[str]:
    if not flips:
        return []
    heading = style.paint(f"{count(len(flips), 'case')}: {title}", STRONG)
    return [heading, *(line for flip in flips for line in _flip(flip, effects))]


def _flip(flip: Flip, effects: Effects) -> tuple[str, str]:
    """Write a reading on two lines, neither cut: this is what is to be decided on."""
    dues = _dues(flip, effects)
    return (
        f"  {terminal(flip.clock)}: {_states(flip)}",
        f"    {terminal(flip.record)}, cycle {flip.cycle}{dues and f', {dues}'}",
    )


def _states(flip: Flip) -> str:
    before, after = _state(flip.before), _state(flip.after)
    return f"{before} to {after}" if flip.is_verdict else after


def _state(outcome: Outcome | None) -> str:
    if outcome is None:
        return "nothing"
    late = outcome.is_breached and look_of(outcome) is LOOKS[outcome.state]
    has_word = LOOKS[outcome.state].label == "met late"
    return look_of(outcome).label + (" and breached" if late and not has_word else "")


def _dues(flip: Flip, effects: Effects) -> str:
    zone = effects.after.policy.zone
    dues = [o.due for o in (flip.before, flip.after) if o and o.due]
    shown = list(dict.fromkeys(due(moment, zone) for moment in dues))
    return f"due {' to '.join(shown)}" if shown else ""


def _stages(effects: Effects, style: Style) -> list[str]:
    if not effects.stages:
        return []
    rows = [
        (
            Cell(terminal(moved.record)),
            Cell(f"{moved.before or 'nothing'} to {moved.after or 'nothing'}"),
        )
        for moved in effects.stages
    ]
    heading = f"{count(len(effects.stages), 'deal')} in another stage"
    return [style.paint(heading, STRONG), *align(rows, style, ((0, 20),), indent=2)]


def _counts(effects: Effects) -> Iterator[str]:
    if not effects.flips and not effects.stages:
        yield "no reading and no stage differs"
    for severity in Severity:
        before, after = effects.found_before[severity], effects.found_after[severity]
        if before != after:
            yield f"{LEVELS[severity].label}: {before:,} to {after:,}"


def _ending(effects: Effects, *, is_what_if: bool) -> Iterator[str]:
    before, after = effects.before, effects.after
    old, new = before.policy.digest[:_SHORT], after.policy.digest[:_SHORT]
    yield f"policy {old} compared with {new}, {_mode(is_what_if=is_what_if)}"
    at = instant(after.now, after.policy.zone)
    yield terminal(f"{count(effects.deals, 'deal')} of {after.rev}, as of {at}")


def _mode(*, is_what_if: bool) -> str:
    if is_what_if:
        return "as if the newest version of each clock had always been in force"
    return "each reading by the version in force at its start"
