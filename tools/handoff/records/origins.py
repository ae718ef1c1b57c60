"""Which commit of a log first held each claim."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from handoff.document.document import read_document
from handoff.model.identity import parse_path
from handoff.records.claims import claims_of
from handoff.records.record import Draft
from handoff.repository.git import Git
from handoff.repository.log import Commit
from handoff.repository.objects import read_blobs
from handoff.repository.unreadable import Content

Origins = Mapping[str, Mapping[str, Commit]]
"""By path and key of a claim, the commit that introduced it."""


def read_origins(git: Git, commits: Iterable[Commit], zone: ZoneInfo) -> Origins:
    """Read all versions of all records in some commits, through one git process.

    Args:
        git: the repository.
        commits: ancestors before descendants.
        zone: the policy's zone, in which days end.
    """
    touched = [
        (change.path, change.after, commit)
        for commit in commits
        for change in commit.changes
        if change.after and parse_path(change.path)
    ]
    wanted = dict.fromkeys((path, blob) for path, blob, _ in touched)
    contents = read_blobs(git, ((path, blob) for path, blob in wanted))
    keys = {
        version: claim_keys(version[0], content, zone)
        for version, (_, content) in zip(wanted, contents, strict=True)
    }
    found: dict[str, dict[str, Commit]] = {}
    for path, blob, commit in touched:
        known = found.setdefault(path, {})
        for key in keys[path, blob]:
            known.setdefault(key, commit)
    return found


def read_draft(path: str, content: Content) -> Draft | None:
    """Read a record as far as it can be parsed, whatever its shape."""
    identity = parse_path(path)
    if identity is None or not isinstance(content, bytes):
        return None
    document, _ = read_document(path, content)
    return Draft(identity, document) if document else None


def claim_keys(path: str, content: Content, zone: ZoneInfo) -> tuple[str, ...]:
    """Give the keys of all claims in one version of a record."""
    draft = read_draft(path, content)
    return tuple(claim.key for claim in claims_of(draft, zone)) if draft else ()
