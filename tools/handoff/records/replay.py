"""Every version of every record in a history, path by path, through one git process."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handoff.model.errors import HandoffError
from handoff.model.identity import parse_path
from handoff.records.origins import read_draft
from handoff.records.record import Draft
from handoff.repository.git import Git
from handoff.repository.log import Commit
from handoff.repository.objects import read_blobs
from handoff.repository.unreadable import LOST


@dataclass(frozen=True, slots=True)
class Version:
    """What one commit made of a record.

    Attributes:
        blob: id of the content; `None` if the commit removed it.
        draft: the record, as far as it could be parsed.
    """

    commit: Commit
    blob: str | None
    draft: Draft | None


def replay(
    git: Git, commits: Iterable[Commit]
) -> Iterator[tuple[str, Sequence[Version]]]:
    """Give the versions of each record, ancestors before descendants.

    Args:
        git: the repository.
        commits: ancestors before descendants, with their changes.

    Raises:
        HandoffError: a content is missing, so that nothing could be said of it.
    """
    touched: dict[str, list[tuple[Commit, str | None]]] = {}
    for commit in commits:
        for change in commit.changes:
            if parse_path(change.path):
                touched.setdefault(change.path, []).append((commit, change.after))
    wanted = (
        (path, blob)
        for path in sorted(touched)
        for blob in dict.fromkeys(blob for _, blob in touched[path])
        if blob
    )
    contents = read_blobs(git, wanted)
    for path in sorted(touched):
        drafts: dict[str | None, Draft | None] = {None: None}
        for _, blob in touched[path]:
            if blob not in drafts:
                drafts[blob] = _read(*next(contents))
        yield path, [Version(c, blob, drafts[blob]) for c, blob in touched[path]]


def _read(path: str, content: object) -> Draft | None:
    if content is LOST:
        message = f"a version of `{path}` is missing from this clone"
        hint = "Make a new clone without `--filter`, then run it again."
        raise HandoffError(message, hint)
    return read_draft(path, content) if isinstance(content, bytes) else None
