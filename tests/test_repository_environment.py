"""Which variables reach git."""

from pathlib import Path

from handoff.repository.environment import hook_variables, scrub


def test_drops_what_could_turn_git_elsewhere() -> None:
    given = {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/other",
        "GIT_DIR": "/other",
        "GIT_EXTERNAL_DIFF": "other",
        "GIT_NAMESPACE": "other",
        "GIT_REPLACE_REF_BASE": "other",
        "GIT_SHALLOW_FILE": "/other",
        "GIT_TRACE": "1",
    }
    assert not scrub(given).keys() & given.keys()


def test_keeps_identity_transport_and_trust() -> None:
    given = {
        "GIT_AUTHOR_NAME": "Robin Field",
        "GIT_CONFIG_COUNT": "0",
        "GIT_SSH_COMMAND": "ssh -q",
        "HOME": "/home/robin",
        "PATH": "/bin",
    }
    assert scrub(given).items() >= given.items()


def test_fixes_language_prompts_and_locks() -> None:
    found = scrub({"LC_ALL": "tr_TR.UTF-8", "GIT_NO_REPLACE_OBJECTS": ""})
    assert found["LC_ALL"] == "C"
    assert found["GIT_NO_REPLACE_OBJECTS"] == "1"
    assert found["GIT_OPTIONAL_LOCKS"] == "0"
    assert found["GIT_TERMINAL_PROMPT"] == "0"


def test_keeps_the_index_and_quarantine_of_the_own_repository(tmp_path: Path) -> None:
    own = tmp_path / ".git"
    given = {
        "GIT_INDEX_FILE": str(own / "next-index-1.lock"),
        "GIT_OBJECT_DIRECTORY": str(own / "objects" / "incoming-1"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(own / "objects"),
    }
    assert hook_variables(given, own) == given
    assert hook_variables(given, tmp_path / "other" / ".git") == {}
    assert hook_variables({}, own) == {}


def test_refuses_the_index_of_another_worktree(tmp_path: Path) -> None:
    own = tmp_path / ".git"
    other = own / "worktrees" / "side" / "index"
    assert hook_variables({"GIT_INDEX_FILE": str(other)}, own) == {}
