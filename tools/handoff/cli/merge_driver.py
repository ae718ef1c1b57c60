"""`handoff merge-driver`: what git runs to merge a record (gitattributes(5))."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from handoff.cli.files import write_atomically
from handoff.document.merging import Merge, merge_records
from handoff.model.errors import HandoffError
from handoff.policy.policy import Policy, load_policy
from handoff.records.moves import Apart, moved_apart
from handoff.repository.git import Git
from handoff.repository.snapshot import WorktreeSnapshot
from handoff.views.escaping import terminal

_FAILED = 129
"""Above 128 git takes it for a failure, anything below for a merge with conflicts."""

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("merge-driver", hidden=True)
@click.argument("base", type=_file)
@click.argument("ours", type=_file)
@click.argument("theirs", type=_file)
@click.argument("path")
def merge_driver(base: Path, ours: Path, theirs: Path, path: str) -> None:
    """Merge THEIRS into OURS, two versions of the record at PATH that come from BASE.

    For git, as `handoff merge-driver %O %A %B %P`. Exits with 0 if OURS holds the
    merged record, 1 if it holds conflicts, above 128 if it was left alone.
    """
    label = terminal(path)
    try:
        versions = (base.read_bytes(), ours.read_bytes(), theirs.read_bytes())
        policy = _policy()
        zone = policy.zone if policy else ZoneInfo("UTC")
        apart = moved_apart(*versions, path, policy) if policy else None
        merge = merge_records(*versions, label=label, zone=zone)
        write_atomically(ours, merge.content)
    except (HandoffError, OSError) as error:
        sys.stderr.write(f"handoff: {label} was not merged: {terminal(str(error))}\n")
        raise SystemExit(_FAILED) from error
    _report(merge, label)
    if apart:
        _report_moves(apart, label)
    raise SystemExit(1 if merge.conflicts or apart else 0)


def _policy() -> Policy | None:
    """Give the policy on disk; nothing while it cannot be read.

    It only decides where an event known to the day goes among those of the other
    side, then by UTC, and whether both sides moved the deal. `handoff check` reports
    broken policy and events out of order.
    """
    git = Git.discover(Path())
    return None if git.is_bare else load_policy(WorktreeSnapshot(git))[0]


def _report(merge: Merge, label: str) -> None:
    if merge.reason:
        reason = terminal(merge.reason)
        sys.stderr.write(f"handoff: {label} was merged by lines: {reason}\n")
    if merge.conflicts:
        plural = "place" if merge.conflicts == 1 else "places"
        sys.stderr.write(
            f"handoff: {label} has {merge.conflicts} {plural} edited on both sides\n"
            "  do: Open the file, keep the lines that are right, and delete the lines "
            "that start with `<<<<<<<`, `=======` and `>>>>>>>`. Then run "
            "`handoff check` and commit.\n"
        )


def _report_moves(apart: Apart, label: str) -> None:
    ours, theirs = (", ".join(kinds) for kinds in (apart.ours, apart.theirs))
    sys.stderr.write(
        f"handoff: {label} was moved on both sides: {terminal(ours)} on ours, "
        f"{terminal(theirs)} on theirs\n"
        "  do: Both are in the file now. Agree on what happened, keep that, run "
        "`handoff check` and commit.\n"
    )
