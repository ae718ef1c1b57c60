"""`handoff acknowledge` on a forge that breaks: nothing wrong, and then all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.desk import INES, PACKET, TOMAS, Desk, desk
from support.forge import TOKEN
from support.git import Repository
from support.github_spec import SPEC, faults_of
from support.local_server import Fault

LONG = 60
"""More requests than a run sends, those it repeats included."""
REVIEWS, TELLING = 4, 9
"""Numbers of the requests that ask for reviews, and that write a comment."""


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    """A merged packet that two receivers approved: one counts, the other is told."""
    with desk(tmp_path) as made:
        pull = made.propose()
        made.forge.review(pull, INES, at="2026-04-22T07:00:00Z")
        made.forge.review(pull, TOMAS, at="2026-04-22T07:30:00Z")
        made.forge.merge(pull)
        yield made


def break_from(at: Desk, number: int, fault: Fault, length: int = LONG) -> None:
    """Break some requests from the one with a number on, counted from now."""
    first = len(at.forge.server.requests) + number
    at.forge.server.faults = dict.fromkeys(range(first, first + length), fault)


def is_right(at: Desk) -> bool:
    """Tell whether everything is recorded, written and told, each once."""
    entries, comments = at.ledger(), at.comments()
    return (
        [entry["body"]["by"] for entry in entries] == ["ines-moreau"]
        and len(comments) == 1
        and "ines-moreau acknowledged it already" in comments[0]
        and at.packet().count("\nacknowledgement:\n  by: ines-moreau\n") == 1
    )


@pytest.mark.parametrize("fault", Fault)
def test_what_cannot_be_asked_decides_nothing(fault: Fault, at: Desk) -> None:
    break_from(at, REVIEWS, fault)
    ran = at.run()
    assert ran.code == 3
    assert "not looked at: " in ran.out
    assert "Traceback" not in ran.out + ran.err
    assert TOKEN not in ran.out + ran.err
    assert at.ledger() == []
    assert "acknowledgement:" not in at.packet()
    at.forge.server.faults = {}
    assert at.run().code == 0
    assert is_right(at)


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.CUT_JSON, Fault.HTML])
def test_a_comment_whose_answer_was_lost_is_written_once(
    fault: Fault, at: Desk
) -> None:
    break_from(at, TELLING, fault)
    ran = at.run()
    assert ran.code == 3
    assert at.forge.server.handled[-1].method == "POST"
    at.forge.server.faults = {}
    assert at.run("--pull", "1").code == 0
    assert is_right(at)


def test_wherever_a_run_breaks_the_next_one_converges(at: Desk) -> None:
    for number in range(1, LONG):
        break_from(at, number, Fault.CUT_JSON)
        before = len(at.forge.server.requests)
        ran = at.run("--pull", "1") if number > 1 else at.run()
        by = [entry["body"]["by"] for entry in at.ledger()]
        assert by in ([], ["ines-moreau"])
        assert len(at.comments()) <= 1
        if ran.code == 0:
            assert len(at.forge.server.requests) - before < number
            break
        assert ran.code == 3
    assert is_right(at)


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.LIMITED, Fault.RESET_BEFORE])
def test_what_passes_is_waited_for(fault: Fault, at: Desk) -> None:
    break_from(at, REVIEWS, fault, length=2)
    assert at.run().code == 0
    assert is_right(at)


def test_one_bad_pull_request_does_not_hold_up_the_others(at: Desk) -> None:
    other = at.propose({"opportunities/2026/04/x.md": "x\n"}, branch="other")
    at.forge.review(other, INES)
    other.overrides["changed_files"] = 7
    ran = at.run()
    assert ran.code == 3
    assert "not looked at: the open pull requests: the forge's answer" in ran.out
    assert is_right(at)


@pytest.mark.skipif(not SPEC.exists(), reason="GitHub's description is not beside us")
def test_every_request_of_a_run_is_one_that_is_published(at: Desk) -> None:
    at.run()
    at.run()
    for request in at.forge.server.requests:
        assert faults_of(request) == [], request


def test_a_push_between_look_and_write_is_kept(at: Desk) -> None:
    """Whoever is quicker wins; the run reads main again and writes after it."""
    script = f"""#!/bin/sh
[ "$1" = refs/heads/main ] && [ ! -e "{at.forge.remote.root}/raced" ] || exit 0
touch "{at.forge.remote.root}/raced"
other=$(git commit-tree -p main -m other main^{{tree}})
git update-ref refs/heads/main $other
"""
    at.forge.remote.write("hooks/pre-receive", "#!/bin/sh\nexit 0\n").chmod(0o755)
    hook = at.forge.remote.write("hooks/update", script)
    hook.chmod(0o755)
    ran = at.run()
    assert ran.code == 0, ran.err
    assert is_right(at)
    subjects = at.forge.remote.git("log", "--format=%s", "-2", "main").splitlines()
    assert subjects == [f"Write down what reviews said of {PACKET}", "other"]


def test_a_run_elsewhere_that_has_seen_nothing_doubles_nothing(
    at: Desk, tmp_path: Path
) -> None:
    second = Repository(tmp_path / "second")
    at.work.git("clone", "--quiet", str(at.forge.remote.root), str(second.root))
    at.run()
    at.clone = second
    ran = at.run(now="2026-04-22T12:00:01Z")
    assert ran.code == 0
    assert is_right(at)
