"""What the forge is told about a record: its pull request, and one comment on it."""

from collections.abc import Sequence

from handoff.connectors.github import GitHub, hidden_marker
from handoff.connectors.github_api import ForgeError

_NOT_POSSIBLE = 422


def keep_comment(
    github: GitHub, issue: int, marker: str, body: str, *, is_news: bool = True
) -> bool:
    """Keep one comment below an issue or pull request up to date.

    Args:
        github: the forge.
        issue: its number.
        marker: names the comment; it stays invisible.
        body: markdown, already escaped.
        is_news: whether it is written where there is none yet.

    Returns:
        Whether anything was written.
    """
    hidden = hidden_marker(marker)
    wanted = f"{hidden}\n{body}"
    own = (c for c in github.comments(issue) if c.body.startswith(hidden))
    known = next(own, None)
    if known is None and is_news:
        github.comment(issue, wanted)
        return True
    # The forge may store other line ends than it was given.
    if known is None or known.body.replace("\r\n", "\n").strip() == wanted.strip():
        return False
    github.api.put("PATCH", f"issues/comments/{known.id}", {"body": wanted})
    return True


def ask_for_review(github: GitHub, pull: int, logins: Sequence[str]) -> str:
    """Ask people for a review; say so where the forge does not know them here."""
    if not logins:
        return "nobody who may acknowledge it has a `login` in people.yaml"
    try:
        github.request_reviewers(pull, logins)
    except ForgeError as error:
        if error.status != _NOT_POSSIBLE:
            raise
        return f"the forge would not ask {', '.join(logins)}: have they access here?"
    return ""
