"""`handoff status`, `sla` and `board`: one deal, or all of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH, LOST, OTTER, TAKO
from support.git import Repository

_MOMENT = ("--rev", "HEAD", "--as-of", "2026-04-24T15:00:00+02:00")
_BROKEN = "opportunities/2026/04/broken-drum-2026-04-20.md"


@pytest.fixture
def sample(tmp_path: Path) -> Repository:
    return records(tmp_path / "records")


def _json(repository: Repository, *typed: str) -> dict[str, Any]:
    ran = handoff(*typed, "--format", "json", *_MOMENT, at=repository)
    assert (ran.code, ran.err) == (0, "")
    data: dict[str, Any] = json.loads(ran.out)
    return data


@pytest.mark.parametrize("typed", ["zephyr", "Zephyr Kites", "kites-2026"])
@pytest.mark.parametrize(
    "command", ["status", "sla", "history", "blame", "client-safe", "log"]
)
def test_a_name_of_a_company_gets_the_id(
    command: str, typed: str, sample: Repository
) -> None:
    event = ("follow-up-made",) if command == "log" else ()
    ran = handoff(command, typed, *event, at=sample)
    assert ran.code == 2
    assert KITES in ran.err.partition("; nearest: ")[2]


@pytest.mark.parametrize("name", ["status", "board"])
def test_all_deals_are_listed(name: str, sample: Repository) -> None:
    data = _json(sample, name)
    stages = {deal["id"]: deal["stage"] for deal in data["records"]}
    assert stages.keys() == {KITES, TAKO, OTTER, LOST}
    assert (stages[KITES], stages[LOST]) == ("handed-off", "closed-lost")
    assert data["not_evaluated"] == [_BROKEN]


@pytest.mark.parametrize("name", ["status", "board", "sla"])
def test_json_says_of_what_and_when(name: str, sample: Repository) -> None:
    data = _json(sample, name)
    assert data["version"] == 1
    assert data["as_of"] == "2026-04-24T13:00:00Z"
    assert data["rev"] == sample.head()


@pytest.mark.parametrize("name", ["status", "board"])
def test_all_deals_are_shown(name: str, sample: Repository) -> None:
    shown = handoff(name, *_MOMENT, at=sample)
    assert shown.code == 0
    assert "Zephyr Kites" in shown.out
    assert _BROKEN in shown.out


@pytest.mark.parametrize(
    "typed",
    [KITES, KITES_PATH, f"{KITES}.md", KITES_PACKET, Path(KITES_PACKET).stem],
)
def test_a_deal_goes_by_many_names(typed: str, sample: Repository) -> None:
    (deal,) = _json(sample, "status", typed)["records"]
    assert deal["id"] == KITES
    assert deal["stage"] == "handed-off"
    assert {r["record"] for r in _json(sample, "sla", typed)["readings"]} == {KITES}


def test_the_detail_of_a_deal_says_what_is_missing(sample: Repository) -> None:
    ran = handoff("status", TAKO, *_MOMENT, at=sample)
    assert ran.code == 0
    assert "To reach `audit`, still missing:" in ran.out
    assert "Collect the audit evidence" in ran.out


@pytest.mark.parametrize("name", ["status", "sla"])
def test_a_misspelt_name_gets_the_nearest(name: str, sample: Repository) -> None:
    ran = handoff(name, "zephir-kites-2026-03-02", at=sample)
    assert (ran.code, ran.out) == (2, "")
    assert "there is no record `zephir-kites-2026-03-02`" in ran.err
    assert KITES in ran.err


def test_sla_shows_what_needs_somebody_and_all_on_demand(sample: Repository) -> None:
    short = handoff("sla", KITES, *_MOMENT, at=sample)
    full = handoff("sla", KITES, "--all", *_MOMENT, at=sample)
    assert (short.code, full.code) == (0, 0)
    assert "packet-acknowledged" in short.out
    assert "packet-filed" not in short.out
    assert "packet-filed" in full.out


def test_sla_explains_itself_with_the_commit(sample: Repository) -> None:
    ran = handoff("sla", KITES, "--explain", *_MOMENT, at=sample)
    assert ran.code == 0
    assert f"{KITES_PACKET}:" in ran.out
    assert sample.head()[:7] in ran.out
    on_disk = handoff("sla", KITES, "--explain", at=sample)
    assert on_disk.code == 0
    assert sample.head()[:7] not in on_disk.out


def test_explain_needs_an_id(sample: Repository) -> None:
    ran = handoff("sla", "--explain", at=sample)
    assert (ran.code, ran.out) == (2, "")
    assert "--explain needs the ID" in ran.err


def test_explain_refuses_a_shallow_clone(sample: Repository, tmp_path: Path) -> None:
    sample.commit("Nothing")
    source = f"file://{sample.root}"
    sample.git("clone", "--quiet", "--depth=1", source, str(tmp_path / "shallow"))
    shallow = Repository(tmp_path / "shallow")
    assert handoff("sla", KITES, *_MOMENT, at=shallow).code == 0
    ran = handoff("sla", KITES, "--explain", *_MOMENT, at=shallow)
    assert ran.code == 3
    assert "  do: Run `git fetch --unshallow`" in ran.err


def test_board_counts_the_cards_it_leaves_out(sample: Repository) -> None:
    for number in range(5):
        text = (sample.root / f"opportunities/2026/04/{OTTER}.md").read_text("utf-8")
        stem = f"marble-otter-{number}-2026-04-14"
        sample.write(f"opportunities/2026/04/{stem}.md", text)
    short = handoff("board", "--limit", "2", at=sample)
    assert short.code == 0
    assert "4 more" in short.out
    assert "more" not in handoff("board", "--limit", "9", at=sample).out


def test_a_limit_below_one_is_refused(sample: Repository) -> None:
    assert handoff("board", "--limit", "0", at=sample).code == 2


@pytest.mark.parametrize("name", ["status", "sla", "board", "daily"])
def test_broken_policy_exits_with_3(name: str, sample: Repository) -> None:
    sample.write("schemas/policy/clocks.yaml", "clocks: 7\n")
    ran = handoff(name, at=sample)
    assert (ran.code, ran.out) == (3, "")
    assert "policy is broken: schemas/policy/clocks.yaml:1:" in ran.err
    assert "\n  do: " in ran.err


@pytest.mark.parametrize("name", ["status", "sla", "board"])
def test_a_repository_without_deals_is_no_error(name: str, tmp_path: Path) -> None:
    ran = handoff(name, at=records(tmp_path / "empty", {}))
    assert ran.code == 0
    assert "0 deals" in ran.out


def test_one_clock_alone(sample: Repository) -> None:
    ran = handoff("sla", "--clock", "packet-filed", "--format", "json", at=sample)
    names = {reading["clock"] for reading in json.loads(ran.out)["readings"]}
    assert names == {"packet-filed"}
    ran = handoff("sla", "--clock", "packet-fild", at=sample)
    assert ran.code == 2
    assert "policy has no clock 'packet-fild'; nearest: packet-filed" in ran.err
