"""What is told, compared and commented is the same, however few deals are held."""

import re
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import pytest

from handoff.cli import selection, whole
from handoff.cli.session import Session
from handoff.cli.survey import Wanted, survey
from handoff.connectors.notification import Notification
from handoff.connectors.plan import Plan, dues_of, plan
from handoff.evaluation import flips
from handoff.evaluation.report import Frame, Report, evaluate
from handoff.model.diagnostic import Severity
from handoff.model.entry import JSON, Entry, EntryKind
from handoff.model.instant import parse_instant
from handoff.policy.policy import Policy
from handoff.records.register import Register, load_part, load_register
from handoff.repository.ledger import EMPTY, Ledger
from handoff.repository.snapshot import MemorySnapshot
from handoff.views import desk_markdown, policy_diff_json, policy_diff_text
from handoff.views.style import Style
from support.cli import handoff
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.notifying import REACHED, SLACK, desk, policy_with
from support.records import RULES, read_fixture, shipped
from support.reports import WON, shipped_policy

_Share = TypeVar("_Share")
_NOW = "2026-06-30T22:30:00Z"
_STYLE = Style(colour=False, width=100, explain={})
_QUIET = f"{SLACK}quiet_hours:\n  hours: 20:00-07:30\n  except: [escalation]\n"
_REACHED = {who: how for who, how in REACHED.items() if who != "oskar-feld"}


@cache
def _many(copies: int) -> Mapping[str, str]:
    """Give copies of the shipped deals and of one that was won, each its own deal."""
    files = {**shipped("opportunities", "handoffs"), **WON}
    stems = (path.rpartition("/")[2] for path in files if path.startswith("opp"))
    slugs = sorted({stem[:-14] for stem in stems}, key=len, reverse=True)
    own = re.compile("|".join(map(re.escape, slugs)))
    return {
        _named(path, own, n): re.sub(r"(?m)^( +deal: \S+)$", rf"\1-{n}", text)
        for n in range(copies)
        for path, text in ((p, _named(t, own, n)) for p, t in files.items())
    }


def _named(text: str, slugs: re.Pattern[str], number: int) -> str:
    return slugs.sub(lambda found: f"{found[0]}-c{number}", text)


def _snapshot(files: Mapping[str, str]) -> MemorySnapshot:
    return MemorySnapshot({path: text.encode() for path, text in files.items()})


def _instant(text: str) -> datetime:
    found = parse_instant(text)
    assert found
    return found


def _report(
    files: Mapping[str, str], policy: Policy, ledger: Ledger, now: str
) -> Report:
    register = load_register(_snapshot(files), policy)
    return evaluate(
        register, policy, _instant(now), rev="x", is_replay=True, ledger=ledger
    )


def _apart(
    files: Mapping[str, str],
    report: Report,
    share_of: Callable[[Report], _Share],
    workers: int,
) -> list[_Share]:
    """Make of each deal alone what could be made of the report of all."""
    everything = whole.Whole(_snapshot(files), report.policy, report.ledger)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole, "_SIZE", 20)
        patch.setattr(whole, "_FEWEST", 1)
        patch.setattr(whole, "processors", lambda: workers)
        wanted = Wanted(share_of)
        return [*survey(everything, report.frame, wanted, is_replay=True)]


def _plans(
    files: Mapping[str, str],
    policy: Policy,
    ledger: Ledger = EMPTY,
    now: str = _NOW,
    workers: int = 1,
) -> tuple[Plan, Plan]:
    """Plan from one report, and from one of each deal."""
    report = _report(files, policy, ledger, now)
    at_once = plan(report.frame, ledger, dues_of(report, ledger))
    share_of = partial(dues_of, ledger=ledger)
    shares = _apart(files, report, share_of, workers)
    return at_once, plan(report.frame, ledger, chain.from_iterable(shares))


def _tried(told: Notification, fate: str) -> Iterator[Entry]:
    """Give what the ledger holds of one that was sent, tried or refused."""
    at: dict[str, JSON] = {"at": "2026-06-30T08:00:00Z"}
    if fate == "sent":
        yield Entry(EntryKind.RECEIPT, told.key, at)
        return
    yield Entry(EntryKind.INTENT, f"{told.key}|1", {**at, "message": "m1"})
    if fate == "failed":
        digest = told.recipient.channel.digest
        body = {**at, "fate": fate, "settings": digest, "detail": "no such person"}
        yield Entry(EntryKind.FAILURE, f"{told.key}|1", body)


def _ledger_after(made: Plan) -> Ledger:
    fates = ("sent", "tried", "failed", "")
    told = [n for message in made.messages for n in message.notifications]
    entries = [
        entry
        for number, each in enumerate(told)
        if (fate := fates[number % len(fates)])
        for entry in _tried(each, fate)
    ]
    return Ledger({(e.kind, e.key): e for e in entries}, (), "0" * 40)


@pytest.mark.parametrize("workers", [1, 2])
def test_plans_are_the_same(workers: int) -> None:
    files, policy = _many(6), policy_with(_QUIET, _REACHED)
    at_once, in_parts = _plans(files, policy, workers=workers)
    assert in_parts == at_once
    assert at_once.messages
    assert at_once.held
    assert at_once.unreached
    ledger = _ledger_after(at_once)
    again, in_parts = _plans(files, policy, ledger, workers=workers)
    assert in_parts == again
    assert len(again.due) >= len(at_once.due)
    assert again.failed
    assert any(message.is_open for message in again.messages)


@pytest.mark.parametrize(
    "now", ["2026-04-21T13:45:00Z", "2026-04-22T08:00:00Z", "2026-04-23T12:00:00Z"]
)
def test_so_are_plans_while_clocks_run_out(now: str) -> None:
    at_once, in_parts = _plans({**_many(3), **WON}, policy_with(), now=now)
    assert in_parts == at_once
    assert at_once.messages


def test_so_are_plans_for_records_with_defects() -> None:
    policy = policy_with()
    for path in sorted(RULES.glob("*/*.yaml"))[::7]:
        at_once, in_parts = _plans(read_fixture(path), policy)
        assert in_parts == at_once, path


def _sides(
    files: Mapping[str, str], policies: Iterable[Policy], workers: int
) -> Iterator[tuple[flips.Side, flips.Side]]:
    """Give both policies' sides, each made of one report and of one of each deal."""
    for policy in policies:
        frame = Frame(_instant(_NOW), "x", policy)
        excused = load_part(_snapshot(files), policy, ())
        report = _report(files, policy, EMPTY, _NOW)
        report = evaluate(
            Register(report.register.files, report.register.judged),
            policy,
            frame.now,
            rev="x",
            is_replay=True,
        )
        shares = _apart(files, report, flips.share_of, workers)
        one = flips.Side(frame, (flips.share_of(report),), excused)
        yield one, flips.Side(frame, shares, excused)


@pytest.mark.parametrize("workers", [1, 2])
def test_comparisons_of_policy_are_the_same(workers: int) -> None:
    files = _many(4)
    old, new = shipped_policy(), policy_with(clocks=("within: 48h", "within: 9000h"))
    new_files = {**files, KITES_PATH: "---\nschema: [\n---\n", **_unlike(KITES_PACKET)}
    (before, parts_before), (after, parts_after) = _sides(
        new_files, (old, new), workers
    )
    at_once = flips.effects_of(before, after)
    in_parts = flips.effects_of(parts_before, parts_after)
    assert at_once.flips
    for is_what_if in (False, True):
        for render in (policy_diff_json.render, _text):
            assert render(in_parts, is_what_if=is_what_if) == render(
                at_once, is_what_if=is_what_if
            )
    for policy, found in ((old, in_parts.found_before), (new, in_parts.found_after)):
        verdict = _report(new_files, policy, EMPTY, _NOW).verdict
        counts = Counter(each.severity for each in verdict.diagnostics)
        assert found == {severity: counts[severity] for severity in Severity}
        assert found[Severity.ERROR]


def _unlike(packet: str) -> Mapping[str, str]:
    """Give a packet that names a deal its own name does not fit."""
    name = packet.replace("zephyr-kites", "somebody-else")
    return {name: WON[packet].replace(f"y: {KITES}", "y: zephyr-kites-c1-2026-03-02")}


def _text(effects: flips.Effects, *, is_what_if: bool) -> str:
    return policy_diff_text.render(effects, _STYLE, is_what_if=is_what_if)


def test_a_deal_that_one_policy_alone_knows_is_compared_with_nothing() -> None:
    frame = Frame(_instant(_NOW), "x", shipped_policy())
    excused = Register({}, ())
    judged = flips.Judged("proposal")
    share = flips.Share({"a": judged}, {}, ())
    some = flips.Side(frame, (share,), excused)
    none = flips.Side(frame, (), excused)
    assert flips.effects_of(some, none).stages == (flips.Moved("a", "proposal", ""),)
    assert flips.effects_of(none, some).stages == (flips.Moved("a", "", "proposal"),)


@pytest.mark.parametrize("workers", [1, 2])
def test_pages_about_a_change_are_the_same(workers: int) -> None:
    files, policy = _many(3), shipped_policy()
    stems = [path.rpartition("/")[2][:-3] for path in files]
    for deals in (stems, stems[::9], ["nobody-2026-01-01"]):
        complete = {stem: (f"packet of {stem}", 70) for stem in deals[::2]}
        share_of = partial(desk_markdown.share_of, deals=deals, complete=complete)
        report = _report(files, policy, EMPTY, _NOW)
        shares = _apart(files, report, share_of, workers)
        at_once = desk_markdown.render((share_of(report),), ())
        assert desk_markdown.render(shares, ()) == at_once


def test_no_more_deals_are_held_than_are_looked_at() -> None:
    """A register holds every document of its deals; it must not outlive its turn."""
    files, policy = _many(6), policy_with()
    held: list[weakref.ref[Register]] = []
    most = 0

    def share_of(report: Report) -> object:
        nonlocal most
        held.append(weakref.ref(report.register))
        most = max(most, sum(each() is not None for each in held))
        told = dues_of(report, EMPTY)
        page = desk_markdown.share_of(report, {s.id for s in report.statuses}, {})
        return told, flips.share_of(report), page

    shares = _apart(files, _report(files, policy, EMPTY, _NOW), share_of, 1)
    assert len(shares) == len(held) > 100
    assert most <= 2  # the one in turn, and the one before
    assert not any(each() for each in held)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a repository of many deals, with a change of policy and one of a deal."""
    made = desk(tmp_path, {**_many(2), **WON})
    clocks = made.root / "schemas/policy/clocks.yaml"
    text = clocks.read_text("utf-8")
    assert "within: 48h" in text
    clocks.write_text(text.replace("within: 48h", "within: 9000h"), "utf-8")
    made.write(KITES_PATH, f"{WON[KITES_PATH]}\nA remark.\n")
    made.commit("Give signatures more time", at="2026-04-22T08:00:00Z")
    return made


_LINES = (
    ("notify", "--dry-run"),
    ("notify", "--dry-run", "--format", "json"),
    ("policy", "diff", "HEAD~1"),
    ("policy", "diff", "HEAD~1", "--what-if", "--format", "json"),
    ("desk", "--base", "HEAD~1"),
)


@pytest.mark.parametrize("words", _LINES)
def test_commands_say_the_same(repository: Repository, words: tuple[str, ...]) -> None:
    """In one process or two, with and without memory, few deals or all at once."""
    said = set()
    for size, workers in ((10**6, 1), (25, 1), (25, 2)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(whole, "_FEWEST", 1)
            patch.setattr(whole, "_SIZE", size)
            patch.setattr(whole, "processors", partial(int, workers))
            patch.setattr(selection, "_FEW", 0 if workers > 1 else 500)
            ran = handoff(*words, at=repository, now=_NOW)
        assert ran.out
        said.add(ran)
    assert len(said) == 1


def test_what_a_message_rests_on_is_judged_again(repository: Repository) -> None:
    """Also where it rests on more files than are held at once."""
    log = "channels:\n  - {name: log, kind: file, path: out/log.jsonl}\n"
    kinds = "[announcement, digest, at-risk, breach, escalation, coordination]"
    routes = f"routes:\n  - what: {kinds}\n    to: [log]\n"
    repository.write(
        "schemas/policy/channels.yaml", f"since: 2026-04-01\n{log}{routes}"
    )
    repository.commit("Keep a log", at="2026-04-22T09:00:00Z")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selection, "_FEW", 3)
        ran = handoff("notify", at=repository, now=_NOW)
    assert ran.code == 0, ran.out + ran.err
    assert ran.out.splitlines()
    assert all(line.startswith("sent") for line in ran.out.splitlines())
    again = handoff("notify", at=repository, now=_NOW)
    assert again.out == "nothing is due that has not been told\n"


def test_nothing_is_evaluated_where_nobody_is_told_anything(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = "since: 2026-04-01\nchannels: []\nroutes: []\n"
    repository.write("schemas/policy/channels.yaml", nobody)
    monkeypatch.setattr(Session, "survey", None)
    ran = handoff("notify", "--dry-run", at=repository, now=_NOW)
    assert ran.out == "there are no channels: see schemas/policy/channels.yaml\n"
