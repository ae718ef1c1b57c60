"""The local half of a check-up: this clone, and the files of the repository."""

import os
import re
from collections.abc import Iterator

from handoff.cli.clock import read_clock
from handoff.cli.clone import DRIVERS, HOOK, HOOKS_PATH, missing_attributes, setting
from handoff.cli.starter import COPIED
from handoff.model.checkup import Health, Symptom
from handoff.model.errors import HandoffError
from handoff.model.instant import day_of
from handoff.policy.policy import Policy, load_policy
from handoff.repository.git import Git
from handoff.repository.ledger_refs import BRANCH, tip_of
from handoff.repository.snapshot import WorktreeSnapshot

_AGAIN = "Type `handoff init` in the top folder of this clone."
_FULL = re.compile(r"fetch-depth: 0\b")
_CHECKOUT = "actions/checkout@"


def check_local(git: Git) -> Iterator[Symptom]:
    """Look at clone, policy, people and workflows."""
    yield from _clone(git)
    yield from _policy(git)
    yield from _workflows(git)
    has_ledger = bool(tip_of(git))
    said = f"the branch {BRANCH} is here" if has_ledger else f"no branch {BRANCH} yet"
    hint = "" if has_ledger else "The first run of Acknowledge or Clocks makes it."
    yield Symptom("ledger", Health.OK if has_ledger else Health.UNKNOWN, said, hint)


def _clone(git: Git) -> Iterator[Symptom]:
    yield _either(
        "history",
        not git.is_shallow(),
        "all of it is here",
        "this clone is shallow, so questions about the past have no answer",
        "Type `git fetch --unshallow`; in a workflow set `fetch-depth: 0`.",
    )
    name, wanted = HOOKS_PATH
    found = setting(git, name)
    is_hooked = found == wanted and os.access(git.root / HOOK, os.X_OK)
    yield _either(
        "hook",
        is_hooked or _has_other_hook(git, found),
        "a commit that breaks a record is refused",
        "nothing judges a commit before it is made",
        _AGAIN,
    )
    missing = [name for name, value in DRIVERS.items() if setting(git, name) != value]
    yield _either(
        "drivers",
        not missing,
        "git merges and shows records by field",
        f"git does not know `{missing[0] if missing else ''}`",
        _AGAIN,
    )
    yield _either(
        "attributes",
        not missing_attributes(git.root),
        "records are sent through the drivers",
        "`.gitattributes` sends no records through the drivers",
        _AGAIN,
    )


def _has_other_hook(git: Git, path: str) -> bool:
    """Tell whether a hook of somebody's own runs handoff or pre-commit."""
    folder = git.root / path if path else git.root / ".git/hooks"
    hook = folder / "pre-commit"
    if not hook.is_file():
        return False
    text = hook.read_text(encoding="utf-8", errors="replace")
    return "handoff" in text or "pre-commit" in text


def _policy(git: Git) -> Iterator[Symptom]:
    try:
        policy, found = load_policy(WorktreeSnapshot(git))
    except HandoffError as error:
        yield Symptom("policy", Health.OFF, error.message, error.hint)
        return
    if policy is None:
        first = f"{found[0].path}:{found[0].span.line}: {found[0].message}"
        yield Symptom("policy", Health.OFF, first, "Run `handoff check` to see it all.")
        return
    yield Symptom("policy", Health.OK, "it loads, and this tool is new enough")
    yield from _people(policy)


def _people(policy: Policy) -> Iterator[Symptom]:
    """See that somebody can receive, and can be asked and recognised on the forge."""
    roster, today = policy.roster, day_of(read_clock(), policy.zone)
    role = roster.acknowledged_by
    holders = [roster.people[h] for h in roster.holders(role, today)]
    known = [person for person in holders if person.account]
    yield _either(
        "people",
        bool(known),
        f"{len(known)} can acknowledge by approving",
        f"nobody with the role {role} has an `account`, so no approval counts",
        "Write the numeric id of the account into schemas/policy/people.yaml.",
    )
    silent = [person.handle for person in holders if not person.login]
    yield _either(
        "people",
        not silent,
        "everybody who may acknowledge can be asked for a review",
        f"{', '.join(silent)} cannot be asked for a review: no `login`",
        "Add `login` in schemas/policy/people.yaml, then type `handoff upgrade`.",
    )


def _workflows(git: Git) -> Iterator[Symptom]:
    wanted = [name for name in COPIED if name.startswith(".github/")]
    missing = [name for name in wanted if not (git.root / name).is_file()]
    yield _either(
        "workflows",
        not missing,
        "all of them are here",
        f"missing: {', '.join(missing)}",
        "Type `handoff upgrade`.",
    )
    for path in sorted((git.root / ".github/workflows").glob("*.y*ml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if "handoff" in text and text.count(_CHECKOUT) > len(_FULL.findall(text)):
            said = f"{path.name} checks out without the whole history"
            hint = "Set `fetch-depth: 0` below its checkout."
            yield Symptom("workflows", Health.OFF, said, hint)


def _either(area: str, is_right: bool, good: str, bad: str, hint: str) -> Symptom:  # noqa: FBT001 - both ways of one sentence
    if is_right:
        return Symptom(area, Health.OK, good)
    return Symptom(area, Health.OFF, bad, hint)
