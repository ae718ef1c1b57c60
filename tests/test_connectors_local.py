"""File, note and screen: channels of this computer; and the table of channels."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import handoff.connectors as package
from handoff.connectors import console, file, note
from handoff.connectors.carrier import Fate, Surroundings
from handoff.connectors.carriers import CARRIERS
from handoff.connectors.http import send
from handoff.connectors.retrying import Pace
from handoff.model.errors import HandoffError
from handoff.policy.channels import NEEDS, Channel
from support.messages import NOW, message
from support.schemas import schema


def lent(root: Path, said: list[str]) -> Surroundings:
    pace = Pace(lambda: NOW, lambda _: None, lambda: 0.0)
    return Surroundings({}, {}, send, pace, root, said.append, "")


def channel(kind: str, path: str = "out/log.jsonl") -> Channel:
    return Channel("log", kind, "", NOW.date(), {"path": path})


def test_every_channel_is_in_every_table() -> None:
    folder = Path(package.__path__[0])
    carrying = {
        path.stem
        for path in folder.glob("*.py")
        if "def connect(" in path.read_text() and path.stem != "carriers"
    }
    assert carrying == set(CARRIERS) == set(CARRIERS.values()) == set(NEEDS)
    policy = schema("policy")["properties"]["channels"]["properties"]["channels"]
    assert policy["items"]["properties"]["kind"]["enum"] == sorted(CARRIERS)


def test_a_file_gets_a_line_and_finds_it_again(tmp_path: Path) -> None:
    carrier = file.connect(channel("file"), lent(tmp_path, []))
    assert carrier.find(message("log"), NOW) is False
    assert carrier.deliver(message("log", "ines-moreau")).fate is Fate.DELIVERED
    assert carrier.deliver(message("log", key="k2")).fate is Fate.DELIVERED
    lines = (tmp_path / "out/log.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["k1", "k2"]
    assert json.loads(lines[0])["recipient"] == "log/ines-moreau"
    assert carrier.find(message("log"), NOW) is True
    (tmp_path / "out/log.jsonl").write_bytes(b"half a li")
    assert carrier.find(message("log"), NOW) is None


def test_a_note_is_a_page_for_its_person(tmp_path: Path) -> None:
    carrier = note.connect(channel("note", "notes"), lent(tmp_path, []))
    told = message("log", "ines-moreau")
    assert carrier.find(told, NOW) is False
    assert carrier.deliver(told).fate is Fate.DELIVERED
    (page,) = (tmp_path / "notes").rglob("*.md")
    assert page.relative_to(tmp_path).as_posix() == (
        "notes/ines-moreau/breach-a-deal-k1.md"
    )
    text = page.read_text("utf-8")
    assert text.startswith("# A deal: overdue\n")
    assert "\x1b" not in text
    assert "\n# x" not in text
    assert carrier.find(told, NOW) is True
    assert carrier.deliver(replace(told)).fate is Fate.DELIVERED
    assert len(list((tmp_path / "notes").rglob("*.md"))) == 1


def test_the_screen_shows_hostile_text_and_obeys_none(tmp_path: Path) -> None:
    said: list[str] = []
    carrier = console.connect(channel("console"), lent(tmp_path, said))
    assert carrier.deliver(message("log")).fate is Fate.DELIVERED
    (text,) = said
    assert text.startswith("A deal: overdue\n")
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("kind", [file, note])
def test_no_link_leads_out_of_the_repository(kind: object, tmp_path: Path) -> None:
    root = tmp_path / "records"
    root.mkdir()
    (root / "out").symlink_to(tmp_path / "elsewhere")
    assert kind in {file, note}
    connect = file.connect if kind is file else note.connect
    with pytest.raises(HandoffError, match="leads out of the repository"):
        connect(channel("file"), lent(root, []))


def test_a_place_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder belongs")
    for made in (
        file.connect(channel("file"), lent(tmp_path, [])),
        note.connect(channel("note", "out/notes"), lent(tmp_path, [])),
    ):
        assert made.deliver(message("log")).fate is Fate.FAILED
