"""The oldest tool a repository accepts is looked at before anything else."""

import pytest

from handoff import __version__
from handoff.model.errors import HandoffError
from handoff.policy.sources import TOOL
from handoff.policy.tool import require_tool
from handoff.repository.unreadable import ABSENT
from support.cli import handoff, records
from support.git import Repository


def _with(minimum: str) -> bytes:
    return f"minimum: {minimum}\n".encode()


@pytest.mark.parametrize(
    ("minimum", "version"),
    [
        ("0.1.0", "0.1.0"),
        ("0.1", "0.1.0"),
        ("0.1.0", "0.1"),
        ("0.9", "0.10"),
        ("1.2.3", "1.2.3.dev4"),
        ("1.2.3", "2.0.0rc1"),
        ("0", "0.0.1"),
    ],
)
def test_a_tool_that_is_new_enough_goes_on(minimum: str, version: str) -> None:
    require_tool(_with(minimum), version)


@pytest.mark.parametrize(
    ("minimum", "version"), [("0.2", "0.1.9"), ("0.10", "0.9"), ("1", "0.99.99")]
)
def test_one_that_is_too_old_says_so(minimum: str, version: str) -> None:
    with pytest.raises(HandoffError, match=f"this is handoff {version}, and .*needs"):
        require_tool(_with(minimum), version)


@pytest.mark.parametrize("minimum", ["soon", "1.x", "", "[1, 2]", "1.2.3.4.5", "-1"])
def test_a_file_that_says_no_version_is_refused(minimum: str) -> None:
    with pytest.raises(HandoffError, match="does not say which version"):
        require_tool(_with(minimum), "1.0")


def test_a_repository_without_the_file_takes_every_tool() -> None:
    require_tool(ABSENT, "0.0.1")


@pytest.fixture
def ahead(repository: Repository) -> Repository:
    """Give a repository of a later tool, whose policy this one cannot read."""
    made = records(repository.root / "ahead", {})
    made.write(TOOL, "minimum: 99.0\n")
    made.write("schemas/policy/stages.yaml", "from-the-future: yes\n")
    made.commit("Move on")
    return made


@pytest.mark.parametrize(
    "typed",
    [("check",), ("status",), ("sla", "--rev", "HEAD"), ("daily",), ("tasks",)],
)
def test_every_command_looks_there_first(
    typed: tuple[str, ...], ahead: Repository
) -> None:
    ran = handoff(*typed, at=ahead)
    assert (ran.code, ran.out) == (3, "")
    first = f"handoff: this is handoff {__version__}, and this repository needs 99.0"
    assert ran.err.startswith(first)
