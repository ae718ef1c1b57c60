"""What the forge is asked for and told: pull requests, reviews, comments, branches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from urllib.parse import quote

from handoff.connectors.github_api import Api
from handoff.connectors.github_shapes import (
    mapping,
    read_authorship,
    read_comment,
    read_file,
    read_number,
    read_pull,
    read_review,
    reject,
    text,
)
from handoff.model.review import Authorship, Comment, FileChange, Pull, Review

_T = TypeVar("_T")
_MOST_COMMITS = 250
_MOST_FILES = 3000


@dataclass(frozen=True, slots=True)
class GitHub:
    """One repository on GitHub, or on a server that speaks its API."""

    api: Api

    def default_branch(self) -> str:
        """Name the branch that pull requests go to."""
        return text(mapping(self.api.get(""), "the repository"), "default_branch")

    def pulls_with(self, commit: str) -> tuple[int, ...]:
        """Number the pull requests that brought a commit to its branch."""
        return _all(read_number, self.api.pages(f"commits/{commit}/pulls"))

    def open_pulls(self, base: str) -> tuple[int, ...]:
        """Number the open pull requests to a branch."""
        return _all(read_number, self.api.pages("pulls", state="open", base=base))

    def pull(self, pull: int) -> Pull:
        """Give one pull request."""
        return read_pull(self.api.get(f"pulls/{pull}"))

    def reviews(self, pull: int) -> tuple[Review, ...]:
        """Give all reviews of a pull request, oldest first."""
        found = _all(read_review, self.api.pages(f"pulls/{pull}/reviews"))
        if len({review.id for review in found}) != len(found):
            reject("a review is listed twice")
        return found

    def review(self, pull: int, review: int) -> Review:
        """Give one review as it is now."""
        return read_review(self.api.get(f"pulls/{pull}/reviews/{review}"))

    def authors(self, pull: Pull) -> tuple[Authorship, ...]:
        """Give who made each commit of a pull request.

        The forge lists at most 250; of a longer one the rest stays unknown.
        """
        listed = self.api.pages(f"pulls/{pull.number}/commits")
        found = _all(read_authorship, listed)
        _counted(len(found), min(pull.commits, _MOST_COMMITS), "commits")
        return found

    def files(self, pull: Pull) -> tuple[FileChange, ...]:
        """Give what a pull request does to each file; the forge lists at most 3000."""
        found = _all(read_file, self.api.pages(f"pulls/{pull.number}/files"))
        _counted(len(found), min(pull.files, _MOST_FILES), "files")
        return found

    def comments(self, issue: int) -> tuple[Comment, ...]:
        """Give all comments below a pull request or an issue, oldest first."""
        return _all(read_comment, self.api.pages(f"issues/{issue}/comments"))

    def comment(self, issue: int, body: str) -> Comment:
        """Write a comment below a pull request or an issue."""
        sent = self.api.put("POST", f"issues/{issue}/comments", {"body": body})
        return read_comment(sent)

    def comment_once(
        self, issue: int, marker: str, body: str, *, is_dry: bool = False
    ) -> bool:
        """Write a comment, unless one with its marker is there.

        Args:
            issue: number of the pull request or issue.
            marker: text that no two different comments share; it stays invisible.
            body: markdown, already escaped.
            is_dry: whether only to look, and write nothing.

        Returns:
            Whether it was written now, or would be.
        """
        hidden = hidden_marker(marker)
        if any(comment.body.startswith(hidden) for comment in self.comments(issue)):
            return False
        if not is_dry:
            self.comment(issue, f"{hidden}\n{body}")
        return True

    def request_reviewers(
        self, pull: int, logins: Sequence[str], teams: Sequence[str] = ()
    ) -> None:
        """Ask people and teams for a review."""
        asked = {"reviewers": list(logins), "team_reviewers": list(teams)}
        path = f"pulls/{pull}/requested_reviewers"
        self.api.put("POST", path, {k: v for k, v in asked.items() if v})

    def add_labels(self, issue: int, labels: Sequence[str]) -> None:
        """Put labels on a pull request or an issue."""
        self.api.put("POST", f"issues/{issue}/labels", {"labels": list(labels)})

    def tip(self, branch: str) -> str | None:
        """Give the commit a branch points to; `None` if there is no such branch."""
        # Asked as a prefix, so that a missing branch is an empty list, not an error.
        wanted = f"refs/heads/{branch}"
        prefix = f"git/matching-refs/heads/{quote(branch)}"
        listed = self.api.get(prefix)
        for entry in listed if isinstance(listed, list) else reject("no list"):
            found = mapping(entry, "the reference")
            if text(found, "ref") == wanted:
                return text(mapping(found.get("object"), "`object`"), "sha")
        return None

    def create_branch(self, branch: str, commit: str) -> None:
        """Make a branch that points to a commit."""
        ref = {"ref": f"refs/heads/{branch}", "sha": commit}
        self.api.put("POST", "git/refs", ref)

    def create_pull(self, title: str, head: str, base: str, body: str) -> int:
        """Open a pull request; give its number."""
        data = {"title": title, "head": head, "base": base, "body": body}
        return read_number(self.api.put("POST", "pulls", data))

    def pull_of(self, owner: str, branch: str) -> int | None:
        """Number the open pull request of a branch; `None` if there is none."""
        listed = self.api.pages("pulls", state="open", head=f"{owner}:{branch}")
        return next((read_number(entry) for entry in islice(listed, 1)), None)


def hidden_marker(marker: str) -> str:
    """Write a marker as a comment that markdown does not show."""
    return f"<!-- handoff:{marker} -->"


def _all(read: Callable[[object], _T], entries: Iterator[object]) -> tuple[_T, ...]:
    return tuple(map(read, entries))


def _counted(found: int, expected: int, what: str) -> None:
    """Make sure that a list is whole, as the forge counted it before."""
    if found != expected:
        reject(f"{found} {what} are listed, {expected} are counted")
