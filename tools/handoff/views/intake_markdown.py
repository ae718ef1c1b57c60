"""What is said about a filled-in form: on its issue, and on the pull request."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoff.model.diagnostic import Diagnostic
from handoff.views.escaping import markdown

_GAPS = (
    "Still missing or not right yet. Press *Edit* on this issue, answer it, save; the "
    "pull request follows. Nothing you typed is lost."
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A form that became a record.

    Attributes:
        path: of the record.
        gaps: what a check says is missing or wrong, with what to do.
        notes: what else the person should know.
        is_filed: whether the packet is handed over with it.
    """

    path: str
    gaps: Sequence[Diagnostic]
    notes: Sequence[str]
    is_filed: bool


def issue_comment(taken: Taken, pull: int) -> str:
    """Write the comment on the issue."""
    lines = [f"Thank you. Your form is a record now: pull request #{pull}."]
    if taken.gaps:
        lines += ["", _GAPS, "", *map(_gap, taken.gaps)]
    elif taken.is_filed:
        lines += ["", "It is complete and filed. Customer success is asked to read it."]
    return "\n".join((*lines, *_noted(taken.notes))) + "\n"


def pull_body(taken: Taken, issue: int) -> str:
    """Write the description of the pull request; it says nothing that can change."""
    return (
        f"Made from the form in #{issue}: {markdown(taken.path)}\n\n"
        "Customer success: read the record. *Approve* means that you have it; "
        "*Request changes*, one gap a line, gives it back.\n\n"
        f"Closes #{issue}\n"
    )


def refusal(message: str, hint: str, notes: Sequence[str]) -> str:
    """Write the comment on an issue of which no record could be made."""
    said = (
        "No record could be made of this form yet; what you typed is kept here.",
        "",
        f"- {markdown(message)}",
        f"  {markdown(hint)}",
        "",
        "Press *Edit* on this issue, correct it, save.",
    )
    return "\n".join((*said, *_noted(notes))) + "\n"


def _gap(gap: Diagnostic) -> str:
    hint = f"\n  {markdown(gap.hint)}" if gap.hint else ""
    return f"- {markdown(gap.message)}{hint}"


def _noted(notes: Sequence[str]) -> Sequence[str]:
    return (
        ("", "Please note:", "", *(f"- {markdown(n)}" for n in notes)) if notes else ()
    )
