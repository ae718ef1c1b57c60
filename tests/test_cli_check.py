"""`handoff check`: which records it judges, in which form, and what it refuses."""

import json
import os
from pathlib import Path

import pytest

from handoff.views.formats import CHECK_FORMATS
from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import SAMPLE, WON, path_of

_BROKEN = "opportunities/2026/04/broken-drum-2026-04-20.md"
_LOST = path_of("paper-lantern-2026-02-09")


@pytest.fixture
def sample(tmp_path: Path) -> Repository:
    return records(tmp_path / "records")


def _counts(repository: Repository, *typed: str) -> tuple[int, int]:
    data = json.loads(handoff("check", *typed, "--format", "json", at=repository).out)
    return data["files_listed"], data["files_judged"]


def test_without_paths_everything_is_judged(sample: Repository) -> None:
    ran = handoff("check", at=sample)
    assert ran.code == 1
    assert ran.out.startswith(f"{_BROKEN}:1:1: error[missing-front-matter]")
    assert ran.err == ""
    assert _counts(sample) == (len(SAMPLE), len(SAMPLE) - 1)


def test_a_clean_repository_says_so(tmp_path: Path) -> None:
    ran = handoff("check", at=records(tmp_path / "r", WON))
    assert (ran.code, ran.out) == (0, "2 files checked, all fine\n")


def test_a_repository_without_records_is_clean(tmp_path: Path) -> None:
    ran = handoff("check", at=records(tmp_path / "r", {}))
    assert (ran.code, ran.out) == (0, "0 files checked, all fine\n")


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ((KITES_PATH,), 1),
        ((KITES_PATH, KITES_PACKET), 2),
        (("opportunities/2026/03",), 1),
        (("opportunities/2026/03/",), 1),
        (("./handoffs",), 1),
        (("opportunities/2026/../2026/03", KITES_PATH), 1),
        ((".",), len(SAMPLE)),
        (("schemas/policy",), len(SAMPLE)),
    ],
)
def test_paths_choose_what_is_judged(
    typed: tuple[str, ...],
    count: int,
    sample: Repository,
) -> None:
    assert _counts(sample, *typed)[0] == count


def test_paths_are_those_of_the_folder_one_is_in(sample: Repository) -> None:
    inner = sample.root / "opportunities/2026/03"
    ran = handoff("check", f"{KITES}.md", at=inner)
    assert (ran.code, ran.out) == (0, "1 file checked, all fine\n")


def test_paths_belong_to_the_folder_named_by_c(
    sample: Repository,
    tmp_path: Path,
) -> None:
    folder = sample.root / "opportunities"
    ran = handoff("check", "-C", str(folder), f"2026/03/{KITES}.md", at=tmp_path)
    assert ran.code == 0
    absolute = handoff("check", "-C", str(folder), str(sample.root / KITES_PATH))
    assert absolute == ran


def test_an_empty_folder_holds_nothing_to_judge(sample: Repository) -> None:
    (sample.root / "opportunities/2026/05").mkdir()
    ran = handoff("check", "opportunities/2026/05", at=sample)
    assert (ran.code, ran.out) == (0, "0 files checked, all fine\n")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("opportunities/2026/03/nobody-2026-03-02.md", "no file or folder `opport"),
        ("README.md", "`README.md` is not a record: records are the files under"),
        ("..", "`..` lies outside this repository"),
        ("/", "`/` lies outside this repository"),
    ],
)
def test_what_cannot_be_judged_is_refused(
    typed: str,
    said: str,
    sample: Repository,
) -> None:
    sample.write("README.md", "# Records\n")
    ran = handoff("check", typed, at=sample)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_packet_is_judged_with_its_opportunity(sample: Repository) -> None:
    """What stands in another file matters, and that file is not judged itself."""
    text = SAMPLE[KITES_PATH].replace("amount_minor: 250000", "amount_minor: 270000")
    sample.write(KITES_PATH, text.replace("owner: dana-okafor", "owner: nobody", 1))
    ran = handoff("check", KITES_PACKET, at=sample)
    assert ran.code == 1
    assert "[carried-value-differs]" in ran.out
    assert "\n1 file checked" in ran.out
    assert "[unknown-person]" not in ran.out


@pytest.mark.parametrize("form", CHECK_FORMATS)
def test_every_format_names_rule_and_place(form: str, sample: Repository) -> None:
    ran = handoff("check", "--format", form, at=sample)
    assert ran.code == 1
    assert "missing-front-matter" in ran.out
    assert _BROKEN in ran.out
    assert ran.out.endswith("\n")


def test_another_format_is_refused(sample: Repository) -> None:
    ran = handoff("check", "--format", "xml", at=sample)
    assert ran.code == 2
    assert "'xml' is not one of 'text', 'json', 'github', 'sarif'" in ran.err


@pytest.mark.parametrize("form", CHECK_FORMATS)
def test_broken_policy_judges_nothing(form: str, sample: Repository) -> None:
    path = sample.root / "schemas/policy/clocks.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("within: 2h", "within: soon"), encoding="utf-8")
    ran = handoff("check", "--format", form, at=sample)
    assert ran.code == 3
    assert "schemas/policy/clocks.yaml" in ran.out
    assert _BROKEN not in ran.out
    assert "so no record was judged\n  do: Correct schemas/policy first." in ran.err


@pytest.mark.parametrize(
    ("name", "found", "wrong"),
    [
        ("calendars", "zone: Europe/Berlin\ncal", "zone: Nowhere\ncal"),
        ("calendars", "    zone: Europe/Berlin", "    zone: Nowhere"),
        ("clocks", "- event: closed-won", "- event: closed-one"),
        ("clocks", "calendar: always", "calendar: never"),
        ("people", "acknowledged_by: customer-success", "acknowledged_by: nobody"),
        ("people", "since: 2026-01-01", "since: 2026-02-30"),
        ("severities", "unfiled-packet: warning", "unfiled-packet: loud"),
        ("stages", "from: [lead]", "from: [led]"),
        ("waivers", "waivers: []", "waivers: 7"),
    ],
)
def test_every_kind_of_broken_policy_is_named(
    name: str,
    found: str,
    wrong: str,
    sample: Repository,
) -> None:
    path = sample.root / f"schemas/policy/{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert found in text
    path.write_text(text.replace(found, wrong), encoding="utf-8")
    ran = handoff("check", at=sample)
    assert ran.code == 3
    assert ran.out.startswith(f"schemas/policy/{name}.yaml:")


def test_missing_policy_says_how_to_get_it(repository: Repository) -> None:
    ran = handoff("check", at=repository)
    assert (ran.code, ran.out) == (3, "")
    assert "`handoff init" in ran.err


def test_one_missing_file_of_policy_is_named(sample: Repository) -> None:
    (sample.root / "schemas/policy/people.yaml").unlink()
    ran = handoff("check", at=sample)
    assert (ran.code, ran.out) == (3, "")
    assert "`schemas/policy/people.yaml`" in ran.err


@pytest.mark.parametrize(
    "name",
    [
        "two\nlines.md",
        "\x1b[31mred.md",
        "caf\udce9.md",
        "::error file=x::.md",
        "-rf.md",
        "gnp\u202edm.md",
        " a, b:50%.md",
        "凧.md",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("form", CHECK_FORMATS)
def test_hostile_names_are_judged_and_escaped(
    name: str,
    form: str,
    tmp_path: Path,
) -> None:
    repository = records(tmp_path / "r", {})
    repository.write(f"opportunities/2026/04/{name}", "no header\n")
    ran = handoff("check", "--format", form, at=repository)
    assert ran.code == 1
    assert "misplaced-record" in ran.out
    assert not {"\x1b", "\u202e", "\udce9"} & set(ran.out)
    assert "\n::error file=x::" not in ran.out
    assert "\nlines.md" not in ran.out


def test_no_file_is_passed_over(tmp_path: Path) -> None:
    """Links, pipes and strangers are named: "skipped" is not an outcome."""
    repository = records(tmp_path / "r", WON)
    folder = repository.root / "handoffs/2026/04"
    (folder / "linked-2026-04-21.md").symlink_to("elsewhere.md")
    os.mkfifo(folder / "pipe-2026-04-21.md")
    (folder / "notes.txt").write_text("Call them.\n", encoding="utf-8")
    ran = handoff("check", at=repository)
    assert ran.code == 1
    for name in ("linked-2026-04-21.md", "notes.txt"):
        assert f"handoffs/2026/04/{name}:1:1: error[" in ran.out
    linked = handoff("check", "handoffs/2026/04/linked-2026-04-21.md", at=repository)
    assert "error[unreadable-file]" in linked.out


def test_nothing_is_written_but_what_is_remembered(sample: Repository) -> None:
    before = {p: p.read_bytes() for p in sample.root.rglob("*") if p.is_file()}
    handoff("check", at=sample)
    after = {p: p.read_bytes() for p in sample.root.rglob("*") if p.is_file()}
    after.pop(sample.root / ".git" / "handoff" / "fine")
    assert after == before
