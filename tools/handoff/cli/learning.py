"""Answers about the past, kept for when they are asked for again."""

import os
from collections.abc import Callable
from zoneinfo import TZPATH

from handoff.cli.footing import mark_of
from handoff.cli.output import Notes, listening
from handoff.cli.recalled import Question
from handoff.cli.ticks import microseconds
from handoff.repository.answers import ROOM, Draft

_CODES = (0, 1)
_ZONE_FILES = ("", "UTC", "tzdata.zi", "+VERSION")
"""What changes with the rules of time zones, below each folder of them."""


def learn(question: Question, run: Callable[[], object]) -> None:
    """Run the command that answers a question, and keep what it says.

    It is kept if it is about a moment that is over, and all that was said, and if
    nothing that it rests on changed meanwhile.
    """
    basis = _basis(question)
    try:
        draft = Draft(question.place)
    except OSError:
        run()
        return
    notes = Notes(draft.add, ROOM)
    listening.append(notes)
    try:
        run()
    except SystemExit as end:
        code = end.code or 0
        is_over = 0 <= notes.since < microseconds()
        if is_over and notes.is_good and code in _CODES and _is_same(question):
            draft.keep(question.asked, basis, notes.since, int(code))
        raise
    finally:
        listening.remove(notes)
        draft.close()


def _basis(question: Question) -> bytes:
    """Say on what, besides the question, the answer is going to rest."""
    files = [os.path.join(folder, name) for folder in TZPATH for name in _ZONE_FILES]  # noqa: PTH118 - as text
    footing = question.footing
    commits = (footing.commit, footing.ledger)
    lines = (*commits, footing.index(), *(f"{mark_of(p)}\t{p}" for p in files))
    return os.fsencode("\n".join(lines))


def _is_same(question: Question) -> bool:
    """Tell whether a question rests on what it rested on before it was answered."""
    again, footing = Question.read(question.words), question.footing
    if again is None or again.asked != question.asked:
        return False
    commits = (again.footing.commit, again.footing.ledger)
    return commits == (footing.commit, footing.ledger) and footing.knows_policy()
