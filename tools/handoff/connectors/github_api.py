"""Talking to GitHub's API: one call, or all pages of a list; whatever is odd fails.

A look-up that fails must never look like "nobody approved" or "this was all": every
doubt becomes an error (exit code 3), after which the command can simply be run again.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from handoff.connectors.github_shapes import reject
from handoff.connectors.http import Answer, Request, Send
from handoff.connectors.retrying import is_rate_limited
from handoff.model.errors import HandoffError

_VERSION = "2022-11-28"
_PAGE = 100
_MOST_PAGES = 40
_NEXT = re.compile(r'<([^<>]*)>\s*;\s*rel="?next"?')
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_AGAIN = "Nothing was decided by it. Run the command again in some minutes."
_NO_CONTENT = 204
_REASONS = {
    401: (
        "it does not accept the token",
        "Set GITHUB_TOKEN to a token that has not expired.",
    ),
    403: (
        "the token may not do this",
        "Give the job the permissions that docs/acknowledgement.md names.",
    ),
    404: (
        "it knows nothing there, or the token may not see it",
        "Check GITHUB_REPOSITORY and the permissions of docs/acknowledgement.md.",
    ),
    422: (
        "it refuses the request as invalid",
        "Check that the branch and the people named exist there.",
    ),
}


class ForgeError(HandoffError):
    """The forge refused a call, or answered it with something unusable."""

    def __init__(self, message: str, hint: str, status: int = 0) -> None:
        super().__init__(message, hint)
        self.status = status


@dataclass(frozen=True, slots=True)
class Api:
    """A repository's part of the API.

    Attributes:
        url: address of the API, as in GITHUB_API_URL.
        repository: owner and name, as in GITHUB_REPOSITORY.
        token: sent to that address alone; never shown.
        send: how requests go out.
    """

    url: str
    repository: str
    token: str = field(repr=False)
    send: Send = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a name that would lead elsewhere in the API."""
        if not _REPOSITORY.fullmatch(self.repository) or ".." in self.repository:
            message = "the repository's name is not of the form OWNER/NAME"
            raise HandoffError(message, "Set GITHUB_REPOSITORY, as in acme/handoffs.")

    def get(self, path: str) -> object:
        """Ask for one thing.

        Args:
            path: below the repository, without a slash at its start.

        Raises:
            HandoffError: no answer, a refusal, or no JSON.
        """
        return self._json(self._send("GET", self._address(path)))

    def pages(self, path: str, **query: str) -> Iterator[object]:
        """Ask for a list, and give the entries of all its pages.

        Raises:
            HandoffError: a page fails, leads to another host, or they never end.
        """
        asked = urlencode({**query, "per_page": str(_PAGE)})
        address: str | None = f"{self._address(path)}?{asked}"
        for page in range(1, _MOST_PAGES + 1):
            if address is None:
                return
            answer = self._send("GET", address)
            entries = self._json(answer)
            if not isinstance(entries, list):
                reject("a list was expected")
            yield from entries
            following = self._next(answer, path)
            # A page that is full and names no next one may have lost its header.
            is_full = len(entries) >= _PAGE
            guess = f"{self._address(path)}?{asked}&page={page + 1}"
            address = following or (guess if is_full else None)
        if address is not None:
            reject(f"a list has more than {_MOST_PAGES} pages")

    def put(self, method: str, path: str, data: Mapping[str, object]) -> object:
        """Change something: POST, PUT or PATCH.

        It is sent once, as an answer that was lost may hide that it was done.

        Raises:
            HandoffError: as for `get`; it may have been done.
        """
        body = json.dumps(data).encode()
        return self._json(self._send(method, self._address(path), body))

    def _address(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/repos/{self.repository}/{path}".rstrip("/")

    def _send(self, method: str, address: str, body: bytes = b"") -> Answer:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "X-GitHub-Api-Version": _VERSION,
        }
        if body:
            headers["Content-Type"] = "application/json"
        answer = self.send(Request(method, address, headers, body))
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - success, in HTTP
            raise _refusal(answer)
        return answer

    def _next(self, answer: Answer, path: str) -> str | None:
        """Find the next page, which must lie where the first one lay."""
        found = _NEXT.search(answer.headers.get("link", ""))
        if not found:
            return None
        # GitHub names the repository by number in its links.
        host = self.url.rstrip("/") + "/"
        resource = path.rsplit("/", 1)[-1]
        if not (found[1].startswith(host) and f"/{resource}?" in found[1]):
            reject("the next page lies somewhere else")
        return found[1]

    def _json(self, answer: Answer) -> object:
        if answer.status == _NO_CONTENT:
            return None
        try:
            return json.loads(answer.body.decode("utf-8"))
        except (ValueError, RecursionError):
            reject("it is not JSON")


def _refusal(answer: Answer) -> ForgeError:
    status = answer.status
    if is_rate_limited(answer):
        reason, hint = "its rate limit is used up", _AGAIN
    elif 300 <= status < 400:  # noqa: PLR2004 - redirects, in HTTP
        reason = "it points to another address, which is not followed"
        hint = "If the repository was renamed, set GITHUB_REPOSITORY to its new name."
    else:
        reason, hint = _REASONS.get(status, ("it could not answer", _AGAIN))
    return ForgeError(f"the forge answered {status}: {reason}", hint, status)
