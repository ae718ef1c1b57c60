"""Where an interrupted session is kept: in the git folder, never in the tree."""

import os
from collections.abc import Mapping
from pathlib import Path

from handoff.authoring.draft import Draft, read_draft, write_draft
from handoff.cli.files import write_atomically
from handoff.cli.session import Session


def draft_folder(session: Session) -> Path:
    """Give the folder of drafts, which need not be there."""
    git_dir = session.git.run("rev-parse", "--absolute-git-dir").rstrip(b"\n")
    return Path(os.fsdecode(git_dir)) / "handoff" / "drafts"


def keep(session: Session, name: str, draft: Draft) -> None:
    """Keep what was typed so far."""
    write_atomically(draft_folder(session) / f"{name}.json", write_draft(draft))


def discard(session: Session, name: str) -> None:
    """Forget what was kept, if anything was."""
    (draft_folder(session) / f"{name}.json").unlink(missing_ok=True)


def drafts(session: Session, kind: str) -> Mapping[str, Draft]:
    """Give everything kept for one kind of record, by name."""
    paths = sorted(draft_folder(session).glob("*.json"))
    found = {path.stem: read_draft(path.read_bytes()) for path in paths}
    return {name: draft for name, draft in found.items() if draft.kind == kind}
