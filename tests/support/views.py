"""What a reader of a repository sees: every view, without the name of the snapshot."""

import json
from collections.abc import Mapping

from support.cli import handoff
from support.git import Repository

_VIEWS = ("status", "board", "sla", "daily", "check")


def seen(
    repository: Repository, *moment: str, now: str, views: tuple[str, ...] = _VIEWS
) -> Mapping[str, object]:
    """Run every view as JSON.

    Args:
        repository: the repository.
        moment: `--rev` and `--as-of`, as typed.
        now: what the clock shows.
        views: the commands to run.
    """
    return {view: _view(repository, view, moment, now) for view in views}


def _view(
    repository: Repository, view: str, moment: tuple[str, ...], now: str
) -> object:
    ran = handoff(view, *moment, "--format", "json", at=repository, now=now)
    assert ran.code in {0, 1}, ran.err
    document = json.loads(ran.out)
    document.pop("rev", None)
    return document
