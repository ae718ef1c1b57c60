"""Telling people on their pull request why an approval did not count."""

from collections.abc import Iterable

from handoff.connectors.github import GitHub
from handoff.evaluation.approval_run import Looked, Told, Trouble, refusals
from handoff.model.errors import HandoffError
from handoff.views.approval import comment, marker


def tell(
    github: GitHub, looked: Iterable[Looked], *, is_dry: bool
) -> tuple[tuple[Told, ...], tuple[Trouble, ...]]:
    """Write each refusal below its pull request, once however often this runs.

    Args:
        github: where to write.
        looked: what was judged.
        is_dry: whether only to find out what would be written.

    Returns:
        Who was told, now or before; and what could not be told.
    """
    told: list[Told] = []
    troubles: list[Trouble] = []
    for each in looked:
        number = each.number
        for outcome in refusals(each):
            try:
                name, text = marker(outcome), comment(outcome)
                is_new = github.comment_once(number, name, text, is_dry=is_dry)
                told.append(Told(number, outcome, is_new))
            except HandoffError as error:
                troubles.append(Trouble(f"#{number}", error))
    return tuple(told), tuple(troubles)
