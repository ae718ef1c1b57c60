"""What is known is said at once, and is what the whole command line would say."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from handoff.cli.quick import Asked, Place
from handoff.evaluation.fine import NO_LEDGER
from handoff.evaluation.known import microseconds_of
from handoff.lsp.desk import Desk
from handoff.model.entry import Entry, EntryKind
from handoff.model.instant import parse_instant
from handoff.repository.git import Git
from handoff.repository.ledger import append
from support.cli import ROOT, Ran, handoff
from support.git import Repository
from support.records import OPPORTUNITY, PACKET, base, shipped

_SLUG = OPPORTUNITY.rpartition("/")[2][:-14]
_NOW = "2026-07-01T00:00:00Z"
_BEFORE = "2026-04-10T00:00:00Z"
_OFF = {"HANDOFF_NO_CACHE": "1"}
_PROCESS = """\
import sys
sys.argv = ["handoff", "check", *sys.argv[1:]]
from handoff.__main__ import main
main()
"""


def _deal(number: int) -> dict[str, str]:
    """Give the files of one of several deals."""
    other = f"{_SLUG}-{number}"
    texts = {p: t.replace("deal-1042", f"deal-{number}") for p, t in base().items()}
    return {p.replace(_SLUG, other): t.replace(_SLUG, other) for p, t in texts.items()}


_FIRST, _FIRST_PACKET = sorted(_deal(0), reverse=True)
_SECOND, _SECOND_PACKET = sorted(_deal(1), reverse=True)
_ASKED = ((_FIRST,), (_FIRST_PACKET,), (_FIRST, _FIRST_PACKET, _SECOND))
_STAGED = ("--rev", "index")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a repository of two deals."""
    made = Repository.create(tmp_path / "records")
    for path, text in {**shipped("schemas"), **_deal(0), **_deal(1)}.items():
        made.write(path, text)
    made.commit()
    return made


def _quick(*words: str, at: Path, now: str = _NOW) -> str | None:
    instant = parse_instant(now)
    assert instant
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "handoff.cli.quick.microseconds", lambda: microseconds_of(instant)
        )
        patch.chdir(at)
        asked = Asked.read(["check", *words])
        return asked.answer() if asked else None


def _same(
    repository: Repository,
    *words: str,
    now: str = _NOW,
    folder: str = ".",
    may_learn: bool = True,
) -> bool:
    """Ask quickly, and at length and as everybody does; tell whether it was quick."""
    at = repository.root / folder
    said = _quick(*words, at=at, now=now)
    if said is None and not may_learn:
        return False
    full = handoff("check", *words, at=at, now=now, env=_OFF)
    assert said is None or Ran(0, f"{said}\n", "") == full
    assert handoff("check", *words, at=at, now=now) == full
    return said is not None


def _kept(repository: Repository) -> Path:
    return repository.root / ".git" / "handoff" / "fine"


def _replace(repository: Repository, path: str, old: str, new: str) -> None:
    place = repository.root / path
    text = place.read_text("utf-8")
    assert old in text, path
    repository.write(path, text.replace(old, new))


def test_what_was_judged_is_known_whatever_is_asked_of_it(
    repository: Repository,
) -> None:
    assert not _same(repository, _FIRST)
    for words in ((_FIRST,), (_FIRST_PACKET,), (_FIRST_PACKET, _FIRST, _FIRST)):
        assert _same(repository, *words)
        assert _same(repository, *_STAGED, *words)
    assert not _same(repository, _SECOND, may_learn=False)
    assert not _same(repository, _FIRST, _SECOND)
    assert _same(repository, _FIRST, _SECOND)


def test_a_check_of_everything_makes_every_deal_known(repository: Repository) -> None:
    handoff("check", at=repository, now=_NOW)
    for path in (_FIRST, _FIRST_PACKET, _SECOND, _SECOND_PACKET):
        assert _same(repository, path, may_learn=False)


def test_what_is_written_with_handoff_is_known_when_it_is_committed(
    repository: Repository,
) -> None:
    ran = handoff(
        *("log", Path(_FIRST).stem, "follow-up-made", "--by", "dana-okafor"),
        *("--set", "outcome=They ask for a reference"),
        *("--next-action", "call them", "--next-due", "2026-07-09", "--no-input"),
        at=repository,
        now=_NOW,
    )
    assert ran.code == 0, ran
    repository.git("add", "--all")
    assert _same(repository, *_STAGED, _FIRST, may_learn=False)


def test_what_is_repaired_is_known(repository: Repository) -> None:
    _replace(repository, _FIRST, "\nowner: dana-okafor\n", "\nowner: dana-okafor  \n")
    ran = handoff("fix", _FIRST, at=repository, now=_NOW)
    assert ran.err.startswith("repaired ")
    assert _same(repository, _FIRST, may_learn=False)


def test_what_an_editor_has_saved_is_known(repository: Repository) -> None:
    now = parse_instant(_NOW)
    assert now
    desk, file = Desk(lambda: now), repository.root / _FIRST
    text = file.read_text("utf-8") + "\nThey called again.\n"
    desk.put(file, text)
    assert desk.judge() == {file: ()}
    assert not _kept(repository).exists()
    repository.write(_FIRST, text)
    assert desk.judge() == {file: ()}
    assert _same(repository, _FIRST, may_learn=False)


_OTHERS = (
    (),
    (".",),
    ("opportunities",),
    ("--rev", "HEAD", _FIRST),
    ("--rev=index", _FIRST),
    ("--base", "HEAD", _FIRST),
    (_FIRST, "--format", "json"),
    ("--", _FIRST),
    ("-C", ".", _FIRST),
    ("--no-cache", _FIRST),
    ("--as-of", "2026-06-01", _FIRST),
    ("schemas/policy/people.yaml",),
    (_FIRST, "../elsewhere.md"),
    (_FIRST, "README.md"),
    (_FIRST.upper(),),
    ("",),
    ("opportunities/2026/04/\nx.md",),
)


def test_anything_else_takes_the_whole_road(repository: Repository) -> None:
    handoff("check", at=repository, now=_NOW)
    assert _quick(_FIRST, at=repository.root)
    for words in _OTHERS:
        assert _quick(*words, at=repository.root) is None, words


@pytest.mark.parametrize("name", ["HANDOFF_NO_CACHE", "_HANDOFF_COMPLETE"])
def test_the_environment_can_refuse(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoff("check", at=repository, now=_NOW)
    monkeypatch.setenv(name, "1")
    assert _quick(_FIRST, at=repository.root) is None


def test_from_a_folder_below_and_by_a_full_path(repository: Repository) -> None:
    handoff("check", at=repository, now=_NOW)
    name = _FIRST.rpartition("/")[2]
    assert _same(repository, name, folder="opportunities/2026/04")
    assert _same(repository, f"../../{_FIRST}", folder="handoffs/2026")
    assert _same(repository, str(repository.root / _FIRST), folder="schemas")


def test_in_a_work_tree_of_its_own_and_in_none(repository: Repository) -> None:
    side = Repository(repository.root.parent / "side")
    repository.git("worktree", "add", "--quiet", str(side.root))
    assert not _same(side, *_STAGED, _FIRST)
    assert _same(side, *_STAGED, _FIRST)
    assert _quick(_FIRST, at=repository.root / ".git") is None
    assert _quick(_FIRST, at=repository.root.parent) is None


def _break(repository: Repository) -> None:
    _replace(repository, _FIRST_PACKET, "## Red flags", "## Red")


def _mend(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "HEAD", "--", ".")


def _remark(repository: Repository) -> None:
    place = repository.root / _FIRST
    place.write_bytes(place.read_bytes() + b"\nThey called again.\n")


def _stage(repository: Repository) -> None:
    repository.git("add", "--all")


def _rename_policy(repository: Repository) -> None:
    path = "schemas/policy/stages.yaml"
    _replace(repository, path, "\n  - tbd\n", "\n  - tbd\n  - acme robotics\n")


def _remark_policy(repository: Repository) -> None:
    _replace(repository, "schemas/policy/people.yaml", "people:", "people: # all")


def _waive(repository: Repository) -> None:
    text = f"""\
waivers:
  - rule: missing-section
    record: {_FIRST_PACKET}
    reason: The customer asked for it.
    owner: dana-okafor
    expires: 2026-12-31
    approved_by: [noor-haddad]
"""
    path = "schemas/policy/waivers.yaml"
    repository.write(path, re.sub(r"(?m)^waivers:.*$", text, shipped("schemas")[path]))


def _second_packet(repository: Repository) -> None:
    text = base()[PACKET].replace(_SLUG, f"{_SLUG}-0")
    repository.write(_FIRST_PACKET.replace("04-21", "04-22"), text)


def _misleading_packet(repository: Repository) -> None:
    """Add a packet of the first deal whose name fits a deal of a longer name."""
    text = (repository.root / _FIRST).read_text("utf-8")
    name = f"assessment-{_SLUG}-0"
    own = text.replace("deal-0", "deal-9").replace(f"{_SLUG}-0", name)
    repository.write(_FIRST.replace(f"{_SLUG}-0", name), own)


def _same_link(repository: Repository) -> None:
    _replace(repository, _SECOND, "deal-1", "deal-0")


def _no_opportunity(repository: Repository) -> None:
    (repository.root / _FIRST).unlink(missing_ok=True)


def _link(repository: Repository) -> None:
    place = repository.root / _FIRST
    if place.exists() and not place.is_symlink():
        place.rename(repository.root / "aside.md")
        place.symlink_to(repository.root / "aside.md")


def _intend(repository: Repository) -> None:
    repository.write(_FIRST_PACKET.replace("04-21", "04-23"), "")
    repository.git("add", "--intent-to-add", ".")


def _observe(repository: Repository) -> None:
    """Let the ledger say that the first packet was returned."""
    body = {
        "packet": Path(_FIRST_PACKET).stem,
        "by": "ines-moreau",
        "at": "2026-04-23T10:00:00Z",
        "review": "github:7",
        "gaps": ["no price"],
    }
    at = datetime(2026, 4, 24, tzinfo=UTC)
    entry = Entry(EntryKind.RETURN, "7", body)
    append(Git.discover(repository.root), [entry], remote=None, now=at)


_CHANGES = (
    *(_break, _mend, _remark, _stage, _rename_policy, _remark_policy, _waive),
    *(_second_packet, _misleading_packet, _same_link, _no_opportunity, _link),
    *(_intend, _observe),
)


@pytest.mark.parametrize("change", _CHANGES, ids=lambda change: change.__name__)
def test_one_change_of_what_is_known(
    change: Callable[[Repository], None], repository: Repository
) -> None:
    handoff("check", at=repository, now=_NOW)
    change(repository)
    for words in _ASKED:
        _same(repository, *words, may_learn=False)
        _same(repository, *_STAGED, *words, may_learn=False)
    _stage(repository)
    _same(repository, *_STAGED, *_ASKED[-1])
    for words in _ASKED:
        _same(repository, *words, may_learn=False)


@pytest.mark.parametrize("seed", range(2))
def test_one_change_after_another(seed: int, repository: Repository) -> None:
    random, quick = Random(seed), 0  # noqa: S311 - a seeded choice, no secret
    for change in random.sample((*_CHANGES, _mend, _mend, _stage), 9):
        try:
            change(repository)
        except (AssertionError, OSError):  # there is nothing to change that way
            continue
        staged, now = random.choice(((), _STAGED)), random.choice((_NOW, _BEFORE))
        _same(repository, *staged, *random.choice(_ASKED), now=now)
        quick += _same(repository, *_STAGED, _SECOND)
    assert quick


def test_a_ledger_of_this_clone_alone_is_seen(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.root)
    ref = "refs/heads/handoff-ledger"
    repository.git("update-ref", "refs/heads/handoff-ledger-2", "HEAD")
    before = Place.found()
    _observe(repository)
    after = Place.found()
    assert before
    assert after
    assert before.ledger == NO_LEDGER
    assert after.ledger == repository.git("rev-parse", ref)


def test_nothing_is_known_before_it_has_happened(repository: Repository) -> None:
    handoff("check", at=repository, now=_NOW)
    assert _same(repository, _FIRST)
    assert not _same(repository, _FIRST, now=_BEFORE)


@pytest.mark.parametrize("how", ["cut", "edited", "foreign", "garbage", "gone"])
def test_a_damaged_memory_is_no_memory(how: str, repository: Repository) -> None:
    handoff("check", at=repository, now=_NOW)
    good = _kept(repository).read_bytes()
    damaged = {
        "cut": good[:-20],
        "edited": re.sub(rb" 1(\d+) - ", rb" 0\1 - ", good),
        "foreign": good.replace(b" cpython", b" other", 1),
        "garbage": b"\xff\x00" * 500,
        "gone": b"",
    }[how]
    _kept(repository).write_bytes(damaged)
    known = [_quick(p, at=repository.root) for p in (_FIRST, _SECOND)]
    assert known == ["1 file checked, all fine" if how == "cut" else None, None]
    assert not _same(repository, _SECOND)
    assert _quick(_SECOND, at=repository.root)


def test_another_version_of_the_code_knows_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoff("check", at=repository, now=_NOW)
    monkeypatch.setattr("handoff.evaluation.fine._code", lambda: "another")
    assert not _same(repository, _FIRST)


def test_a_partial_commit_is_judged_by_its_own_index(repository: Repository) -> None:
    handoff("check", at=repository, now=_NOW)
    _break(repository)
    other = repository.root / ".git" / "next-index-1.lock"
    other.write_bytes((repository.root / ".git" / "index").read_bytes())
    repository.git("add", "--all")
    assert not _same(repository, *_STAGED, _FIRST_PACKET, may_learn=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_INDEX_FILE", str(other))
        assert _same(repository, *_STAGED, _FIRST_PACKET, may_learn=False)


def _modules(repository: Repository, *words: str) -> int:
    """Count the modules that a process imports, as `-X importtime` lists them."""
    done = subprocess.run(  # noqa: S603 - no shell
        [sys.executable, "-X", "importtime", "-c", _PROCESS, *words],
        cwd=repository.root,
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
    )
    return done.stderr.count("import time:") - 1


def test_few_modules_are_imported(repository: Repository) -> None:
    """What a hook waits for is above all Python reading its modules."""
    assert _modules(repository, "--rev", "index", _FIRST) <= 290
    assert _modules(repository, "--rev", "index", _FIRST) <= 60
