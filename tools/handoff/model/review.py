"""What a forge observed: pull requests, what they change, and who reviewed them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Verdict(Enum):
    """What a review says, as the forge names it."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"
    PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on the forge.

    Attributes:
        id: the numeric id, which never changes hands.
        login: the name, which can.
        is_person: whether it is neither a bot nor an organisation.
    """

    id: int
    login: str
    is_person: bool


@dataclass(frozen=True, slots=True)
class Review:
    """One review of a pull request.

    Attributes:
        account: who gave it; `None` once the account is gone.
        head: id of the commit it was given for; empty once that is gone.
        submitted_at: when the forge received it, in UTC; `None` while it is a draft.
        body: what the person wrote; hostile.
    """

    id: int
    account: Account | None
    verdict: Verdict
    head: str
    submitted_at: datetime | None
    body: str


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull request.

    Attributes:
        author: who opened it; `None` once the account is gone.
        head: id of the last commit on its branch.
        head_repository: numeric id of the repository its branch lies in; `None` once
            that is gone.
        base: name of the branch it goes to.
        base_repository: numeric id of the repository it belongs to.
        default_branch: of that repository.
        merged_at: when it was merged, in UTC; `None` if it was not.
        merge_commit: id of the commit on `base` that holds it; empty if there is none.
        commits: number of its commits, as the forge counts them.
        files: number of the files it changes, as the forge counts them.
    """

    number: int
    author: Account | None
    head: str
    head_repository: int | None
    base: str
    base_repository: int
    default_branch: str
    merged_at: datetime | None
    merge_commit: str
    commits: int
    files: int


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who made one commit; `None` where the forge knows no account for the address."""

    commit: str
    author: Account | None
    committer: Account | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a pull request does to one file.

    Attributes:
        status: added, modified, removed, renamed, copied, changed or unchanged.
        blob: id of its content at the head; of the removed content if it is removed.
        previous: path before it was renamed or copied; empty otherwise.
    """

    path: str
    status: str
    blob: str
    previous: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment below a pull request or an issue."""

    id: int
    account: Account | None
    body: str
