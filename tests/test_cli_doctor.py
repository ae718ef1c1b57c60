"""`handoff doctor`: what is off here and on the forge, and how to set it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from handoff.cli.starter import COPIED
from handoff.connectors.checkup import WISHES
from support.cli import Ran, handoff
from support.forge import NAME, TOKEN
from support.git import Repository
from support.local_server import LocalServer, Received, Reply, as_json, serve
from support.slack import TOKEN as SLACK_TOKEN

PEOPLE = ("--person", "Juno Adeyemi, deal-owner, @juno-a, 77")
RECEIVER = ("--person", "Mika Storm, customer-success, @mika-s, 78")
RULES: list[dict[str, Any]] = [
    {
        "type": "pull_request",
        "parameters": {
            "required_approving_review_count": 1,
            "require_code_owner_review": True,
            "dismiss_stale_reviews_on_push": True,
            "require_last_push_approval": True,
        },
    },
    {
        "type": "required_status_checks",
        "parameters": {"required_status_checks": [{"context": "Records"}]},
    },
    {"type": "non_fast_forward"},
    {"type": "deletion"},
]
GOOD: Mapping[str, Any] = {
    "": {"default_branch": "main"},
    "/rules/branches/main": RULES,
    "/rules/branches/handoff-ledger": RULES[2:],
    "/codeowners/errors": {"errors": []},
    "/actions/permissions/workflow": {
        "default_workflow_permissions": "read",
        "can_approve_pull_request_reviews": True,
    },
}


@pytest.fixture
def started(tmp_path: Path) -> Repository:
    root = tmp_path / "deals"
    options = ("--enforce-from", "2026-04-01", *PEOPLE, *RECEIVER)
    assert handoff("init", str(root), *options).code == 0
    made = Repository(root)
    made.commit("Start")
    return made


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serve(lambda _: Reply(404)) as made:
        yield made


def _serving(server: LocalServer, answers: Mapping[str, Any]) -> dict[str, str]:
    """Let the server answer as a forge with these settings; give its variables."""

    def respond(request: Received) -> Reply:
        assert request.method == "GET"
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        path = request.path.split("?")[0].removeprefix(f"/api/repos/{NAME}")
        if path not in answers:
            return as_json({"message": "Not Found"}, 404)
        return as_json(answers[path])

    server.respond = respond
    return {
        "GITHUB_API_URL": f"{server.url}/api",
        "GITHUB_REPOSITORY": NAME,
        "GITHUB_TOKEN": TOKEN,
    }


def _off(ran: Ran) -> list[str]:
    return [line[8:] for line in ran.out.splitlines() if line.startswith("off")]


def test_a_new_repository_is_in_order_here(started: Repository) -> None:
    ran = handoff("doctor", "--offline", at=started)
    assert (ran.code, _off(ran)) == (0, [])
    assert ran.out.endswith("0 off, 1 unknown\n")


def test_without_a_token_the_forge_stays_unknown(started: Repository) -> None:
    ran = handoff("doctor", at=started)
    assert ran.code == 0
    assert "unknown forge: not asked, GITHUB_REPOSITORY is not set" in ran.out


BREAK = {
    "hook": ("config", "--unset", "core.hooksPath"),
    "drivers": ("config", "--unset", "merge.handoff.driver"),
}


@pytest.mark.parametrize("area", BREAK)
def test_a_clone_that_is_not_set_up_is_told_how(area: str, started: Repository) -> None:
    started.git(*BREAK[area])
    ran = handoff("doctor", "--offline", at=started)
    assert ran.code == 1
    assert [line.split(":")[0] for line in _off(ran)] == [area]
    assert "do: Type `handoff init`" in ran.out
    handoff("init", ".", at=started)
    assert handoff("doctor", "--offline", at=started).code == 0


def test_a_hook_of_their_own_counts(started: Repository) -> None:
    started.git("config", "--unset", "core.hooksPath")
    started.write(".git/hooks/pre-commit", "#!/bin/sh\nexec pre-commit run\n")
    assert handoff("doctor", "--offline", at=started).code == 0


def test_a_shallow_clone_is_told_how(started: Repository, tmp_path: Path) -> None:
    started.commit("More")
    shallow = Repository(tmp_path / "shallow")
    url = f"file://{started.root}"
    started.git("clone", "--quiet", "--depth=1", url, str(shallow.root))
    handoff("init", ".", at=shallow)
    (found,) = _off(handoff("doctor", "--offline", at=shallow))
    assert found.startswith("history: this clone is shallow")


def test_broken_policy_and_lost_files_are_named(started: Repository) -> None:
    started.write("schemas/policy/calendars.yaml", "zone: 7\n")
    (started.root / ".github/workflows/check.yml").unlink()
    path = ".github/workflows/daily.yml"
    text = "steps:\n  - uses: actions/checkout@v1\n  - run: handoff daily\n"
    started.write(path, text)
    found = _off(handoff("doctor", "--offline", at=started))
    assert [line.split(":")[0] for line in found] == [
        "policy",
        "workflows",
        "workflows",
    ]
    assert "schemas/policy/calendars.yaml:1" in found[0]
    assert ".github/workflows/check.yml" in found[1]
    assert "daily.yml checks out without the whole history" in found[2]


def test_receivers_nobody_can_recognise_are_named(tmp_path: Path) -> None:
    root = tmp_path / "deals"
    options = (
        "--enforce-from",
        "2026-04-01",
        "--person",
        "Mika Storm, customer-success",
    )
    handoff("init", str(root), *options)
    found = _off(handoff("doctor", "--offline", at=root))
    assert len(found) == 2
    assert "nobody with the role customer-success has an `account`" in found[0]
    assert "mika-storm cannot be asked for a review" in found[1]


def test_settings_that_are_in_force_are_right(
    started: Repository, server: LocalServer
) -> None:
    ran = handoff("doctor", at=started, env=_serving(server, GOOD))
    assert (ran.code, _off(ran), ran.err) == (0, [], "")
    assert "every line has its effect" in ran.out


def test_a_forge_without_rules_is_told_each_one(
    started: Repository, server: LocalServer
) -> None:
    bare = {
        **GOOD,
        "/rules/branches/main": [],
        "/rules/branches/handoff-ledger": [],
        "/actions/permissions/workflow": {"default_workflow_permissions": "write"},
    }
    ran = handoff("doctor", at=started, env=_serving(server, bare))
    assert ran.code == 1
    found = _off(ran)
    assert len(found) == len(WISHES) + 3
    assert "main: not in force: code owners must approve" in found
    assert "handoff-ledger: the ledger can be rewritten or deleted" in found
    assert "jobs: intake cannot open pull requests with the token of its job" in found


def test_a_rule_that_is_listed_without_effect_is_off(
    started: Repository, server: LocalServer
) -> None:
    weak = {**RULES[0], "parameters": {"required_approving_review_count": 0}}
    answers = {**GOOD, "/rules/branches/main": [weak, *RULES[1:]]}
    found = _off(handoff("doctor", at=started, env=_serving(server, answers)))
    assert [line.split(": ")[2] for line in found] == [
        wish.said for wish in WISHES if wish.rule == "pull_request" and wish.parameter
    ]


def test_a_rule_that_keeps_jobs_from_the_ledger_is_off(
    started: Repository, server: LocalServer
) -> None:
    answers = {**GOOD, "/rules/branches/handoff-ledger": RULES}
    found = _off(handoff("doctor", at=started, env=_serving(server, answers)))
    assert found == [
        "handoff-ledger: the rule `pull_request` keeps the jobs from writing the ledger"
    ]


def test_code_owners_without_effect_are_named(
    started: Repository, server: LocalServer
) -> None:
    error = {
        "path": ".github/CODEOWNERS",
        "line": 4,
        "kind": "Unknown owner\u202e",
        "suggestion": None,
    }
    answers = {**GOOD, "/codeowners/errors": {"errors": [error]}}
    ran = handoff("doctor", at=started, env=_serving(server, answers))
    assert "CODEOWNERS:4: Unknown owner\\u202e, so the line has no effect" in ran.out


def test_what_the_token_may_not_see_is_unknown(
    started: Repository, server: LocalServer
) -> None:
    env = _serving(server, {"": GOOD[""]})
    ran = handoff("doctor", at=started, env=env)
    assert ran.code == 0
    assert ran.out.count("the token may not see these settings") == 4


def test_a_forge_that_is_down_is_an_error_of_its_own(
    started: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.cli.forge._wait", lambda _: None)
    env = {
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "GITHUB_REPOSITORY": NAME,
        "GITHUB_TOKEN": TOKEN,
    }
    ran = handoff("doctor", at=started, env=env)
    assert (ran.code, ran.out) == (3, "")
    assert TOKEN not in ran.err


def test_scopes_of_slack_are_compared(started: Repository, server: LocalServer) -> None:
    path = "schemas/policy/channels.yaml"
    text = (started.root / path).read_text(encoding="utf-8")
    channels = (
        "channels:\n"
        "  - {name: wins, kind: slack, to: C0DEALS01, token_from: MY_SLACK}\n"
        "  - {name: direct, kind: slack, token_from: MY_SLACK}"
    )
    started.write(path, text.replace("channels: []", channels))
    scopes = {"X-OAuth-Scopes": "chat:write,groups:history,im:write"}
    server.respond = lambda _: Reply(200, b'{"ok": true}', scopes)
    env = {"SLACK_API_URL": f"{server.url}/api/"}
    unset = handoff("doctor", at=started, env=env)
    assert "unknown channel wins: MY_SLACK is not set here" in unset.out
    ran = handoff("doctor", at=started, env={**env, "MY_SLACK": SLACK_TOKEN})
    assert [line.split(",")[0] for line in _off(ran)] == [
        "channel direct: no scope im:history",
        "channel direct: no scope users:read.email",
    ]
    assert SLACK_TOKEN not in ran.out


def test_json_says_the_same(started: Repository) -> None:
    ran = handoff("doctor", "--offline", "--format", "json", at=started)
    said = json.loads(ran.out)
    assert said["version"] == 1
    assert {each["health"] for each in said["settings"]} == {"ok", "unknown"}


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    ran = handoff("doctor", "--offline", at=tmp_path)
    assert ran.code == 3


def test_it_looks_for_every_workflow_that_is_shipped() -> None:
    assert sum(".github/workflows/" in name for name in COPIED) == 7
