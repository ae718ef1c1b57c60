"""The check of a few files as hooks type it: with the engine, without the command line.

Reading options costs more than judging a file, and here there are none.
"""

import gc
from pathlib import Path

from handoff.cli.output import write
from handoff.cli.quick import Asked
from handoff.cli.session import STAGED, session_of
from handoff.model.errors import HandoffError
from handoff.model.verdict import Verdict
from handoff.repository.git import Git
from handoff.views.all_fine import all_fine


def judge_plainly(asked: Asked) -> None:
    """Judge records, say what was found, and end as `handoff check` does.

    Where they cannot be judged it returns, and the whole command line says why.
    """
    gc.disable()  # as for every command
    verdict = _verdict(asked)
    if verdict is None:
        return
    if verdict.diagnostics or verdict.shadow:
        from handoff.cli.options import style_of_stdout  # noqa: PLC0415 - loads click
        from handoff.views.formats import render_check  # noqa: PLC0415 - as above

        write(render_check("text", verdict, style_of_stdout()))
    else:
        write(f"{all_fine(verdict.files_listed)}\n")
    raise SystemExit(1 if verdict.failed else 0)


def _verdict(asked: Asked) -> Verdict | None:
    place, paths = asked.place, asked.paths
    folder = Path(place.git_dir)
    git = Git(Path(place.root), environment=place.environment, folder=folder)
    try:
        session = session_of(git, STAGED if asked.is_staged else None, None)
        is_there = paths <= set(session.snapshot.paths())
        return session.verdict(paths) if is_there else None
    except HandoffError:
        return None
