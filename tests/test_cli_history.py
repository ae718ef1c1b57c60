"""`handoff history`, `blame`, `diff` and `textconv` over real commits."""

import json
import sys
from pathlib import Path

import pytest

from support.cli import ROOT, handoff, handoff_process, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET, lead, path_of

_OTTER = "marble-otter-2026-04-14"
_OTTER_PATH = path_of(_OTTER)


def _edit(repository: Repository, path: str, old: str, new: str) -> None:
    file = repository.root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def otter(tmp_path: Path) -> Repository:
    """Give a lead whose source is corrected, reformatted, and edited on a branch."""
    made = records(tmp_path / "otter", lead(_OTTER, "Marble Otter"))
    _edit(made, _OTTER_PATH, "Web form", "Trade fair")
    made.commit("source", at="2026-04-22T09:00:00Z", author="Dana Okafor")
    _edit(made, _OTTER_PATH, "company: Marble Otter", 'company:   "Marble Otter"')
    made.commit("layout", at="2026-04-22T10:00:00Z", author="Lay Out")
    made.branch("desk")
    _edit(made, _OTTER_PATH, "Call them back", "Write to them")
    made.commit("next", at="2026-04-22T11:00:00Z", author="Rui Tanaka")
    made.switch("main")
    made.write("notes.txt", "elsewhere\n")
    made.commit("other", at="2026-04-22T12:00:00Z")
    made.merge("desk", at="2026-04-22T13:00:00Z")
    return made


def test_history_names_who_wrote_each_change_and_leaves_out_layout(
    otter: Repository,
) -> None:
    ran = handoff("history", _OTTER, at=otter)
    heads = [line for line in ran.out.splitlines() if line.startswith("2026-")]
    assert [head.split("  ")[1] for head in heads] == [
        "Robin Field",
        "Dana Okafor",
        "Rui Tanaka",
    ]
    assert "    source: Web form to Trade fair\n" in ran.out
    assert "    event 1 next action: Call them back to Write to them\n" in ran.out
    assert "(on a branch)" in heads[2]
    assert ran.out.endswith("\n3 changes\n")


def test_history_is_the_same_after_merge_squash_and_rebase(otter: Repository) -> None:
    def told() -> list[object]:
        ran = handoff("history", _OTTER, "--format", "json", at=otter)
        changes = json.loads(ran.out)["changes"]
        return [(c["author"], c["records"]) for c in changes]

    merged = told()
    otter.git("reset", "--quiet", "--hard", "HEAD~1")
    otter.git("cherry-pick", "desk")
    assert told() == merged


def test_stage_moves_when_the_change_lands(tmp_path: Path) -> None:
    made = records(tmp_path / "kites", WON_WITHOUT_PACKET, at="2026-04-21T11:00:00Z")
    made.branch("packet")
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("file", at="2026-04-22T09:00:00Z", author="Dana Okafor")
    made.switch("main")
    made.write("notes.txt", "elsewhere\n")
    made.commit("other")
    merge = made.merge("packet", at="2026-04-22T15:00:00Z")
    ran = handoff("history", KITES, "--format", "json", at=made)
    stages = [(c["stage"], c["merge"]) for c in json.loads(ran.out)["changes"]]
    assert stages == [
        ({"before": None, "after": "closed-won"}, False),
        (None, False),
        ({"before": "closed-won", "after": "handed-off"}, True),
    ]
    assert json.loads(ran.out)["rev"] == merge


def test_renamed_and_removed_records_keep_their_history(otter: Repository) -> None:
    new = "marble-otter-2026-04-15"
    (otter.root / _OTTER_PATH).rename(otter.root / path_of(new))
    otter.commit("rename", at="2026-04-23T09:00:00Z")
    ran = handoff("history", new, at=otter)
    assert f"    renamed from {_OTTER_PATH}\n" in ran.out
    assert "    source: Web form to Trade fair\n" in ran.out
    (otter.root / path_of(new)).unlink()
    otter.commit("remove", at="2026-04-23T10:00:00Z")
    ran = handoff("history", new, at=otter)
    assert "  stage: lead to none, no valid record\n" in ran.out
    assert "    the record removed: 1 event\n" in ran.out


def test_blame_gives_the_last_commit_that_changed_a_value(otter: Repository) -> None:
    ran = handoff("blame", _OTTER, "source", at=otter)
    assert "Dana Okafor" in ran.out
    assert ran.out.endswith("    Trade fair\n")
    ran = handoff("blame", _OTTER, "company", at=otter)
    assert "Robin Field" in ran.out
    ran = handoff("blame", _OTTER, "events.1.next", "--format", "json", at=otter)
    values = {v["name"][-1]: v for v in json.loads(ran.out)["values"]}
    assert values["action"]["author"] == "Rui Tanaka"
    assert values["owner"]["author"] == "Robin Field"
    assert values["action"]["committed_at"] == "2026-04-22T11:00:00Z"


def test_blame_of_a_section_and_of_nothing(tmp_path: Path) -> None:
    made = records(tmp_path / "kites", WON)
    ran = handoff("blame", KITES_PACKET, "red flags", at=made)
    assert ran.out.endswith("    What we know of it.\n")
    ran = handoff("blame", KITES, "pricng", at=made)
    assert ran.code == 2
    assert "no value named 'pricng'; nearest: pricing" in ran.err


def test_history_at_an_earlier_moment(otter: Repository) -> None:
    ran = handoff("history", _OTTER, "--as-of", "2026-04-22T09:30:00Z", at=otter)
    assert ran.out.endswith("\n2 changes\n")
    ran = handoff("history", _OTTER, "--rev", "index", at=otter)
    assert ran.code == 2
    ran = handoff("history", "marble-oter-2026-04-14", at=otter)
    assert ran.code == 2
    assert f"nearest: {_OTTER}" in ran.err


def test_history_refuses_a_shallow_clone(otter: Repository, tmp_path: Path) -> None:
    url = otter.root.as_uri()
    otter.git("clone", "--quiet", "--depth", "1", url, str(tmp_path / "shallow"))
    for command in ("history", "blame"):
        ran = handoff(command, _OTTER, at=tmp_path / "shallow")
        assert ran.code == 3
        assert "fetch-depth: 0" in ran.err


def test_diff_speaks_of_stages_and_items(tmp_path: Path) -> None:
    made = records(tmp_path / "kites", {})
    made.write(KITES_PATH, WON[KITES_PATH])
    made.commit("win")
    made.write(KITES_PACKET, WON[KITES_PACKET])
    _edit(made, KITES_PATH, "promises:\n", "promises:\n  - id: P9\n    text: A tour\n")
    made.commit("file")
    ran = handoff("diff", "HEAD~1..HEAD", at=made)
    assert ran.out.startswith(f"{KITES}\n  stage: closed-won to ")
    assert "    promise P9 added: A tour\n" in ran.out
    assert f"  {KITES_PACKET}\n    the record added: " in ran.out
    assert ran.out.endswith("\n1 deal changed\n")
    ran = handoff("diff", "HEAD..HEAD~1", "--format", "json", at=made)
    deal = json.loads(ran.out)["deals"][0]
    assert deal["stage"]["after"] == "closed-won"
    acts = {tuple(d["name"]): d["act"] for d in deal["records"][1]["differences"]}
    assert acts["promises", "P9"] == "removed"


def test_diff_with_the_disk_and_the_index(otter: Repository) -> None:
    assert handoff("diff", at=otter).out == "0 deals changed\n"
    _edit(otter, _OTTER_PATH, "Trade fair", "Old friend")
    line = "    source: Trade fair to Old friend\n"
    assert line in handoff("diff", at=otter).out
    assert handoff("diff", "HEAD..index", at=otter).out == "0 deals changed\n"
    otter.git("add", "--all")
    assert line in handoff("diff", "HEAD..index", at=otter).out
    otter.write("opportunities/2026/04/new-2026-04-20.md", "no header\n")
    assert (
        "new-2026-04-20.md: cannot be read on one side" in handoff("diff", at=otter).out
    )
    assert handoff("diff", "index..HEAD", at=otter).code == 2
    assert handoff("diff", "nowhere..HEAD", at=otter).code == 3


def test_git_itself_shows_values(otter: Repository) -> None:
    otter.write(".gitattributes", "*.md diff=handoff\n")
    command = f"PYTHONPATH='{ROOT}/tools' '{sys.executable}' -m handoff textconv"
    otter.git("config", "diff.handoff.textconv", command)
    shown = otter.git("log", "-p", "--format=%an", "--", _OTTER_PATH)
    assert "-source: Web form\n+source: Trade fair\n" in shown
    assert "-event 1 next action: Call them back\n" in shown
    assert "Lay Out\n\nDana Okafor\n" in shown


def test_textconv_leaves_other_files_alone(otter: Repository) -> None:
    otter.write("odd.md", b"no header \x1b[31m\xff\n")
    assert handoff_process("textconv", "notes.txt", at=otter).out == "elsewhere\n"
    out = handoff_process("textconv", _OTTER_PATH, at=otter).out
    assert "company: Marble Otter\n" in out
    assert "event 1: " not in out


def test_hostile_text_is_escaped(otter: Repository) -> None:
    _edit(otter, _OTTER_PATH, "Trade fair", '"\\e[31m::error::x"')
    otter.commit("evil", at="2026-04-24T09:00:00Z", author="\x1b[31mEve")
    for typed in (("history", _OTTER), ("blame", _OTTER), ("diff", "HEAD~1..HEAD")):
        out = handoff(*typed, at=otter).out
        assert "\x1b" not in out
        assert not any(line.lstrip().startswith("::") for line in out.splitlines())


def test_entries_of_a_list_go_by_what_they_say(tmp_path: Path) -> None:
    made = records(tmp_path / "kites", WON)
    first = made.head()
    _edit(made, KITES_PATH, "[Shared mailbox]", "[Spreadsheet, Shared mailbox, Fax]")
    made.commit("more", author="Dana Okafor")
    _edit(made, KITES_PATH, "[Spreadsheet, Shared mailbox, Fax]", "[Shared mailbox]")
    _edit(made, KITES_PACKET, "risks: [R1]\n", "risks: []\n")
    out = handoff("diff", at=made).out
    assert "    provider stack: Spreadsheet removed\n" in out
    assert "    provider stack: Fax removed\n" in out
    assert "    risks: R1 removed\n" in out
    assert "(empty)" not in out
    out = handoff("blame", KITES, "provider_stack", at=made).out
    assert [line for line in out.splitlines() if "Dana Okafor" not in line][1:] == [
        f"{first[:10]}  2026-04-22 10:00 +02:00  Robin Field  provider stack",
        "    Shared mailbox",
        "    Fax",
    ]


@pytest.mark.parametrize(
    ("new", "line"),
    [
        ("Nobody answers within two weeks.", ": “… a week.” to “… two weeks.”"),
        ("Nobody at all answers within a week.", ": “… at all …” added"),
        ("answers within a week.", ": “Nobody …” removed"),
        ("word " * 60, " changed (5 words, now 60)"),
    ],
)
def test_a_section_shows_the_words_that_changed(
    new: str, line: str, tmp_path: Path
) -> None:
    made = records(tmp_path / "kites", WON)
    _edit(made, KITES_PATH, "Nobody answers within a week.", new)
    assert f"    section `Pain points`{line}\n" in handoff("diff", at=made).out


def test_a_packet_that_is_gone_or_broken_stays_in_the_history(tmp_path: Path) -> None:
    made = records(tmp_path / "kites", WON)
    _edit(made, KITES_PATH, "payment: not-invoiced", "payment: perhaps")
    _edit(made, KITES_PACKET, "payment: not-invoiced", "payment: perhaps")
    made.commit("break")
    out = handoff("history", KITES, at=made).out
    assert out.count(KITES_PACKET) == 2
    assert "  stage: handed-off to none, no valid record\n" in out
    (made.root / KITES_PACKET).unlink()
    removed = "    the record removed: 1 promise, 1 risk, 1 milestone, 11 sections\n"
    out = handoff("diff", at=made).out
    assert removed in out
    assert "cannot be read" not in out
    made.commit("remove")
    out = handoff("history", KITES, at=made).out
    assert out.count(KITES_PACKET) == 3
    assert removed in out
