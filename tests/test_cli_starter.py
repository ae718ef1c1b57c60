"""What comes with the tool, and `handoff upgrade`, which brings it forward."""

import os
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from handoff.cli.starter import COPIED, MANIFEST, copied_files, made_files
from support.cli import ROOT, handoff
from support.git import Repository
from support.records import shipped
from support.terminal import terminal as terminal_at

PEOPLE = ("--person", "Juno Adeyemi, deal-owner+approver, @juno-a, 77")
RECEIVER = ("--person", "Mika Storm, customer-success, @mika-s, 78")


@pytest.fixture
def started(tmp_path: Path) -> Repository:
    """Give a new repository with people of its own, committed."""
    root = tmp_path / "deals"
    ran = handoff("init", str(root), "--enforce-from", "2026-04-01", *PEOPLE, *RECEIVER)
    assert ran.code == 0, ran.err
    made = Repository(root)
    made.commit("Start")
    return made


def _text(repository: Repository, path: str) -> str:
    return (repository.root / path).read_text(encoding="utf-8")


def test_a_new_repository_passes_its_own_checks(started: Repository) -> None:
    assert handoff("check", at=started).code == 0
    assert handoff("check", "--rev", "index", at=started).code == 0
    assert handoff("upgrade", "--diff", at=started).out.endswith(
        "0 files would change, 2 left alone\n"
    )


def test_its_people_are_those_that_were_named(started: Repository) -> None:
    people = _text(started, "schemas/policy/people.yaml")
    assert "handle: juno-adeyemi\n    name: Juno Adeyemi\n    account: 77" in people
    assert "since: 2026-04-01" in people
    assert "dana-okafor" not in people
    assert people.startswith("# Who is who.")
    assert "/handoffs/ @mika-s\n" in _text(started, ".github/CODEOWNERS")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Juno Adeyemi", "has no role"),
        ("Juno Adeyemi, ceo+bos", "there is no role `bos`"),
        ("Juno Adeyemi, deal-owers", "Did you mean `deal-owner`?"),
        ("Juno Adeyemi, ceo, juno", "neither a login, as in @dana-o, nor"),
        ("Juno Adeyemi, ceo, @-x-", "neither a login, as in @dana-o, nor"),
        ("Juno Adeyemi, ceo, ١٢", "neither a login, as in @dana-o, nor"),
        (", ceo", "is no name that a handle can be made of"),
        ("\u202eonuJ, ceo", "is no name that a handle can be made of"),
    ],
)
def test_a_person_typed_wrongly_is_a_usage_error(
    typed: str, said: str, tmp_path: Path
) -> None:
    ran = handoff("init", str(tmp_path / "new"), "--person", typed)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "\u202e" not in ran.err
    assert not (tmp_path / "new").exists()


def test_a_commit_that_breaks_a_record_is_refused(started: Repository) -> None:
    hook = started.root / ".githooks/pre-commit"
    assert os.access(hook, os.X_OK)
    assert started.git("config", "core.hooksPath") == ".githooks"


def test_hooks_set_up_before_are_left_alone(repository: Repository) -> None:
    repository.git("config", "core.hooksPath", "own")
    ran = handoff("init", ".", at=repository)
    assert "hooks are left as they are: `core.hooksPath` is `own`" in ran.out
    assert repository.git("config", "core.hooksPath") == "own"


def test_a_folder_becomes_a_git_repository(started: Repository) -> None:
    assert started.git("branch", "--show-current") == "main"
    assert started.git("config", "merge.handoff.driver").startswith("handoff")


def test_the_manifest_says_what_was_written(started: Repository) -> None:
    for line in _text(started, MANIFEST).splitlines():
        digest, path = line.split("  ")
        content = (started.root / path).read_bytes()
        is_own = path in ("schemas/policy/people.yaml", "schemas/policy/clocks.yaml")
        assert (sha256(content).hexdigest() == digest) is not is_own


def test_an_older_file_is_brought_forward_and_shown(started: Repository) -> None:
    path = ".github/workflows/daily.yml"
    new = _text(started, path)
    old = new.replace("23 16", "0 16")
    started.write(path, old)
    manifest = _text(started, MANIFEST)
    digest, older = (sha256(text.encode()).hexdigest() for text in (new, old))
    started.write(MANIFEST, manifest.replace(digest, older))
    dry = handoff("upgrade", "--diff", at=started)
    assert '-    - cron: "0 16 * * *"' in dry.out
    assert '+    - cron: "23 16 * * *"' in dry.out
    assert _text(started, path) == old
    ran = handoff("upgrade", at=started)
    assert ran.code == 0
    assert ran.out.endswith("1 files changed, 2 left alone\n")
    assert _text(started, path) == new
    assert _text(started, MANIFEST) == manifest


def test_what_was_changed_here_is_left_alone_and_named(started: Repository) -> None:
    path = ".github/workflows/daily.yml"
    own = _text(started, path) + "# ours\n"
    started.write(path, own)
    ran = handoff("upgrade", at=started)
    assert f"changed here, left alone: {path}\n" in ran.out
    assert _text(started, path) == own
    ran = handoff("upgrade", "--overwrite", path, at=started)
    assert "-# ours" in ran.out
    assert "# ours" not in _text(started, path)


def test_a_file_that_went_missing_comes_back(started: Repository) -> None:
    (started.root / ".github/workflows/check.yml").unlink()
    ran = handoff("upgrade", at=started)
    assert "+name: Check" in ran.out
    assert (started.root / ".github/workflows/check.yml").is_file()


def test_forms_follow_the_schemas(started: Repository) -> None:
    for path in ("schemas/policy/stages.yaml", "schemas/policy/profiles.yaml"):
        started.write(path, _text(started, path).replace("Red flags", "Worries"))
    ran = handoff("upgrade", at=started)
    assert "+      label: Worries" in ran.out
    assert "label: Worries" in _text(started, ".github/ISSUE_TEMPLATE/new-handoff.yml")


def test_broken_policy_is_left_as_it_is_and_named(started: Repository) -> None:
    started.write("schemas/policy/calendars.yaml", "zone: 7\n")
    (started.root / ".github/CODEOWNERS").unlink()
    ran = handoff("init", ".", at=started)
    assert ran.code == 0
    assert "forms are not made yet: policy is broken: schemas/policy/cal" in ran.out


def test_owners_of_policy_follow_trust(started: Repository) -> None:
    path = "schemas/policy/trust.yaml"
    text = _text(started, path)
    started.write(
        path,
        text.replace(
            "# policy_changed_by: [chief-of-staff, ceo]",
            "policy_changed_by: [approver]",
        ),
    )
    handoff("upgrade", at=started)
    owners = _text(started, ".github/CODEOWNERS")
    assert "/schemas/  @juno-a\n/.github/  @juno-a\n" in owners


def test_a_file_that_is_not_ours_cannot_be_named(started: Repository) -> None:
    ran = handoff("upgrade", "--overwrite", "secrets.txt", at=started)
    assert ran.code == 2
    assert "secrets.txt" in ran.err


def test_this_repository_has_the_files_made_of_its_policy() -> None:
    schemas = {path: text.encode() for path, text in shipped("schemas").items()}
    for path, content in made_files(schemas).items():
        assert (ROOT / path).read_bytes() == content, (
            f"run `handoff upgrade` for {path}"
        )


def test_the_package_holds_what_a_checkout_copies() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]
    included = build["build"]["targets"]["wheel"]["force-include"]
    assert included == {name: f"handoff/starter/{name}" for name in COPIED}


def test_it_is_found_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in copied_files().items():
        target = tmp_path / "handoff/starter" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    monkeypatch.setattr("handoff.cli.starter.files", lambda _: tmp_path / "handoff")
    monkeypatch.setattr("handoff.cli.starter.__file__", "/nowhere/a/b/c/starter.py")
    assert "schemas/policy/stages.yaml" in copied_files()


def test_in_a_terminal_it_asks_who_the_people_are(repository: Repository) -> None:
    now = "2026-04-24T15:00:00+02:00"
    command = ("init", "--enforce-from", "2026-04-01")
    with terminal_at(repository, *command, now=now) as screen:
        assert "no role `boss`" in screen.type("Juno Adeyemi, boss")
        screen.type("Juno Adeyemi, deal-owner+ceo", "Mika Storm, customer-success", "")
        assert screen.end() == 0
    people = _text(repository, "schemas/policy/people.yaml")
    assert "handle: juno-adeyemi" in people
    assert "handle: mika-storm" in people
    assert "dana-okafor" not in people
    assert handoff("check", at=repository).code == 0
