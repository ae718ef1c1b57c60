"""CODEOWNERS: whom the forge asks for a review, made of the roster."""

from collections.abc import Iterable

from handoff.model.identity import Kind
from handoff.policy.policy import Policy

_HEAD = """\
# Made from schemas/policy/people.yaml by `handoff upgrade`; it is written again there.
# Only people with a `login` are named, and the forge counts only those who may write to
# this repository. The last line that fits a file decides.
"""


def render_owners(policy: Policy) -> str:
    """Write CODEOWNERS: who receives packets, and who may change policy."""
    roster = policy.roster
    lines = [(f"/{Kind.PACKET.tree}/", _logins(policy, (roster.acknowledged_by,)))]
    keepers = _logins(policy, policy.trust.policy_changed_by)
    lines += [("/schemas/", keepers), ("/.github/", keepers)]
    width = max(len(path) for path, _ in lines)
    written = (f"{path:{width}} {' '.join(who)}\n" for path, who in lines if who)
    return _HEAD + "".join(written)


def _logins(policy: Policy, roles: Iterable[str]) -> tuple[str, ...]:
    """Name the accounts of everybody who has one of some roles, without an end."""
    wanted = set(roles)
    return tuple(
        f"@{person.login}"
        for person in policy.roster.people.values()
        if person.login
        and any(held.role in wanted and not held.until for held in person.roles)
    )
