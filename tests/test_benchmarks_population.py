"""The repositories that benchmarks make look like those of a team after years."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from handoff.evaluation.reading import LIVE
from support.cli import ROOT, handoff

_THEN = ("--rev", "HEAD", "--as-of", "2026-11-20T12:00:00Z", "--format", "json")
_NOW = "2026-11-21T12:00:00Z"
_DEALS = 200


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository of 200 deals."""
    root = tmp_path_factory.mktemp("years") / "records"
    script = str(ROOT / "benchmarks/population.py")
    words = (sys.executable, script, str(root), str(_DEALS))
    subprocess.run(words, check=True)  # noqa: S603 - no shell
    return root


def test_every_record_is_fine(records: Path) -> None:
    ran = handoff("check", *_THEN, at=records, now=_NOW)
    told = json.loads(ran.out)
    assert ran.code == 0
    assert told["diagnostics"] == []
    assert told["files_judged"] == told["files_listed"] > _DEALS


def test_few_deals_wait_for_anybody_and_few_of_these_are_late(records: Path) -> None:
    readings = json.loads(handoff("sla", *_THEN, at=records, now=_NOW).out)["readings"]
    live = [reading for reading in readings if reading["state"] in LIVE]
    waiting = {reading["record"] for reading in live}
    late = {reading["record"] for reading in live if reading["breached"]}
    assert 0.05 * _DEALS <= len(waiting) <= 0.15 * _DEALS
    assert 0 < len(late) < len(waiting) / 2


def test_most_deals_are_over_in_one_of_three_ways(records: Path) -> None:
    board = json.loads(handoff("board", *_THEN, at=records, now=_NOW).out)
    stages = Counter(deal["stage"] for deal in board["records"])
    over = {name: stages[name] for name in ("delivered", "closed-lost", "dormant")}
    assert min(over.values()) > 0.1 * _DEALS
    assert sum(over.values()) == 0.9 * _DEALS
