"""The shipped workflows, run against a local forge over real git."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from support.actions import Runner, tokens_seen
from support.cli import ROOT, records
from support.deals import KITES_PACKET
from support.expressions import filled_in, holds
from support.forge import TOKEN, PullState
from support.front_desk import COMPLETE, HANDOFF, Desk, desk_over, filled
from support.git import Repository
from support.reports import WON_WITHOUT_PACKET

NOW = "2026-04-21T15:10:00+02:00"
GAPS = {k: v for k, v in COMPLETE.items() if k != "Red flags"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = records(tmp_path / "records", WON_WITHOUT_PACKET, at="2026-04-21T08:00:00Z")
    with desk_over(made, tmp_path) as desk:
        yield desk


@pytest.fixture
def runner(desk: Desk, tmp_path: Path) -> Runner:
    return Runner(desk.forge, tmp_path / "runs")


def _proposed(desk: Desk, pull: PullState, at: str) -> Mapping[str, Any]:
    """Give the event of a pull request."""
    repository = {"id": 501, "full_name": "acme/handoffs"}
    user = {"id": pull.author, "login": "github-actions[bot]"}
    head = {"ref": pull.branch, "sha": desk.forge.tip(pull.branch), "repo": repository}
    base = {"ref": "main", "sha": desk.forge.tip("main"), "repo": repository}
    return {
        "action": "opened",
        "pull_request": {
            "number": pull.number,
            "title": pull.title,
            "user": user,
            "created_at": at,
            "updated_at": at,
            "head": head,
            "base": base,
        },
        "sender": user,
    }


def test_a_form_with_a_gap_fails_the_check_and_is_answered(
    desk: Desk, runner: Runner
) -> None:
    taken = runner.run("intake", "issues", desk.issue(filled(HANDOFF, GAPS)), NOW)
    assert taken.is_green, taken.out
    (pull,) = desk.forge.pulls.values()
    event = _proposed(desk, pull, "2026-04-21T13:10:00Z")
    checked = runner.run("check", "pull_request", event, NOW, pull.branch)
    assert not checked.is_green
    judged = next(s for s in checked.steps if s.name == "Judge records and change")
    assert judged.code == 1
    assert f"::error file={KITES_PACKET}," in judged.out
    assert "section \\`Red flags\\` is empty" in checked.summary
    (comment,) = desk.forge.comments[pull.number]
    assert "Not complete yet" in comment["body"]
    seen = runner.run("check", "pull_request", event, NOW, pull.branch)
    assert len(desk.forge.comments[pull.number]) == 1
    named = "Keep one comment on the pull request up to date"
    assert list(tokens_seen(seen)) == [named]
    assert TOKEN not in seen.out
    assert seen.permissions == {"contents": "read", "pull-requests": "write"}


def test_a_complete_form_passes_the_check(desk: Desk, runner: Runner) -> None:
    runner.run("intake", "issues", desk.issue(filled(HANDOFF, COMPLETE)), NOW)
    (pull,) = desk.forge.pulls.values()
    event = _proposed(desk, pull, "2026-04-21T13:10:00Z")
    checked = runner.run("check", "pull_request", event, NOW, pull.branch)
    assert checked.is_green, checked.out
    assert "**Complete.**" in checked.summary
    assert pull.number not in desk.forge.comments


def test_a_pull_request_from_a_fork_is_judged_and_not_commented(
    desk: Desk, runner: Runner
) -> None:
    runner.run("intake", "issues", desk.issue(filled(HANDOFF, GAPS)), NOW)
    (pull,) = desk.forge.pulls.values()
    event: Any = _proposed(desk, pull, "2026-04-21T13:10:00Z")
    event["pull_request"]["head"]["repo"] = {"full_name": "eve/handoffs"}
    checked = runner.run("check", "pull_request", event, NOW, pull.branch)
    assert not checked.is_green
    assert pull.number not in desk.forge.comments
    assert list(tokens_seen(checked)) == []


@pytest.mark.parametrize(
    ("scanning", "home", "expected"),
    [
        ("true", "acme/handoffs", ["handoff"]),
        ("true", "eve/handoffs", []),
        ("", "acme/handoffs", []),
    ],
)
def test_code_scanning_shows_what_is_wrong_where_it_is_on(
    scanning: str, home: str, expected: list[str], desk: Desk, runner: Runner
) -> None:
    runner.run("intake", "issues", desk.issue(filled(HANDOFF, GAPS)), NOW)
    (pull,) = desk.forge.pulls.values()
    event: Any = _proposed(desk, pull, "2026-04-21T13:10:00Z")
    event["pull_request"]["head"]["repo"] = {"full_name": home}
    runner.variables = {"HANDOFF_CODE_SCANNING": scanning}
    scanned = runner.run("scanning", "pull_request", event, NOW, pull.branch)
    assert scanned.is_green, scanned.out  # what fails a change is Check
    assert list(scanned.scans) == expected
    for text in scanned.scans.values():
        (run,) = json.loads(text)["runs"]
        assert "empty-section" in {result["ruleId"] for result in run["results"]}
        assert KITES_PACKET in text


@pytest.mark.parametrize("before", ["0" * 40, None])
def test_a_push_to_main_is_checked(
    before: str | None, desk: Desk, runner: Runner
) -> None:
    event = {
        "before": before or desk.forge.tip("main"),
        "after": desk.forge.tip("main"),
        "repository": {"pushed_at": 1_776_776_400},
        "sender": {"id": 1, "login": "x"},
    }
    checked = runner.run("check", "push", event, NOW)
    assert checked.is_green, checked.out


def test_the_queue_of_merges_is_checked(desk: Desk, runner: Runner) -> None:
    commit = {"timestamp": "2026-04-21T13:10:00Z"}
    group = {"base_sha": desk.forge.tip("main"), "head_commit": commit}
    checked = runner.run("check", "merge_group", {"merge_group": group}, NOW)
    assert checked.is_green, checked.out


def test_hostile_titles_and_branches_run_nothing(desk: Desk, runner: Runner) -> None:
    title = '"; touch pwned; echo "$(touch pwned)` #::error::x'
    payload = desk.issue(filled(HANDOFF, GAPS), title=title)
    taken = runner.run("intake", "issues", payload, NOW)
    assert taken.is_green, taken.out
    (pull,) = desk.forge.pulls.values()
    event: Any = _proposed(desk, pull, "2026-04-21T13:10:00Z")
    event["pull_request"]["title"] = title
    event["pull_request"]["head"]["ref"] = "$(touch${IFS}pwned)"
    runner.run("check", "pull_request", event, NOW, pull.branch)
    assert not list(runner.folder.rglob("pwned"))


def test_the_token_of_an_app_opens_the_pull_request(desk: Desk, tmp_path: Path) -> None:
    runner = Runner(
        desk.forge,
        tmp_path / "runs",
        secrets={"HANDOFF_APP_KEY": "k"},
        variables={"HANDOFF_APP_ID": "7"},
    )
    taken = runner.run("intake", "issues", desk.issue(filled(HANDOFF, COMPLETE)), NOW)
    assert taken.is_green, taken.out
    assert len(desk.forge.pulls) == 1


def test_git_asks_the_environment_for_its_token(desk: Desk, runner: Runner) -> None:
    runner.run("intake", "issues", desk.issue("nothing of ours"), NOW)
    work = Repository(runner.folder / "run-1/work-1")
    asked = b"protocol=https\nhost=forge.example\n\n"
    said = work.git("credential", "fill", stdin=asked, env={"GITHUB_TOKEN": "s3cret"})
    assert "username=x-access-token\npassword=s3cret" in said
    assert "s3cret" not in (work.root / ".git/config").read_text(encoding="utf-8")


CONTEXTS = {
    "github": {
        "event": {"pull_request": {"base": {"sha": "abc"}}, "n": 3, "off": False},
        "event_name": "pull_request",
    },
    "vars": {},
}
CASES = [
    ("github.event.pull_request.base.sha || 'x'", "abc"),
    ("github.event.merge_group.base_sha || github.event.before || 'x'", "x"),
    ("github.event_name == 'Pull_Request'", "true"),
    ("github.event_name != 'push' && 'yes' || 'no'", "yes"),
    ("vars.NONE != ''", "false"),
    ("vars.NONE || 'it''s'", "it's"),
    ("!github.event.off && (true && github.event.n)", "3"),
]


@pytest.mark.parametrize(("source", "value"), CASES)
def test_expressions_mean_what_they_mean_there(source: str, value: str) -> None:
    assert filled_in("${{ " + source + " }}", CONTEXTS) == value


def test_conditions_may_have_braces_and_ask_for_the_state() -> None:
    state = {"cancelled": False, "success": False}
    condition = "${{ !cancelled() && github.event_name == 'pull_request' }}"
    assert holds(condition, CONTEXTS, state)
    assert not holds("success()", CONTEXTS, state)


def test_the_forge_s_own_evaluator_agrees(tmp_path: Path) -> None:
    """Both say the same; `npm install --no-save @actions/expressions` brings it."""
    node, name = shutil.which("node"), "node_modules/@actions/expressions"
    places = (ROOT / name, ROOT.parent / "shared" / name)
    package = next(filter(Path.exists, places), None)
    if not node or not package:
        pytest.skip("Node and @actions/expressions are not beside us")
    script = tmp_path / "say.mjs"
    script.write_text(
        f'import {{Lexer, Parser, Evaluator, data}} from "{package}/dist/index.js";\n'
        "const [sources, contexts] = JSON.parse(process.argv[2]);\n"
        "const context = JSON.parse(JSON.stringify(contexts), data.reviver);\n"
        "console.log(JSON.stringify(sources.map((source) => {\n"
        "  const {tokens} = new Lexer(source).lex();\n"
        "  const tree = new Parser(tokens, ['github', 'vars'], []).parse();\n"
        "  return new Evaluator(tree, context).evaluate().coerceString();\n"
        "})));\n",
        encoding="utf-8",
    )
    asked = json.dumps([[source for source, _ in CASES], CONTEXTS])
    done = subprocess.run(  # noqa: S603 - no shell
        [node, str(script), asked], capture_output=True, check=True
    )
    assert json.loads(done.stdout) == [value for _, value in CASES]
