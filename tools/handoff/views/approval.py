"""What is said on a pull request to somebody whose approval did not count."""

import re

from handoff.evaluation.approval import Outcome
from handoff.views.escaping import markdown

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,37}[A-Za-z0-9_])?")
_LEAD = "Your approval was not counted as acknowledgement:"


def marker(outcome: Outcome) -> str:
    """Name the comment, so that the same refusal is told once."""
    names = "+".join(reason.name for reason in outcome.reasons)
    return f"approval-{outcome.review.id}-{names}"


def sentence(outcome: Outcome) -> str:
    """Say why in one line of plain text."""
    return f"{_LEAD} {'; '.join(reason.text for reason in outcome.reasons)}"


def comment(outcome: Outcome) -> str:
    """Tell whoever approved, by name, why it did not count and what to do."""
    reasons = outcome.reasons
    if len(reasons) == 1:
        said = f" {markdown(reasons[0].text)}. {markdown(reasons[0].hint)}"
    else:
        lines = (f"- {markdown(r.text)}. {markdown(r.hint)}" for r in reasons)
        said = "\n\n" + "\n".join(lines)
    return f"{_address(outcome)}{_LEAD}{said}\n"


def _address(outcome: Outcome) -> str:
    """Mention the reviewer, and nobody else: the rest is escaped."""
    login = outcome.review.account.login if outcome.review.account else ""
    return f"@{login} " if _LOGIN.fullmatch(login) else ""
