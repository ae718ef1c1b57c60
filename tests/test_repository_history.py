"""What git witnesses: touches, landing, as-of, lines; in histories of any shape."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoff.model.errors import HandoffError
from handoff.repository.git import Git
from handoff.repository.history import History, introduced_lines, read_history
from handoff.repository.history_moments import commit_at
from handoff.repository.snapshot import IndexSnapshot, WorktreeSnapshot
from support.git import Repository

RECORD = "handoffs/2026/04/a.md"
ODD = (
    "handoffs/-x.md",
    "handoffs/:colon.md",
    "handoffs/new\nline \"'.md",
    b"handoffs/caf\xe9.md".decode("utf-8", "surrogateescape"),
)


def at(hour: int, minute: int = 0) -> datetime:
    """Give an instant of the day all these tests happen on."""
    return datetime(2026, 4, 21, hour, minute, tzinfo=UTC)


def text(hour: int) -> str:
    """Give that instant as git reads it."""
    return f"2026-04-21T{hour:02}:00:00Z"


def history_of(repository: Repository, *trees: str) -> History:
    """Read the history of the current commit."""
    return read_history(Git.discover(repository.root), trees=trees)


def assert_replays(repository: Repository, history: History) -> None:
    """Check that the landed touches give exactly the tree of the revision."""
    held = {
        path: touch.blob
        for path in history.touched
        if (touch := history.last(path)) and touch.blob
    }
    listing = repository.git("ls-tree", "-r", "-z", "HEAD").split("\0")[:-1]
    tree = {line.partition("\t")[2]: line.split()[2] for line in listing}
    assert held == tree


def fork(repository: Repository) -> None:
    """Commit on main, then on `side`, then on main again; stay on main."""
    repository.write("README.md", "start")
    repository.commit("start", text(8))
    repository.branch("side")
    repository.write(RECORD, "side\n")
    repository.commit("file packet", text(9), author="Sam Brook")
    repository.switch("main")
    repository.write("opportunities/b.md", "main\n")
    repository.commit("open", text(10))


def test_tells_who_touched_what_in_order(repository: Repository) -> None:
    repository.write(RECORD, "one")
    one = repository.commit("one", text(9), author="Sam Brook")
    repository.write(RECORD, "two")
    two = repository.commit("two", text(10))
    (repository.root / RECORD).unlink()
    three = repository.commit("three", text(11))
    history = history_of(repository)
    assert history.rev == three
    touches = history.touches(RECORD)
    assert [touch.commit for touch in touches] == [one, two, three]
    assert [touch.committed for touch in touches] == [at(9), at(10), at(11)]
    assert touches[0].author == "Sam Brook"
    assert touches[0].email == "sam.brook@example.com"
    assert touches[0].blob == repository.git("rev-parse", f"{one}:{RECORD}")
    assert touches[2].blob is None
    assert history.first(RECORD) == history.landing(RECORD) == touches[0]
    assert history.last(RECORD) == touches[2]
    assert history.touches("never.md") == ()
    assert history.first("never.md") is history.last("never.md") is None


def test_keeps_odd_names_apart(repository: Repository) -> None:
    for path in ODD:
        repository.write(path, path.encode("utf-8", "surrogateescape"))
    repository.commit()
    history = history_of(repository)
    assert sorted(history.touched) == sorted(ODD)
    assert_replays(repository, history)


def test_a_rename_is_a_removal_and_an_addition(repository: Repository) -> None:
    repository.write(RECORD, "same\n" * 20)
    repository.commit("one", text(9))
    repository.git("mv", RECORD, "handoffs/b.md")
    repository.commit("two", text(10))
    history = history_of(repository)
    assert [bool(touch.blob) for touch in history.touches(RECORD)] == [True, False]
    first = history.first("handoffs/b.md")
    assert first
    assert first.committed == at(10)


def test_looks_only_at_the_trees_asked_for(repository: Repository) -> None:
    fork(repository)
    repository.write("README.md", "outside of the trees")
    repository.commit("between", text(11))
    merge = repository.merge("side", at=text(12))
    repository.write("README.md", "again")
    repository.commit("after", text(13))
    history = history_of(repository, "handoffs")
    assert tuple(history.touched) == (RECORD,)
    landing = history.landing(RECORD)
    assert landing
    assert landing.commit == merge


def test_trees_are_names_not_patterns(repository: Repository) -> None:
    repository.write(RECORD, "x")
    repository.commit()
    assert history_of(repository, "*", ":/", "hand*").touched == {}


def test_a_merge_lands_what_a_branch_wrote(repository: Repository) -> None:
    fork(repository)
    merge = repository.merge("side", at=text(12))
    history = history_of(repository)
    written, landed = history.touches(RECORD)
    assert (written.author, written.committed) == ("Sam Brook", at(9))
    assert not written.landed
    assert (landed.commit, landed.committed) == (merge, at(12))
    assert history.first(RECORD) == written
    assert history.landing(RECORD) == history.last(RECORD) == landed
    assert_replays(repository, history)


def test_a_merge_that_drops_a_packet_lands_nothing(repository: Repository) -> None:
    fork(repository)
    repository.merge("side", at=text(12), strategy="ours")
    history = history_of(repository)
    assert history_of(repository, "handoffs").first(RECORD) == history.first(RECORD)
    assert history.first(RECORD)
    assert history.landing(RECORD) is None
    assert history.last(RECORD) is None
    assert_replays(repository, history)


def test_an_edit_made_in_the_merge_itself_is_seen(repository: Repository) -> None:
    fork(repository)
    repository.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    repository.write("opportunities/b.md", "slipped in\n")
    merge = repository.commit("merge", text(12))
    last = history_of(repository).last("opportunities/b.md")
    assert last
    assert last.commit == merge


def test_a_merge_of_many_branches(repository: Repository) -> None:
    repository.commit("start", text(8))
    for name in ("one", "two", "three"):
        repository.branch(name, "main")
        repository.write(f"handoffs/{name}.md", name)
        repository.commit(name, text(9))
    repository.switch("main")
    repository.merge("one", "two", "three", at=text(10))
    history = history_of(repository)
    assert len(history.touched) == 3
    assert_replays(repository, history)


def test_a_crossed_merge_keeps_the_commits_of_main(repository: Repository) -> None:
    fork(repository)
    main = repository.head()
    repository.switch("side")
    repository.merge("main", at=text(11))
    repository.git("branch", "--force", "main")
    repository.switch("main")
    history = history_of(repository)
    first = history.first("opportunities/b.md")
    assert first
    assert (first.commit, first.landed) == (main, False)
    assert history.landing("opportunities/b.md") == history.last("opportunities/b.md")
    assert_replays(repository, history)


def test_a_merge_of_unrelated_histories(repository: Repository) -> None:
    fork(repository)
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.git("rm", "-rfq", ".")
    repository.write("handoffs/other.md", "x")
    repository.commit("other", text(11))
    repository.switch("main")
    options = ("--quiet", "--allow-unrelated-histories", "-m", "join")
    repository.git("merge", *options, "other")
    assert_replays(repository, history_of(repository))


def test_back_dated_children_stay_after_their_parents(repository: Repository) -> None:
    repository.write(RECORD, "one")
    one = repository.commit("one", text(12))
    repository.write(RECORD, "two")
    two = repository.commit("two", text(6))
    touches = history_of(repository).touches(RECORD)
    assert [touch.commit for touch in touches] == [one, two]


def test_a_back_dated_branch_stays_after_its_start(repository: Repository) -> None:
    repository.write(RECORD, "start")
    start = repository.commit("start", text(10))
    repository.branch("side")
    repository.write(RECORD, "side")
    side = repository.commit("dated back", text(6))
    repository.switch("main")
    repository.commit("main", text(12))
    merge = repository.merge("side", at=text(13))
    touches = history_of(repository).touches(RECORD)
    assert [touch.commit for touch in touches] == [start, side, merge]


def test_refuses_a_shallow_clone(repository: Repository, tmp_path: Path) -> None:
    repository.commit("one")
    repository.write(RECORD, "x")
    repository.commit("two")
    clone = tmp_path / "clone"
    origin = f"file://{repository.root}"
    repository.git("clone", "--quiet", "--depth=1", origin, str(clone))
    git = Git.discover(clone)
    questions: tuple[Callable[[], object], ...] = (
        lambda: read_history(git),
        lambda: commit_at(git, at(12)),
        lambda: introduced_lines(git, "HEAD", RECORD),
    )
    for ask in questions:
        with pytest.raises(HandoffError, match="shallow"):
            ask()


def test_before_the_first_commit_there_is_no_history(repository: Repository) -> None:
    git = Git.discover(repository.root)
    assert read_history(git) == History({})
    assert commit_at(git, at(12)) is None
    with pytest.raises(HandoffError, match="names no commit"):
        read_history(git, "main")


def test_replaced_commits_and_grafts_change_nothing(repository: Repository) -> None:
    repository.write(RECORD, "one")
    one = repository.commit("one", text(9))
    repository.write(RECORD, "two")
    two = repository.commit("two", text(10))
    honest = history_of(repository)
    forged = repository.git("commit-tree", "-m", "forged", f"{one}^{{tree}}")
    repository.git("replace", one, forged)
    folder = repository.root / ".git" / "info"
    folder.mkdir(exist_ok=True)
    (folder / "grafts").write_text(f"{two}\n")
    assert history_of(repository) == honest
    git = Git.discover(repository.root)
    assert commit_at(git, at(9)) == one
    assert introduced_lines(git, "HEAD", RECORD)[1].commit == two


def damaged(repository: Repository, committer: str) -> str:
    """Make a commit whose committer line is not as git writes it."""
    repository.git("add", "--all")
    tree = repository.git("write-tree")
    content = f"tree {tree}\nauthor A <a@example.com> 1 +0000\n{committer}\n\nmessage"
    options = ("-t", "commit", "-w", "--literally", "--stdin")
    commit = repository.git("hash-object", *options, stdin=content.encode())
    repository.git("update-ref", "refs/heads/main", commit)
    return commit


@pytest.mark.parametrize(
    "committer",
    [
        "committer C <c@example.com> bad",
        "committer C <c@example.com>",
        "committer C c@example.com 12 +0000",
        "committer C <c@example.com> 99999999999999999999 +0000",
        "committer C <c@example.com> 253402300800 +9999",
        "committer C <c@example.com> -5 +0000",
        "committer",
    ],
)
def test_an_unreadable_time_is_unknown(repository: Repository, committer: str) -> None:
    repository.write(RECORD, "x")
    commit = damaged(repository, committer)
    (touch,) = history_of(repository).touches(RECORD)
    assert (touch.commit, touch.committed) == (commit, None)
    git = Git.discover(repository.root)
    assert commit_at(git, at(9)) == commit
    assert introduced_lines(git, "HEAD", RECORD)[1].committed is None


def test_names_in_other_charsets(repository: Repository) -> None:
    repository.write(RECORD, "x")
    repository.git("config", "i18n.commitEncoding", "latin1")
    repository.git("add", "--all")
    env = {"GIT_AUTHOR_NAME": b"Zo\xeb Field".decode("utf-8", "surrogateescape")}
    repository.git("commit", "--quiet", "-m", "x", env=env)
    first = history_of(repository).first(RECORD)
    assert first
    assert first.author == "Zo\u00eb Field"


def test_as_of_walks_the_line_of_main(repository: Repository) -> None:
    fork(repository)
    opened = repository.head()
    merge = repository.merge("side", at=text(12))
    git = Git.discover(repository.root)
    assert commit_at(git, at(7, 59)) is None
    assert commit_at(git, at(8)) == repository.git("rev-parse", "HEAD~2")
    assert commit_at(git, at(9)) == commit_at(git, at(8))
    assert commit_at(git, at(11, 59)) == opened
    assert commit_at(git, at(12)) == merge
    assert commit_at(git, at(12), "side") == repository.git("rev-parse", "side")


def test_a_back_dated_commit_is_not_known_earlier(repository: Repository) -> None:
    first = repository.commit("first", text(9))
    honest = repository.commit("honest", text(12))
    dated_back = repository.commit("dated back", text(8))
    later = repository.commit("later", text(14))
    git = Git.discover(repository.root)
    assert commit_at(git, at(8)) is None
    assert commit_at(git, at(11, 59)) == first
    assert commit_at(git, at(12)) == dated_back != honest
    assert commit_at(git, at(14)) == later


def test_lines_lead_to_their_commits(repository: Repository) -> None:
    repository.write(RECORD, "one\ntwo\n")
    one = repository.commit("one", text(9), author="Sam Brook")
    repository.write(RECORD, f"one\nnew\n{one} 1 1\ntwo")
    two = repository.commit("two", text(10))
    repository.write(RECORD, "uncommitted")
    repository.write(".mailmap", "Mallory <m@example.com> <sam.brook@example.com>")
    git = Git.discover(repository.root)
    lines = introduced_lines(git, "HEAD", RECORD)
    assert [lines[n].commit for n in sorted(lines)] == [one, two, two, two]
    assert (lines[1].author, lines[1].committed) == ("Sam Brook", at(9))
    assert lines[1].blob == repository.git("rev-parse", f"HEAD:{RECORD}")


def test_lines_of_odd_and_empty_files(repository: Repository) -> None:
    for path in ODD:
        repository.write(path, "x\n")
    repository.write("handoffs/empty.md", "")
    tip = repository.commit()
    git = Git.discover(repository.root)
    for path in ODD:
        assert introduced_lines(git, "HEAD", path)[1].commit == tip
    assert introduced_lines(git, "HEAD", "handoffs/empty.md") == {}
    with pytest.raises(HandoffError):
        introduced_lines(git, "HEAD", "handoffs/no.md")


SETTINGS = """
[color]
    ui = always
    diff = always
[core]
    abbrev = 4
    quotePath = true
    fsmonitor = {folder}/monitor
    pager = false
    attributesFile = {folder}/attributes
[diff]
    noprefix = true
    external = false
    renames = copies
    relative = true
    orderFile = {folder}/nowhere
    ignoreSubmodules = all
    algorithm = patience
[diff "shout"]
    textconv = "tr a-z A-Z <"
[log]
    showSignature = true
    showRoot = false
    date = relative
    follow = true
    diffMerges = combined
    decorate = full
[blame]
    ignoreRevsFile = {folder}/ignored
    markIgnoredLines = true
    showRoot = false
    date = relative
    coloring = repeatedLines
[format]
    pretty = oneline
[gpg]
    program = {folder}/monitor
[i18n]
    logOutputEncoding = latin1
[mailmap]
    file = {folder}/mailmap
[submodule]
    recurse = true
"""


def _answers(repository: Repository) -> tuple[object, ...]:
    git = Git.discover(repository.root)
    whole = read_history(git)
    part = read_history(git, trees=("handoffs/moved.md",))
    lines = introduced_lines(git, "HEAD", RECORD)
    listed = WorktreeSnapshot(git).paths(), IndexSnapshot(git).paths()
    return whole, part, lines, listed, commit_at(git, at(11)), git.resolve("HEAD")


def _sign(repository: Repository) -> str:
    """Put a signature, which nobody can verify, on the current commit."""
    content = repository.git("cat-file", "commit", "HEAD")
    header, _, message = content.partition("\n\n")
    mark = "-----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    signed = f"{header}\ngpgsig {mark}\n\n{message}"
    options = ("-t", "commit", "-w", "--stdin")
    commit = repository.git("hash-object", *options, stdin=signed.encode())
    repository.git("update-ref", "HEAD", commit)
    return commit


def test_settings_zone_and_language_change_nothing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork(repository)
    repository.merge("side", at=text(12))
    repository.git("mv", "README.md", "handoffs/moved.md")
    repository.write(RECORD, "sides\n")
    inner = Repository.create(repository.root / "handoffs" / "inner")
    inner.write("a.md", "inner")
    inner.commit()
    repository.git("-c", "advice.addEmbeddedRepo=false", "add", "--all")
    repository.commit("more", text(13))
    tip = _sign(repository)
    expected = _answers(repository)
    (tmp_path / "settings").write_text(SETTINGS.format(folder=tmp_path))
    (tmp_path / "attributes").write_text("*.md diff=shout\n")
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\necho 'gpg: hello' >&2; touch {tmp_path}/ran\n")
    monitor.chmod(0o755)
    (tmp_path / "ignored").write_text(f"{tip}\n")
    (tmp_path / "mailmap").write_text("Mallory <m@example.com> <sam.brook@example.com>")
    with monkeypatch.context() as hostile:
        hostile.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "settings"))
        hostile.setenv("TZ", "Pacific/Kiritimati")
        hostile.setenv("LC_ALL", "tr_TR.UTF-8")
        time.tzset()
        found = _answers(repository)
    time.tzset()
    assert found == expected
    assert not (tmp_path / "ran").exists()
