"""git merges records through the driver: merge, rebase, cherry-pick, conflicts."""

import shlex
import sys
from pathlib import Path

import pytest

from support.cli import ROOT, handoff, records
from support.deals import KITES_PATH
from support.git import Repository
from support.reports import SAMPLE

KITES = SAMPLE[KITES_PATH]
URGENT = ("urgency: high", "urgency: low")
NEXT_LINE = ("service_fit: strong", "service_fit: fair")
LAST = "      due: 2026-04-22T12:00:00+02:00\n"


def event(kind: str, at: str) -> tuple[str, str]:
    """Give the edit that appends an event."""
    return LAST, f"{LAST}  - {{event: {kind}, at: {at}, by: dana-okafor}}\n"


SENT = event("sow-sent", "2026-04-21T16:00:00+02:00")
PAID = event("payment-changed", "2026-04-21T15:00:00+02:00")


def changed(*edits: tuple[str, str], text: str = KITES) -> str:
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Give records whose merges go through the driver."""
    made = records(tmp_path / "deals")
    made.write(
        ".gitattributes",
        "opportunities/**/*.md merge=handoff\nhandoffs/**/*.md merge=handoff\n",
    )
    made.commit("Merge records by what they mean")
    command = f"{shlex.quote(sys.executable)} -m handoff merge-driver %O %A %B %P"
    path = f"PYTHONPATH={shlex.quote(str(ROOT / 'tools'))}"
    made.git("config", "merge.handoff.driver", f"{path} {command}")
    return made


def diverge(repository: Repository, ours: str, theirs: str) -> None:
    """Commit one version on `main` and another on `other`."""
    repository.branch("other")
    repository.write(KITES_PATH, theirs)
    repository.commit("theirs")
    repository.switch("main")
    repository.write(KITES_PATH, ours)
    repository.commit("ours")


def read(repository: Repository) -> str:
    return (repository.root / KITES_PATH).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    [
        ("merge", "--quiet", "--no-edit", "other"),
        ("rebase", "--quiet", "other"),
        ("cherry-pick", "other"),
    ],
    ids=lambda command: command[0],
)
def test_neighbouring_edits_merge(
    repository: Repository, command: tuple[str, ...]
) -> None:
    diverge(repository, changed(URGENT, SENT), changed(NEXT_LINE, PAID))
    repository.git(*command)
    both = changed(URGENT, NEXT_LINE, PAID)
    line = PAID[1].removeprefix(LAST)
    assert read(repository) == changed(
        (line, line + SENT[1].removeprefix(LAST)), text=both
    )
    assert repository.git("status", "--porcelain") == ""


def test_both_directions_give_the_same_file(repository: Repository) -> None:
    diverge(repository, changed(URGENT, SENT), changed(NEXT_LINE, PAID))
    start = repository.head()
    repository.merge("other")
    there = read(repository)
    repository.git("branch", "mine", start)
    repository.switch("other")
    repository.merge("mine")
    assert read(repository) == there


def test_a_conflict_stops_git_on_exactly_that_field(repository: Repository) -> None:
    theirs = ("urgency: high", "urgency: medium")
    diverge(repository, changed(URGENT, SENT), changed(theirs, NEXT_LINE))
    with pytest.raises(AssertionError, match="has 1 place edited on both sides"):
        repository.merge("other")
    mark = (
        f"<<<<<<< ours:{KITES_PATH}\nurgency: low\n=======\nurgency: medium\n"
        f">>>>>>> theirs:{KITES_PATH}"
    )
    assert read(repository) == changed(("urgency: high", mark), NEXT_LINE, SENT)
    assert repository.git("ls-files", "--unmerged", "--", KITES_PATH)
    ran = handoff("check", KITES_PATH, at=repository)
    line = read(repository).split("\n").index(mark.split("\n", maxsplit=1)[0]) + 1
    assert ran.code == 1
    assert f"{KITES_PATH}:{line}:1" in ran.out
    assert "merge-conflict" in ran.out


def test_a_deal_that_both_sides_moved_is_left_to_somebody(
    repository: Repository,
) -> None:
    lost = event("closed-lost", "2026-04-21T16:00:00+02:00")
    asleep = event("went-dormant", "2026-04-21T15:00:00+02:00")
    reason = ("by: dana-okafor}\n", "by: dana-okafor, reason: price}\n")
    window = "reason: Autumn, reactivation: {from: 2026-09-01, until: 2026-10-01}}"
    ours = changed((lost[0], lost[1].replace(*reason)))
    theirs = changed((asleep[0], asleep[1].replace("okafor}", f"okafor, {window}")))
    diverge(repository, ours, theirs)
    with pytest.raises(AssertionError) as failed:
        repository.merge("other")
    said = "was moved on both sides: closed-lost on ours, went-dormant on theirs"
    assert said in str(failed.value)
    assert repository.git("ls-files", "--unmerged", "--", KITES_PATH)
    text = read(repository)
    assert "<<<<<<<" not in text
    assert "event: went-dormant" in text
    assert "event: closed-lost" in text


def test_a_record_added_on_both_sides_is_merged_by_lines(
    repository: Repository,
) -> None:
    path = KITES_PATH.replace("zephyr-kites", "zephyr-boats")
    for branch, text in (("other", KITES), ("main", changed(URGENT))):
        if branch == "other":
            repository.branch(branch)
        else:
            repository.switch(branch)
        repository.write(path, text)
        repository.commit(branch)
    with pytest.raises(AssertionError, match="was merged by lines: the common ancest"):
        repository.merge("other")
    text = (repository.root / path).read_text(encoding="utf-8")
    assert text.count("<<<<<<<") == 1


def versions(folder: Path, *texts: str) -> list[str]:
    folder.mkdir(exist_ok=True)
    paths = [folder / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8", newline="")
    return [str(path) for path in paths]


def test_a_clean_merge_is_silent_and_leaves_nothing_else(
    repository: Repository, tmp_path: Path
) -> None:
    files = versions(tmp_path / "v", KITES, changed(URGENT), changed(NEXT_LINE))
    ran = handoff("merge-driver", *files, KITES_PATH, at=repository)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert Path(files[1]).read_text(encoding="utf-8") == changed(URGENT, NEXT_LINE)
    names = sorted(path.name for path in (tmp_path / "v").iterdir())
    assert names == ["base", "ours", "theirs"]


def test_days_end_in_the_zone_of_policy(repository: Repository, tmp_path: Path) -> None:
    known = LAST, f"{LAST}  - {{event: sow-sent, on: 2026-04-21, by: dana-okafor}}\n"
    late = event("payment-changed", "2026-04-21T22:30:00Z")
    files = versions(tmp_path / "v", KITES, changed(late), changed(known))
    assert not handoff("merge-driver", *files, KITES_PATH, at=repository).code
    text = Path(files[1]).read_text(encoding="utf-8")
    assert text.index("sow-sent") < text.index("payment-changed")
    (repository.root / "schemas/policy/calendars.yaml").write_bytes(b"zone: [\n")
    files = versions(tmp_path / "v", KITES, changed(late), changed(known))
    assert not handoff("merge-driver", *files, KITES_PATH, at=repository).code
    text = Path(files[1]).read_text(encoding="utf-8")
    assert text.index("sow-sent") > text.index("payment-changed")


def test_a_driver_that_fails_leaves_our_file(tmp_path: Path) -> None:
    files = versions(tmp_path / "v", KITES, changed(URGENT), changed(NEXT_LINE))
    ran = handoff("merge-driver", *files, "a\nb.md", at=tmp_path)
    assert ran.code == 129
    assert "was not merged" in ran.err
    assert Path(files[1]).read_text(encoding="utf-8") == changed(URGENT)


def test_the_command_is_for_git_and_not_listed() -> None:
    assert "merge-driver" not in handoff("--help").out
