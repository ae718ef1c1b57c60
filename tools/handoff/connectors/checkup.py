"""What the forge's settings really do: rules, code owners, rights of jobs, ledger."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from handoff.connectors.github_api import Api, ForgeError
from handoff.model.checkup import Health, Symptom
from handoff.records.fact import value_at

_RULES = "Settings, Rules, Rulesets: a ruleset for the default branch, active; then "
_LEDGER_RULES = "Settings, Rules, Rulesets: a ruleset for `{}` with "
_UNSEEN = frozenset({401, 403, 404})
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """A rule that the default branch should have.

    Attributes:
        rule: its kind, as the API names it.
        parameter: path of the parameter that must hold something; empty for none.
    """

    rule: str
    parameter: tuple[str, ...]
    said: str
    hint: str


WISHES = (
    Wish(
        "pull_request",
        (),
        "changes come by pull request only",
        "require a pull request before merging",
    ),
    Wish(
        "pull_request",
        ("required_approving_review_count",),
        "a pull request needs an approval",
        "set the required approvals to 1",
    ),
    Wish(
        "pull_request",
        ("require_code_owner_review",),
        "code owners must approve",
        "require review from code owners",
    ),
    Wish(
        "pull_request",
        ("dismiss_stale_reviews_on_push",),
        "a push after an approval cancels it",
        "dismiss stale approvals when new commits are pushed",
    ),
    Wish(
        "pull_request",
        ("require_last_push_approval",),
        "nobody approves their own last push",
        "require approval of the most recent reviewable push",
    ),
    Wish(
        "required_status_checks",
        ("required_status_checks",),
        "a check must pass",
        "require the status check `Records are complete and valid`",
    ),
    Wish(
        "non_fast_forward",
        (),
        "history cannot be rewritten",
        "block force pushes",
    ),
    Wish("deletion", (), "the branch cannot be deleted", "restrict deletions"),
)


def check_forge(api: Api, ledger: str) -> Iterator[Symptom]:
    """Read the live settings; what the token may not see stays unknown.

    Args:
        api: of the repository.
        ledger: name of the ledger's branch.

    Raises:
        HandoffError: the forge cannot be asked at all.
    """
    default = str(value_at(_mapping(api.get("")), ("default_branch",)) or "main")
    yield from _asked(
        "rules", lambda: _rules(default, _kinds(api.pages(f"rules/branches/{default}")))
    )
    yield from _asked("ledger", lambda: _ledger_rules(api, ledger))
    yield from _asked("code owners", lambda: _owners(api))
    yield from _asked("jobs", lambda: _jobs(api))


def _asked(area: str, ask: Callable[[], Iterator[Symptom]]) -> Iterator[Symptom]:
    """Give what can be seen; a refusal is told, not passed over."""
    try:
        yield from tuple(ask())
    except ForgeError as error:
        if error.status not in _UNSEEN:
            raise
        said = "the token may not see these settings"
        hint = "Use a token with read access to administration, or look there yourself."
        yield Symptom(area, Health.UNKNOWN, said, hint)


def _kinds(rules: Iterator[object]) -> Mapping[str, list[Mapping[str, object]]]:
    found: dict[str, list[Mapping[str, object]]] = {}
    for rule in map(_mapping, rules):
        parameters = _mapping(rule.get("parameters"))
        found.setdefault(str(rule.get("type")), []).append(parameters)
    return found


def _rules(
    branch: str, rules: Mapping[str, list[Mapping[str, object]]]
) -> Iterator[Symptom]:
    for wish in WISHES:
        there = rules.get(wish.rule, [])
        if any(value_at(each, wish.parameter) or not wish.parameter for each in there):
            yield Symptom(branch, Health.OK, wish.said)
        else:
            said = f"not in force: {wish.said}"
            yield Symptom(branch, Health.OFF, said, f"{_RULES}{wish.hint}.")


def _ledger_rules(api: Api, ledger: str) -> Iterator[Symptom]:
    rules = _kinds(api.pages(f"rules/branches/{quote(ledger)}"))
    if blocking := sorted(rules.keys() & {"pull_request", "required_status_checks"}):
        said = f"the rule `{blocking[0]}` keeps the jobs from writing the ledger"
        yield Symptom(
            ledger, Health.OFF, said, f"Leave `{ledger}` out of that ruleset."
        )
    missing = [n for n in ("non_fast_forward", "deletion") if n not in rules]
    if missing:
        said = "the ledger can be rewritten or deleted"
        hint = (
            _LEDGER_RULES.format(ledger) + "deletions restricted, force pushes blocked."
        )
        yield Symptom(ledger, Health.OFF, said, hint)
    elif not blocking:
        yield Symptom(ledger, Health.OK, "it can only grow")


def _owners(api: Api) -> Iterator[Symptom]:
    found = _mapping(api.get("codeowners/errors")).get("errors")
    errors = [_mapping(error) for error in found] if isinstance(found, list) else []
    for error in errors[:_SHOWN]:
        place = f"{error.get('path')}:{error.get('line')}"
        said = f"{place}: {error.get('kind')}, so the line has no effect"
        hint = str(error.get("suggestion") or "Name an account that may write here.")
        yield Symptom("code owners", Health.OFF, said, hint)
    if not errors:
        yield Symptom("code owners", Health.OK, "every line has its effect")


def _jobs(api: Api) -> Iterator[Symptom]:
    rights = _mapping(api.get("actions/permissions/workflow"))
    if rights.get("default_workflow_permissions") == "read":
        yield Symptom("jobs", Health.OK, "a job that names no rights can only read")
    else:
        hint = "Settings, Actions, General, Workflow permissions: read only."
        said = "a job that names no rights can write"
        yield Symptom("jobs", Health.OFF, said, hint)
    if rights.get("can_approve_pull_request_reviews"):
        yield Symptom("jobs", Health.OK, "intake can open pull requests")
    else:
        hint = (
            "Settings, Actions, General: allow GitHub Actions to create pull requests; "
            "or set HANDOFF_APP_ID and HANDOFF_APP_KEY of an app (docs/workflows.md)."
        )
        said = "intake cannot open pull requests with the token of its job"
        yield Symptom("jobs", Health.OFF, said, hint)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
