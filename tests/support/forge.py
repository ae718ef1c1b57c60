"""A forge on this computer: GitHub's API over a real bare repository.

Pull requests, their commits and their files are read from git, so that ids and
contents are those of real commits. What people do there is done through methods:
`open`, `review`, `dismiss`, `merge`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from support.git import Repository
from support.local_server import LocalServer, Received, Reply, as_json, serve

TOKEN = "t0ken-of-the-t3sts"  # noqa: S105 - opens nothing
NAME = "acme/handoffs"
BOT = 41898282


@dataclass
class PullState:
    """A pull request as the forge keeps it; `overrides` replaces fields it shows."""

    number: int
    author: int
    branch: str
    base: str
    title: str
    body: str
    head: str
    start: str
    state: str = "open"
    merged_at: str | None = None
    merge_commit: str | None = None
    reviews: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    overrides: dict[str, Any] = field(default_factory=dict)


@dataclass
class Forge:
    """The state of the forge, and the server that speaks for it.

    Attributes:
        remote: the bare repository that clones fetch from and push to.
        people: login by numeric id.
        emails: numeric id by the address of a commit.
        issues: title, body and labels of each issue by number.
        comments: below pull requests and issues, by number.
        page: entries on one page of a list.
    """

    remote: Repository
    server: LocalServer
    now: datetime = datetime(2026, 4, 22, 7, tzinfo=UTC)
    people: dict[int, str] = field(default_factory=dict)
    emails: dict[str, int] = field(default_factory=dict)
    pulls: dict[int, PullState] = field(default_factory=dict)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    page: int = 100
    last: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What a job sees of the forge."""
        return {
            "GITHUB_API_URL": f"{self.server.url}/api",
            "GITHUB_REPOSITORY": NAME,
            "GITHUB_TOKEN": TOKEN,
        }

    def number(self) -> int:
        """Give the next number; each is given once."""
        self.last += 1
        return self.last

    def stamp(self, at: str | None = None) -> str:
        """Give an instant as the forge writes it; without one, time passes."""
        if at is None:
            self.now += timedelta(minutes=1)
            at = self.now.isoformat()
        instant = datetime.fromisoformat(at).astimezone(UTC)
        return instant.strftime("%Y-%m-%dT%H:%M:%SZ")

    # What people do.

    def open(
        self, branch: str, *, author: int, title: str = "", body: str = ""
    ) -> PullState:
        """Open a pull request from a branch of the remote to main."""
        number, head = self.number(), self.tip(branch)
        start = self.remote.git("merge-base", "main", head)
        made = PullState(number, author, branch, "main", title, body, head, start)
        self.pulls[number] = made
        self._follow(made)
        return made

    def review(  # noqa: PLR0913 - one parameter for each thing a review says
        self,
        pull: PullState,
        by: int,
        state: str = "APPROVED",
        *,
        body: str = "",
        at: str | None = None,
        head: str = "",
    ) -> dict[str, Any]:
        """Review what a pull request is now, or was at `head`."""
        self._follow(pull)
        made = {
            "id": 7000 + self.number(),
            "user": self.account(by),
            "state": state,
            "commit_id": head or pull.head,
            "submitted_at": self.stamp(at),
            "body": body,
        }
        pull.reviews.append(made)
        return made

    def dismiss(self, review: dict[str, Any]) -> None:
        """Dismiss a review; the forge keeps its time."""
        review["state"] = "DISMISSED"

    def merge(self, pull: PullState, *, how: str = "merge", at: str = "") -> str:
        """Merge, squash or rebase a pull request; give the commit on main."""
        self._follow(pull)
        base = self.tip(pull.base)
        stamp = self.stamp(at or None)
        tree = self.remote.git("merge-tree", "--write-tree", base, pull.head)
        parents = [base, pull.head] if how == "merge" else [base]
        joined = [word for parent in parents for word in ("-p", parent)]
        who = _committer(stamp)
        said = ("-m", f"{how} #{pull.number}")
        made = self.remote.git("commit-tree", tree, *joined, *said, env=who)
        self.remote.git("update-ref", f"refs/heads/{pull.base}", made, base)
        pull.state, pull.merged_at, pull.merge_commit = "closed", stamp, made
        return made

    def tip(self, branch: str) -> str:
        """Give the commit of a branch of the remote."""
        return self.remote.git("rev-parse", f"refs/heads/{branch}")

    def _follow(self, pull: PullState) -> None:
        """Notice what was pushed to an open pull request."""
        if pull.state == "open":
            pull.head = self.tip(pull.branch)
            self.remote.git("update-ref", f"refs/pull/{pull.number}/head", pull.head)

    # What it shows.

    def account(self, number: int) -> dict[str, Any] | None:
        """Show an account; `None` for one that is gone."""
        if number == BOT:
            return {"id": BOT, "login": "github-actions[bot]", "type": "Bot"}
        login = self.people.get(number)
        return (login and {"id": number, "login": login, "type": "User"}) or None

    def show_pull(self, pull: PullState) -> dict[str, Any]:
        """Show a pull request as it is given alone."""
        self._follow(pull)
        home = {"id": 501, "full_name": NAME, "default_branch": "main"}
        return {
            "id": 9000 + pull.number,
            "number": pull.number,
            "state": pull.state,
            "title": pull.title,
            "body": pull.body,
            "user": self.account(pull.author),
            "head": {"ref": pull.branch, "sha": pull.head, "repo": home},
            "base": {"ref": pull.base, "sha": pull.start, "repo": home},
            "merged": pull.merged_at is not None,
            "merged_at": pull.merged_at,
            "merge_commit_sha": pull.merge_commit,
            "commits": len(self.show_commits(pull)),
            "changed_files": len(self.show_files(pull)),
            "labels": [{"name": label} for label in pull.labels],
            "requested_reviewers": [{"login": login} for login in pull.asked],
            **pull.overrides,
        }

    def show_commits(self, pull: PullState) -> list[dict[str, Any]]:
        """Show the commits of a pull request, oldest first."""
        span = f"{pull.start}..{pull.head}"
        listed = self.remote.git("log", "--reverse", "--format=%H %ae %ce", span)
        return [
            {
                "sha": commit,
                "author": self.account(self.emails.get(author, 0)),
                "committer": self.account(self.emails.get(committer, 0)),
            }
            for commit, author, committer in map(str.split, listed.splitlines())
        ]

    def show_files(self, pull: PullState) -> list[dict[str, Any]]:
        """Show what a pull request does to each file."""
        start = self.remote.git("merge-base", pull.start, pull.head)
        listed = self.remote.git(
            "diff", "--raw", "-z", "-M", "--abbrev=40", start, pull.head
        )
        return [*_changes(iter(listed.split("\0")))]

    def say(self, number: int, body: str, by: int = BOT) -> dict[str, Any]:
        """Write a comment below a pull request or an issue."""
        made = {"id": 3000 + self.number(), "user": self.account(by), "body": body}
        self.comments.setdefault(number, []).append(made)
        return made

    # What it answers.

    def respond(self, request: Received) -> Reply:
        """Answer one call."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json({"message": "Bad credentials"}, 401)
        address = urlsplit(request.path)
        place = f"/api/repos/{NAME}"
        path = unquote(address.path)
        if not path.startswith(place):
            return _MISSING
        asked = {key: values[-1] for key, values in parse_qs(address.query).items()}
        for method, pattern, answer in _ROUTES:
            found = re.fullmatch(pattern, path[len(place) :])
            if method == request.method and found:
                data = json.loads(request.body) if request.body else asked
                return self._paged(request, asked, answer(self, *found.groups(), data))
        return _MISSING

    def _paged(
        self, request: Received, asked: Mapping[str, str], answer: Reply
    ) -> Reply:
        """Cut a list into pages, with a link to the next one."""
        entries = json.loads(answer.body or b"null")
        if request.method != "GET" or not isinstance(entries, list):
            return answer
        size = min(int(asked.get("per_page", "30")), self.page)
        page = int(asked.get("page", "1"))
        cut = entries[(page - 1) * size : page * size]
        if page * size >= len(entries):
            return as_json(cut)
        path = request.path.split("?")[0]
        link = f'<{self.server.url}{path}?per_page={size}&page={page + 1}>; rel="next"'
        return as_json(cut, Link=link)


_MISSING = as_json({"message": "Not Found"}, 404)


def _committer(stamp: str) -> dict[str, str]:
    return {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (
            ("NAME", "Forge"),
            ("EMAIL", "noreply@forge.example"),
            ("DATE", stamp),
        )
    }


_STATUS = {
    "A": "added",
    "M": "modified",
    "D": "removed",
    "R": "renamed",
    "T": "changed",
}


def _changes(fields: Iterator[str]) -> Iterator[dict[str, Any]]:
    for head in fields:
        if not head:
            return
        _, _, old, new, status = head.split(" ")
        path = next(fields)
        shown = {"status": _STATUS[status[0]], "sha": new}
        if status[0] == "R":
            shown["previous_filename"], path = path, next(fields)
        if status[0] == "D":
            shown["sha"] = old
        yield {"filename": path, **shown}


def _pull(show: Callable[[Forge, PullState], Any]) -> Callable[..., Reply]:
    """Answer with something of one pull request."""

    def answer(forge: Forge, number: str, _: object) -> Reply:
        pull = forge.pulls.get(int(number))
        return as_json(show(forge, pull)) if pull else _MISSING

    return answer


def _review(forge: Forge, number: str, review: str, _: object) -> Reply:
    for found in forge.pulls[int(number)].reviews:
        if found["id"] == int(review):
            return as_json(found)
    return _MISSING


def _pulls(forge: Forge, asked: Mapping[str, str]) -> Reply:
    state, base = asked.get("state", "open"), asked.get("base")
    branch = asked.get("head", ":").split(":")[1]
    return as_json(
        [
            forge.show_pull(pull)
            for pull in forge.pulls.values()
            if state in {"all", pull.state}
            and base in {None, pull.base}
            and branch in {"", pull.branch}
        ]
    )


def _pulls_with(forge: Forge, commit: str, _: object) -> Reply:
    """Find pull requests by their merge commit, or by a commit of their branch."""
    return as_json(
        [
            forge.show_pull(pull)
            for pull in forge.pulls.values()
            if commit == pull.merge_commit
            or commit in {each["sha"] for each in forge.show_commits(pull)}
        ]
    )


def _open(forge: Forge, data: Mapping[str, str]) -> Reply:
    known = forge.remote.git("for-each-ref", f"refs/heads/{data['head']}")
    is_open = any(
        pull.branch == data["head"] and pull.state == "open"
        for pull in forge.pulls.values()
    )
    if is_open or not known:
        return as_json({"message": "Validation Failed"}, 422)
    made = forge.open(
        data["head"], author=BOT, title=data["title"], body=data.get("body", "")
    )
    return as_json(forge.show_pull(made), 201)


def _say(forge: Forge, number: str, data: Mapping[str, str]) -> Reply:
    return as_json(forge.say(int(number), data["body"]), 201)


def _correct(forge: Forge, comment: str, data: Mapping[str, str]) -> Reply:
    for found in (each for listed in forge.comments.values() for each in listed):
        if found["id"] == int(comment):
            found["body"] = data["body"]
            return as_json(found)
    return _MISSING


def _comments(forge: Forge, number: str, _: object) -> Reply:
    return as_json(forge.comments.get(int(number), []))


def _ask(forge: Forge, number: str, data: Mapping[str, list[str]]) -> Reply:
    pull = forge.pulls[int(number)]
    unknown = set(data.get("reviewers", [])) - set(forge.people.values())
    if unknown:
        return as_json({"message": "Reviews may only be requested from ..."}, 422)
    pull.asked += data.get("reviewers", [])
    return as_json(forge.show_pull(pull), 201)


def _label(forge: Forge, number: str, data: Mapping[str, list[str]]) -> Reply:
    pull, issue = forge.pulls.get(int(number)), forge.issues.get(int(number))
    labels: list[str] = pull.labels if pull else issue["labels"] if issue else []
    labels += data["labels"]
    return as_json([{"name": label} for label in labels])


def _issue(forge: Forge, number: str, _: object) -> Reply:
    issue = forge.issues.get(int(number))
    return as_json({"number": int(number), **issue}) if issue else _MISSING


def _refs(forge: Forge, prefix: str, _: object) -> Reply:
    form = "--format=%(refname) %(objectname)"
    listed = forge.remote.git("for-each-ref", form, "refs/heads").splitlines()
    pairs = (line.split(" ") for line in listed)
    return as_json(
        [
            {"ref": ref, "object": {"sha": sha, "type": "commit"}}
            for ref, sha in pairs
            if ref.startswith(f"refs/{prefix}")
        ]
    )


def _branch(forge: Forge, data: Mapping[str, str]) -> Reply:
    if forge.remote.git("for-each-ref", data["ref"]):
        return as_json({"message": "Reference already exists"}, 422)
    forge.remote.git("update-ref", data["ref"], data["sha"])
    return as_json({"ref": data["ref"], "object": {"sha": data["sha"]}}, 201)


def _repository(_: Forge, __: object) -> Reply:
    return as_json({"id": 501, "full_name": NAME, "default_branch": "main"})


_ROUTES: tuple[tuple[str, str, Callable[..., Reply]], ...] = (
    ("GET", "", _repository),
    ("GET", r"/commits/([0-9a-f]+)/pulls", _pulls_with),
    ("GET", "/pulls", _pulls),
    ("POST", "/pulls", _open),
    ("GET", r"/pulls/(\d+)", _pull(Forge.show_pull)),
    ("GET", r"/pulls/(\d+)/reviews", _pull(lambda _, pull: pull.reviews)),
    ("GET", r"/pulls/(\d+)/reviews/(\d+)", _review),
    ("GET", r"/pulls/(\d+)/commits", _pull(Forge.show_commits)),
    ("GET", r"/pulls/(\d+)/files", _pull(Forge.show_files)),
    ("POST", r"/pulls/(\d+)/requested_reviewers", _ask),
    ("GET", r"/issues/(\d+)", _issue),
    ("GET", r"/issues/(\d+)/comments", _comments),
    ("POST", r"/issues/(\d+)/comments", _say),
    ("PATCH", r"/issues/comments/(\d+)", _correct),
    ("POST", r"/issues/(\d+)/labels", _label),
    ("GET", r"/git/matching-refs/(.+)", _refs),
    ("POST", "/git/refs", _branch),
)


@contextmanager
def forging(remote: Repository) -> Iterator[Forge]:
    """Run a forge for the length of a test."""
    with serve(lambda _: _MISSING) as server:
        forge = Forge(remote, server)
        server.respond = forge.respond
        yield forge
