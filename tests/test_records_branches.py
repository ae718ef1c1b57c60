"""Records that wait on branches, brought together with those that are merged."""

import pytest

from handoff.model.errors import HandoffError
from handoff.records.branches import Clash, Gathered, gather
from handoff.repository.branches import open_branches
from handoff.repository.git import Git
from handoff.repository.snapshot import WorktreeSnapshot
from support.deals import KITES_PACKET, KITES_PACKET_HEADER, KITES_PATH, KITES_TEXT
from support.git import Repository
from support.records import shipped_policy

TREES = ("opportunities", "handoffs")
ONE, TWO = "handoff/one", "handoff/two"


def _gathered(repository: Repository, *patterns: str) -> Gathered:
    git = Git.discover(repository.root)
    waiting = open_branches(git, patterns or ("handoff/*",), TREES)
    return gather(git, WorktreeSnapshot(git), waiting, shipped_policy())


def _branch(repository: Repository, name: str, path: str, text: str) -> str:
    """Commit a file to a branch of its own, and come back."""
    repository.branch(name)
    repository.write(path, text)
    tip = repository.commit(f"on {name}")
    repository.switch("main")
    return tip


def _text(found: Gathered, path: str) -> str:
    content = found.snapshot.read(path)
    assert isinstance(content, bytes)
    return content.decode()


@pytest.fixture
def deals(repository: Repository) -> Repository:
    """Give a repository with one deal on main."""
    repository.write(KITES_PATH, KITES_TEXT)
    repository.commit()
    return repository


def test_nothing_waits_where_there_is_no_branch(deals: Repository) -> None:
    found = _gathered(deals)
    assert found.branches == {}
    assert isinstance(found.snapshot, WorktreeSnapshot)


def test_what_only_a_branch_holds_is_there(deals: Repository) -> None:
    _branch(deals, ONE, KITES_PACKET, KITES_PACKET_HEADER)
    found = _gathered(deals)
    assert found.branches == {KITES_PACKET: ONE}
    assert found.snapshot.paths("handoffs") == (KITES_PACKET,)
    assert _text(found, KITES_PACKET) == KITES_PACKET_HEADER
    assert _text(found, KITES_PATH) == KITES_TEXT
    assert found.snapshot.label == "worktree"


def test_a_branch_that_was_merged_waits_no_more(deals: Repository) -> None:
    _branch(deals, ONE, KITES_PACKET, KITES_PACKET_HEADER)
    deals.merge(ONE)
    assert _gathered(deals).branches == {}


def test_so_does_one_that_was_squashed(deals: Repository) -> None:
    _branch(deals, ONE, KITES_PACKET, KITES_PACKET_HEADER)
    deals.write(KITES_PACKET, KITES_PACKET_HEADER)
    deals.commit("squashed")
    found = _gathered(deals)
    assert (found.branches, found.clashes) == ({}, ())


@pytest.mark.parametrize("name", ["feature/x", "handoff-ledger", "handoffs/x"])
def test_other_branches_are_not_looked_at(deals: Repository, name: str) -> None:
    _branch(deals, name, KITES_PACKET, KITES_PACKET_HEADER)
    assert _gathered(deals).branches == {}


def test_the_ledger_is_never_open(deals: Repository) -> None:
    _branch(deals, "handoff-ledger", KITES_PACKET, KITES_PACKET_HEADER)
    assert _gathered(deals, "*").branches == {}


def test_what_both_changed_is_merged(deals: Repository) -> None:
    theirs = KITES_TEXT.replace("urgency: high", "urgency: low")
    _branch(deals, ONE, KITES_PATH, theirs)
    ours = KITES_TEXT.replace("source: Trade fair", "source: Old friend")
    deals.write(KITES_PATH, ours)
    deals.commit()
    found = _gathered(deals)
    assert found.branches == {KITES_PATH: ONE}
    assert _text(found, KITES_PATH) == ours.replace("urgency: high", "urgency: low")


def test_what_nobody_can_merge_is_told_and_not_doubled(deals: Repository) -> None:
    for name, urgency in ((ONE, "low"), (TWO, "medium")):
        text = KITES_TEXT.replace("urgency: high", f"urgency: {urgency}")
        _branch(deals, name, KITES_PATH, text)
    found = _gathered(deals)
    assert found.branches == {KITES_PATH: ONE}
    assert found.clashes == (Clash(KITES_PATH, ONE, TWO),)
    assert "urgency: low" in _text(found, KITES_PATH)
    assert found.snapshot.paths("opportunities") == (KITES_PATH,)


def test_two_decisions_on_one_deal_are_left_to_somebody(deals: Repository) -> None:
    won = KITES_TEXT.index("  - event: closed-won")
    rest = KITES_TEXT.index("---\n", won)
    lost = """\
  - event: closed-lost
    at: 2026-04-20T12:00:00+02:00
    by: rui-tanaka
    reason: price
"""
    deals.write(KITES_PATH, KITES_TEXT[:won] + KITES_TEXT[rest:])
    deals.commit("before the decision")
    _branch(deals, ONE, KITES_PATH, KITES_TEXT)
    _branch(deals, TWO, KITES_PATH, KITES_TEXT[:won] + lost + KITES_TEXT[rest:])
    found = _gathered(deals)
    assert found.branches == {KITES_PATH: ONE}
    assert found.clashes == (Clash(KITES_PATH, ONE, TWO),)
    assert _text(found, KITES_PATH) == KITES_TEXT


def test_what_is_merged_stands_against_a_branch(deals: Repository) -> None:
    _branch(deals, ONE, KITES_PATH, KITES_TEXT.replace("gency: high", "gency: low"))
    deals.write(KITES_PATH, KITES_TEXT.replace("gency: high", "gency: medium"))
    deals.commit()
    found = _gathered(deals)
    assert found.branches == {}
    assert found.clashes == (Clash(KITES_PATH, "", ONE),)
    assert "urgency: medium" in _text(found, KITES_PATH)


def test_two_branches_with_one_packet_show_it_once(deals: Repository) -> None:
    _branch(deals, ONE, KITES_PACKET, KITES_PACKET_HEADER)
    _branch(deals, TWO, KITES_PACKET, KITES_PACKET_HEADER)
    found = _gathered(deals)
    assert found.branches == {KITES_PACKET: ONE}
    assert found.clashes == ()


def test_of_a_branch_here_and_at_the_remote_the_newer_counts(
    deals: Repository,
) -> None:
    old = _branch(deals, ONE, KITES_PACKET, KITES_PACKET_HEADER)
    deals.git("update-ref", f"refs/remotes/origin/{ONE}", old)
    deals.switch(ONE)
    deals.write(KITES_PACKET, KITES_PACKET_HEADER.replace("R1", "R2"))
    deals.commit("newer")
    deals.switch("main")
    found = _gathered(deals)
    assert found.branches == {KITES_PACKET: ONE}
    assert "R2" in _text(found, KITES_PACKET)
    assert found.clashes == ()


def test_the_remote_alone_is_enough(deals: Repository) -> None:
    tip = _branch(deals, ONE, KITES_PACKET, KITES_PACKET_HEADER)
    deals.git("update-ref", f"refs/remotes/origin/{ONE}", tip)
    deals.git("branch", "--quiet", "-D", ONE)
    assert _gathered(deals).branches == {KITES_PACKET: ONE}


def test_a_branch_from_elsewhere_waits_for_nothing(deals: Repository) -> None:
    deals.git("checkout", "--quiet", "--orphan", ONE)
    deals.git("rm", "-rfq", ".")
    deals.write(KITES_PACKET, KITES_PACKET_HEADER)
    deals.commit()
    deals.switch("main")
    assert _gathered(deals).branches == {}


def test_what_a_branch_removes_stays(deals: Repository) -> None:
    deals.branch(ONE)
    deals.git("rm", "-q", KITES_PATH)
    deals.commit()
    deals.switch("main")
    assert _gathered(deals).snapshot.paths("opportunities") == (KITES_PATH,)


def test_a_link_on_a_branch_is_told(deals: Repository) -> None:
    deals.branch(ONE)
    link = deals.write(KITES_PACKET, "")
    link.unlink()
    link.symlink_to("/etc/passwd")
    deals.commit()
    deals.switch("main")
    found = _gathered(deals)
    assert found.branches == {}
    assert found.clashes == (Clash(KITES_PACKET, "", ONE),)


def test_the_branch_one_is_on_is_the_snapshot(deals: Repository) -> None:
    _branch(deals, ONE, KITES_PACKET, KITES_PACKET_HEADER)
    deals.switch(ONE)
    assert _gathered(deals).branches == {}


def test_a_shallow_clone_is_refused_only_where_something_waits(
    deals: Repository,
) -> None:
    deals.commit("more")
    _branch(deals, ONE, KITES_PACKET, KITES_PACKET_HEADER)
    folder, url = deals.root.parent / "shallow", deals.root.as_uri()
    deals.git("clone", "--quiet", "--depth=1", url, str(folder))
    shallow = Repository(folder)
    assert _gathered(shallow).branches == {}
    shallow.git("fetch", "--quiet", "--depth=1", "origin", f"{ONE}:{ONE}")
    with pytest.raises(HandoffError, match="shallow"):
        _gathered(shallow)
