"""Why a record cannot be made or changed, with what to type instead."""

from handoff.authoring.answers import Problem
from handoff.authoring.questions import Question
from handoff.model.identity import Identity, Kind


def exists(identity: Identity) -> Problem:
    """Say that a file is there already; it is never overwritten."""
    message = f"`{identity.path}` is there already, and nothing was written"
    if identity.kind is Kind.PACKET:
        hint = f"Open it to go on; when it is complete: handoff file {identity.stem}"
        return Problem(message, hint)
    hint = "Add `--another` if this is a second deal with them on the same day."
    return Problem(message, hint)


def unnamed() -> Problem:
    """Say that a file cannot be named after this company."""
    message = "no name in Latin letters is known, which the file is named after"
    hint = "Add `--company NAME`, or `--slug short-name` for names in other scripts."
    return Problem(message, hint)


def not_won(opportunity: str) -> Problem:
    """Say that there is nothing to hand over yet."""
    message = f"`{opportunity}` is not won yet, or its service or day is not known"
    hint = f"Log the win first: handoff log {opportunity} closed-won"
    return Problem(message, hint)


def unfinished(name: str) -> Problem:
    """Say that somebody was interrupted and nothing of it is lost."""
    message = f"`{name}` was begun before and not finished"
    hint = "Add `--resume` to go on where it stopped, or `--discard` to start again."
    return Problem(message, hint)


def nothing_kept() -> Problem:
    """Say that there is nothing to go on with."""
    message = "no unfinished session is kept for this record"
    return Problem(message, "Leave out `--resume`.")


def missing_answer(question: Question, option: str) -> Problem:
    """Say which option gives an answer that nobody is there to type."""
    known = f" One of: {', '.join(question.choices)}." if question.choices else ""
    example = question.example or (*question.choices, "…")[0]
    joint = "=" if " " in option else " "
    hint = f'{question.about}{known} Add {option}{joint}"{example}" or what is true.'
    return Problem(f"`{question.pointer[0]}` is missing", hint)
