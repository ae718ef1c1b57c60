"""Owners and policy are changed only by those whom policy names."""

from collections.abc import Iterator

from handoff.evaluation.change import Actor, Change, ChangeContext
from handoff.evaluation.rules.rule import ChangeRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.identity import is_near_tree
from handoff.model.span import TOP

_OWNER = error(
    "unauthorised-owner-change",
    "the owner of a record was changed by somebody who may not",
    "The owner is who is measured and who is told. `owner_changed_by` in "
    "schemas/policy/trust.yaml names the roles that may hand a deal to somebody else; "
    "people are known by the accounts and addresses in people.yaml, as both files "
    "stood before the change.",
)
_POLICY = error(
    "unauthorised-policy-change",
    "policy was changed by somebody who may not",
    "Stages, clocks, people and waivers decide every verdict. `policy_changed_by` in "
    "schemas/policy/trust.yaml names the roles that may change them. A change is "
    "judged by the policy of its base: it cannot relax the gate it is judged by.",
)


def _owner(change: Change, context: ChangeContext) -> Iterator[Finding]:
    drafts = change.drafts()
    if drafts is None:
        return
    was, now = (draft.document.header.get("owner") for draft in drafts)
    if not was or was == now:
        return
    roles = context.policy.trust.owner_changed_by
    for stranger in _strangers(change, context, roles):
        message = f"`owner` was `{was}` and is `{now}`, changed by {stranger}"
        yield at(drafts[1], ("owner",), _OWNER, message, _hint(roles))


def _policy(change: Change, context: ChangeContext) -> Iterator[Finding]:
    if is_near_tree(change.path):
        return
    roles = context.policy.trust.policy_changed_by
    for stranger in _strangers(change, context, roles):
        message = f"this file of policy was changed by {stranger}"
        hint = f"{_hint(roles)} The policy before the change decides."
        yield Finding(_POLICY.name, TOP, message, hint)


def _strangers(
    change: Change, context: ChangeContext, roles: tuple[str, ...]
) -> Iterator[str]:
    """Name those behind the change who hold none of the roles."""
    if not roles:
        return
    for actor in change.actors:
        person = context.policy.roster.known_as(actor.account, actor.email)
        if person is None:
            yield f"{_name(actor)}, whom people.yaml does not know"
        elif not any(person.holds(role, context.today) for role in roles):
            yield f"`{person.handle}`"


def _name(actor: Actor) -> str:
    return f"`{actor.name}`" if actor.name else "nobody known"


def _hint(roles: tuple[str, ...]) -> str:
    names = " or ".join(f"`{role}`" for role in roles)
    return f"Ask somebody who holds {names} to make this change."


RULES = (ChangeRule(_OWNER, _owner), ChangeRule(_POLICY, _policy))
