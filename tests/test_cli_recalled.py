"""What is said again about the past is what the whole command line would say."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from shutil import rmtree

import click
import pytest

from handoff.cli.commands import COMMANDS
from handoff.cli.main import cli
from handoff.cli.output import write
from handoff.cli.recalled import OPTIONS
from handoff.model.entry import Entry, EntryKind
from handoff.repository import answers
from handoff.repository.git import Git
from handoff.repository.ledger import append
from support.cli import ROOT, Ran, handoff, handoff_process, records, start_at
from support.deals import KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET

_NOW = "2026-04-25T09:00:00Z"
_LATER = "2026-04-25T08:00:00Z"
_OFF = {"HANDOFF_NO_CACHE": "1"}
_DAILY = ("daily", "--date", "2026-04-22")
_THEN = ("--as-of", "2026-04-22T12:00:00Z")
_KNOWING = ("--rev", "HEAD", *_THEN)
_ASKED = (
    _DAILY,
    (*_DAILY, "--format", "json"),
    (*_DAILY, "--rev", "main"),
    ("daily", "--as-of", "2026-04-22"),
    ("board", *_THEN),
    ("board", "--limit", "1", *_KNOWING),
    ("check", *_THEN),
    ("check", "--format", "sarif", *_KNOWING),
    ("inbox", "--role", "customer-success", *_THEN),
    ("sla", "--clock", "packet-filed", *_THEN),
    ("status", "--format", "json", *_THEN),
    ("tasks", "--owner", "dana-okafor", *_KNOWING),
)
_UNKNOWN = 99


@pytest.fixture(autouse=True)
def _recall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handoff.cli.recalled.OPTIONS", OPTIONS)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Give a deal won on the 21st, whose packet came on the 22nd."""
    made = records(tmp_path / "records", WON_WITHOUT_PACKET, at="2026-04-21T11:00:00Z")
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("File the packet", at="2026-04-22T09:00:00Z")
    return made


def _short(*words: str, at: Repository | Path, now: str = _NOW) -> Ran | None:
    """Ask only those who are quick."""

    def stop() -> None:
        raise SystemExit(_UNKNOWN)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("handoff.cli.main.main", stop)
        ran = handoff(*words, at=at, now=now)
    return None if ran.code == _UNKNOWN else ran


def _same(*words: str, at: Repository | Path, now: str = _NOW) -> bool:
    """Ask quickly, at length, and as everybody does; tell whether it was quick."""
    said = _short(*words, at=at, now=now)
    full = handoff(*words, at=at, now=now, env=_OFF)
    assert said in {None, full}
    assert handoff(*words, at=at, now=now) == full
    return said is not None


def _kept(repository: Repository) -> list[Path]:
    folder = repository.root / ".git" / "handoff" / "answers"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _knows(repository: Repository) -> bool:
    return _short(*_DAILY, at=repository) is not None


@pytest.mark.parametrize("words", _ASKED, ids=" ".join)
def test_what_was_asked_once_is_known(
    words: tuple[str, ...], repository: Repository
) -> None:
    assert not _same(*words, at=repository)
    assert _same(*words, at=repository)
    assert handoff(*words, at=repository, now=_NOW).code in {0, 1}


def test_the_table_names_options_that_take_a_value() -> None:
    context = click.Context(cli)
    for name, options in OPTIONS.items():
        command = cli.get_command(context, name)
        assert command
        known = {
            spelled: parameter
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for spelled in parameter.opts
        }
        for option in options:
            assert known[option].nargs == 1, option
            assert not known[option].is_flag, option
        assert {"--no-cache", "--post"}.isdisjoint(options)
    assert COMMANDS.keys() >= OPTIONS.keys()


_OTHERS = (
    ("daily",),
    ("daily", "--rev", "HEAD"),
    ("daily", "--rev", "index", "--date", "2026-04-22"),
    ("daily", "--date=2026-04-22"),
    ("daily", "--post", "--date", "2026-04-22"),
    (*_DAILY, "--no-cache"),
    (*_DAILY, "--help"),
    (*_DAILY, "--rev", ""),
    (*_DAILY, "--rev", "-x"),
    (*_DAILY, "--rev"),
    (*_DAILY, "extra"),
    (*_DAILY, "--", "--rev"),
    ("daily", "--date", "--as-of"),
    ("sla", "--all", *_THEN),
    ("status", "zephyr-kites-2026-03-02", *_THEN),
    ("notify", *_THEN),
    (),
)


def test_anything_else_takes_the_whole_road(repository: Repository) -> None:
    handoff(*_DAILY, at=repository, now=_NOW)
    assert _knows(repository)
    for words in _OTHERS:
        assert _short(*words, at=repository) is None, words
        handoff(*words, at=repository, now=_NOW)
    assert len(_kept(repository)) == 1


@pytest.mark.parametrize("name", ["HANDOFF_NO_CACHE", "_HANDOFF_COMPLETE"])
def test_the_environment_can_refuse(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    handoff(*_DAILY, at=repository, now=_NOW)
    assert not _kept(repository)
    monkeypatch.delenv(name)
    handoff(*_DAILY, at=repository, now=_NOW)
    monkeypatch.setenv(name, "1")
    assert not _knows(repository)


def test_a_day_is_known_from_its_end_in_the_zone_of_policy_on(
    repository: Repository,
) -> None:
    zones = ("2026-04-22T21:59:59.999999Z", "2026-04-22T22:00:00Z")
    for now in zones:
        assert not _same(*_DAILY, at=repository, now=now)
    assert _same(*_DAILY, at=repository, now="2026-04-22T22:00:00.000001Z")
    assert not _same(*_DAILY, at=repository, now=zones[0])


def test_what_is_asked_of_a_time_to_come_is_not_kept(repository: Repository) -> None:
    words = ("daily", "--rev", "HEAD", "--as-of", "2026-06-01")
    assert not _same(*words, at=repository)
    assert not _kept(repository)


def test_an_answer_that_came_with_a_remark_is_not_kept(
    repository: Repository,
) -> None:
    repository.commit("From the future", at="2030-01-01T00:00:00Z")
    repository.commit("After it", at="2026-04-22T10:00:00Z")
    for _ in range(2):
        assert not _same(*_DAILY, at=repository)
    assert "is dated 2030" in handoff(*_DAILY, at=repository, now=_NOW).err


def test_a_refusal_is_not_kept(repository: Repository) -> None:
    words = ("daily", "--date", "2026-04-20")
    assert handoff(*words, at=repository, now=_NOW).code == 3
    assert not _same(*words, at=repository)
    assert not _kept(repository)


def _nothing(_: Repository) -> None:
    """Change nothing."""


def _edit(made: Repository) -> None:
    made.write(KITES_PATH, "broken\n")


def _stage(made: Repository) -> None:
    _edit(made)
    made.git("add", "--all")


def _commit(made: Repository) -> None:
    made.write(KITES_PACKET, "broken\n")
    made.commit("Break the packet", at=_LATER)


def _backdate(made: Repository) -> None:
    made.write(KITES_PATH, "broken\n")
    made.commit("Break the deal", at="2026-04-22T10:00:00Z")


def _amend(made: Repository) -> None:
    made.write("note.md", "A note.\n")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--amend", "--no-edit")


def _go_back(made: Repository) -> None:
    made.git("reset", "--quiet", "--hard", "HEAD~1")


def _merge_beside(made: Repository) -> None:
    """Let what was known be the second parent of a merge."""
    made.branch("side", "HEAD~1")
    made.write("note.md", "A note.\n")
    made.commit("Write a note", at=_LATER)
    made.merge("main", at=_LATER)


def _observe(at: datetime) -> Callable[[Repository], None]:
    def observe(made: Repository) -> None:
        """Let the ledger say that the packet was returned."""
        body = {
            "packet": Path(KITES_PACKET).stem,
            "by": "ines-moreau",
            "at": "2026-04-22T10:00:00Z",
            "review": f"github:{at.day}",
            "gaps": ["no price"],
        }
        entry = Entry(EntryKind.RETURN, str(at.day), body)
        append(Git.discover(made.root), [entry], remote=None, now=at)

    return observe


def _move_zone(made: Repository) -> None:
    path = made.root / "schemas/policy/calendars.yaml"
    text = path.read_text("utf-8")
    assert "zone: Europe/" in text
    head, _, rest = text.partition("zone: ")
    path.write_text(f"{head}zone: Pacific/Kiritimati\n{rest.partition(chr(10))[2]}")


def _break_policy(made: Repository) -> None:
    made.write("schemas/policy/people.yaml", "people: 7\n")


def _remove_policy(made: Repository) -> None:
    (made.root / "schemas/policy/trust.yaml").unlink()


def _link_policy(made: Repository) -> None:
    path = made.root / "schemas/policy/people.yaml"
    path.rename(made.root / "people.yaml")
    path.symlink_to(made.root / "people.yaml")


def _link_folder(made: Repository) -> None:
    path = made.root / "schemas/policy"
    path.rename(made.root / "policy")
    path.symlink_to(made.root / "policy", target_is_directory=True)


def _untrack_policy(made: Repository) -> None:
    """Keep a file of policy on the disk and have git ignore it."""
    made.git("rm", "--quiet", "--cached", "schemas/policy/people.yaml")
    made.write(".git/info/exclude", "people.yaml\n")


def _hide_policy(made: Repository) -> None:
    path = "schemas/policy/trust.yaml"
    made.git("update-index", "--skip-worktree", path)
    (made.root / path).unlink()


def _shallow(made: Repository) -> None:
    made.write(".git/shallow", f"{made.head()}\n")


def _replace(made: Repository) -> None:
    made.git("replace", made.head(), made.git("rev-parse", "HEAD~1"))


def _graft(made: Repository) -> None:
    made.write(".git/info/grafts", f"{made.head()}\n")


def _name_it_head(made: Repository) -> None:
    made.git("update-ref", "refs/heads/HEAD", "HEAD~1")


def _pack(made: Repository) -> None:
    made.git("gc", "--quiet", "--prune=now")


def _detach(made: Repository) -> None:
    made.switch(made.head())


_SAFE = (_nothing, _edit, _stage, _commit, _replace, _graft, _pack, _detach)
_UNSAFE = (
    *(_backdate, _amend, _go_back, _merge_beside, _move_zone, _break_policy),
    *(_remove_policy, _link_policy, _link_folder, _untrack_policy, _hide_policy),
    *(_shallow, _name_it_head, _observe(datetime(2026, 4, 22, 10, tzinfo=UTC))),
)


@pytest.mark.parametrize("change", _SAFE, ids=lambda change: change.__name__)
def test_what_changes_nothing_then_leaves_it_known(
    change: Callable[[Repository], None], repository: Repository
) -> None:
    handoff(*_DAILY, at=repository, now=_NOW)
    change(repository)
    assert _same(*_DAILY, at=repository)


@pytest.mark.parametrize("change", _UNSAFE, ids=lambda change: change.__name__)
def test_what_may_change_it_has_it_asked_again(
    change: Callable[[Repository], None], repository: Repository
) -> None:
    handoff(*_DAILY, at=repository, now=_NOW)
    change(repository)
    assert not _same(*_DAILY, at=repository)


def test_the_ledger_may_grow_after_the_day(repository: Repository) -> None:
    _observe(datetime(2026, 4, 21, 12, tzinfo=UTC))(repository)
    handoff(*_DAILY, at=repository, now=_NOW)
    handoff(*_DAILY, "--rev", "HEAD", at=repository, now=_NOW)
    _observe(datetime(2026, 4, 24, 12, tzinfo=UTC))(repository)
    assert _same(*_DAILY, at=repository)
    assert not _same(*_DAILY, "--rev", "HEAD", at=repository)
    _observe(datetime(2026, 4, 22, 12, tzinfo=UTC))(repository)
    assert not _same(*_DAILY, at=repository)


def test_a_ledger_that_was_fetched_counts_before_that_of_this_clone(
    repository: Repository,
) -> None:
    _observe(datetime(2026, 4, 21, 12, tzinfo=UTC))(repository)
    handoff(*_DAILY, at=repository, now=_NOW)
    fetched = "refs/remotes/origin/handoff-ledger"
    repository.git("update-ref", fetched, "refs/heads/handoff-ledger")
    assert _same(*_DAILY, at=repository)
    repository.git("update-ref", "-d", "refs/heads/handoff-ledger")
    _observe(datetime(2026, 4, 21, 13, tzinfo=UTC))(repository)
    assert _same(*_DAILY, at=repository)
    repository.git("update-ref", fetched, "refs/heads/handoff-ledger")
    assert not _same(*_DAILY, at=repository)


def test_a_revision_is_what_it_means_today(repository: Repository) -> None:
    repository.git("tag", "v1", "HEAD~1")
    words = (*_DAILY, "--rev", "v1")
    handoff(*words, at=repository, now=_NOW)
    _commit(repository)
    assert _same(*words, at=repository)
    repository.git("tag", "--force", "v1", "HEAD")
    assert not _same(*words, at=repository)
    assert _same(*words, at=repository)
    repository.git("branch", "v1", "HEAD")
    assert _short(*words, at=repository) is None
    assert handoff(*words, at=repository, now=_NOW).code == 3
    for odd in ("HEAD~1..HEAD", "^HEAD", "v9", "HEAD^@", ":/File", "HEAD^{tree}"):
        assert not _same(*_DAILY, "--rev", odd, at=repository)


def test_one_change_after_another(repository: Repository) -> None:
    random, quick = Random(4), 0  # noqa: S311 - a seeded choice, no secret
    for change in random.sample((*_SAFE, *_UNSAFE), 7):
        try:
            change(repository)
        except (AssertionError, OSError):  # there is nothing to change that way
            continue
        _same(*random.choice(_ASKED), at=repository)
        quick += _same(*_DAILY, at=repository)
    assert quick


def test_from_another_folder_and_in_a_work_tree_of_its_own(
    repository: Repository, tmp_path: Path
) -> None:
    handoff(*_DAILY, at=repository, now=_NOW)
    assert _same(*_DAILY, at=repository.root / "opportunities")
    outside = (*_DAILY, "-C", str(repository.root))
    assert not _same(*outside, at=tmp_path)
    assert _same(*outside, at=tmp_path)
    side = Repository(tmp_path / "side")
    repository.git("worktree", "add", "--quiet", "--detach", str(side.root))
    assert not _same(*_DAILY, at=side)
    assert _same(*_DAILY, at=side)
    for elsewhere in (tmp_path, repository.root / ".git", repository.clone("b", "-s")):
        assert _short(*_DAILY, at=elsewhere) is None


def test_a_text_is_known_for_its_screen_alone(repository: Repository) -> None:
    for words, number in (("board", 2), ("daily", 1)):
        asked = (words, *_THEN)
        assert not _same(*asked, at=repository)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", "60")
            patch.setenv("FORCE_COLOR", "1")
            assert _same(*asked, at=repository) is (number == 1)
            assert _same(*asked, at=repository)
        assert _same(*asked, at=repository)


def test_other_rules_of_time_zones_know_nothing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tzdata.zi").write_text("# version 2026a\n")
    monkeypatch.setattr("handoff.cli.learning.TZPATH", (str(tmp_path),))
    handoff(*_DAILY, at=repository, now=_NOW)
    assert _knows(repository)
    (tmp_path / "tzdata.zi").write_text("# version 2026bb\n")
    assert not _same(*_DAILY, at=repository)
    assert _same(*_DAILY, at=repository)
    monkeypatch.setenv("PYTHONTZPATH", "/usr/share/zoneinfo")
    assert not _same(*_DAILY, at=repository)


def test_another_version_of_the_code_knows_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoff(*_DAILY, at=repository, now=_NOW)
    monkeypatch.setattr("handoff.evaluation.fine._code", lambda: "another")
    assert not _same(*_DAILY, at=repository)
    assert _same(*_DAILY, at=repository)


def _damaged(good: bytes) -> Iterator[bytes]:
    """Cut an answer off, change and add a byte of it, in every part of the file."""
    places = (0, 10, 200, len(good) // 2)
    for where in (*places, *(len(good) - w for w in (1, 5, 12, 20, 30, 40, 60, 70))):
        yield good[:where]
        yield good[:where] + b"\xff" + good[where + 1 :]
        yield good[:where] + b"7" + good[where:]
    yield from (
        b"\n" * 500,
        b"handoff-answer 1 x y z 1 1 1",
        good + b"\n",
        b"\n" + good,
    )


def test_a_damaged_answer_is_no_answer(repository: Repository) -> None:
    handoff(*_DAILY, at=repository, now=_NOW)
    (place,) = _kept(repository)
    good = place.read_bytes()
    for bad in _damaged(good):
        place.write_bytes(bad)
        assert not _knows(repository), bad[:200]
    assert not _same(*_DAILY, at=repository)
    assert place.read_bytes() == good


def test_where_nothing_can_be_written_nothing_is(repository: Repository) -> None:
    (repository.root / ".git" / "handoff").mkdir()
    (repository.root / ".git" / "handoff" / "answers").write_text("in the way")
    assert not _same(*_DAILY, at=repository)
    assert not _same(*_DAILY, at=repository)


def test_the_oldest_answers_go(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST", 3)
    for number in range(1, 6):
        words = ("board", *_THEN, "--limit", str(number))
        handoff(*words, at=repository, now=_NOW)
        place = max(_kept(repository), key=lambda path: path.stat().st_mtime_ns)
        os.utime(place, ns=(number * 10**9, number * 10**9))
    assert len(_kept(repository)) == 3
    assert _short("board", *_THEN, "--limit", "5", at=repository)
    assert not _short("board", *_THEN, "--limit", "2", at=repository)
    size = max(path.stat().st_size for path in _kept(repository))
    monkeypatch.setattr(answers, "ROOM", size * 5 // 2)
    handoff(*_DAILY, at=repository, now=_NOW)
    assert _knows(repository)
    assert len(_kept(repository)) == 2


def test_an_answer_that_is_too_long_is_not_kept(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.cli.learning.ROOM", 100)
    assert not _same(*_DAILY, at=repository)
    assert not _kept(repository)


def test_a_change_while_it_is_answered_is_noticed(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(text: str) -> None:
        _commit(repository)
        write(text)

    monkeypatch.setattr("handoff.cli.daily.write", meanwhile)
    assert handoff(*_DAILY, at=repository, now=_NOW).code == 0
    assert not _kept(repository)


def test_two_processes_at_once(repository: Repository) -> None:
    started = [start_at(_NOW, *_DAILY, at=repository) for _ in range(3)]
    said = {process.communicate() for process in started}
    full = handoff(*_DAILY, at=repository, now=_NOW, env=_OFF)
    assert {(out.decode(), err.decode()) for out, err in said} == {(full.out, full.err)}
    assert len(_kept(repository)) == 1
    assert _knows(repository)


def test_a_reader_who_leaves_early_hears_no_complaint(
    repository: Repository,
) -> None:
    words = ("daily", "--date", "2026-04-22", "--format", "json")
    for _ in range(2):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(  # noqa: S603 - no shell
            [sys.executable, "-m", "handoff", *words],
            cwd=repository.root,
            check=False,
            stdout=writing,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (0, b"")
        assert _short(*words, at=repository) is None or _kept(repository)
        handoff_process(*words, at=repository)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_is_told_and_nothing_is_kept(repository: Repository) -> None:
    for _ in range(2):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(  # noqa: S603 - no shell
                [sys.executable, "-m", "handoff", *_DAILY],
                cwd=repository.root,
                check=False,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
            )
        assert done.returncode == 3
        assert done.stderr.startswith("handoff: the answer could not be written: No ")
        assert done.stderr.count("\n") == 2
        if not _kept(repository):
            handoff_process(*_DAILY, at=repository)


def test_without_the_folder_it_is_asked_again(repository: Repository) -> None:
    handoff(*_DAILY, at=repository, now=_NOW)
    rmtree(repository.root / ".git" / "handoff")
    assert not _same(*_DAILY, at=repository)


def _modules(repository: Repository) -> int:
    done = subprocess.run(  # noqa: S603 - no shell
        [sys.executable, "-X", "importtime", "-m", "handoff", *_DAILY],
        cwd=repository.root,
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
    )
    return done.stderr.count("import time:") - 1


def test_few_modules_are_imported(repository: Repository) -> None:
    assert _modules(repository) > 200
    assert _modules(repository) <= 70
