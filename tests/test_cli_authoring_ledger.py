"""`handoff file`, `return` and `ack` where the ledger knows more than the packet."""

from pathlib import Path

import pytest

from handoff.evaluation.digest import packet_digest
from handoff.model.entry import JSON, Entry, EntryKind
from handoff.model.instant import parse_instant
from handoff.records.register import load_register
from handoff.repository.git import Git
from handoff.repository.ledger import append
from handoff.repository.snapshot import WorktreeSnapshot
from support.cli import Ran, handoff, records
from support.deals import KITES, KITES_PACKET
from support.git import Repository
from support.reports import WON, shipped_policy

_ID = Path(KITES_PACKET).stem
_DANA = ("--by", "dana-okafor")
_INES = ("--by", "ines-moreau")
_SEEN = "2026-04-21T16:00:00Z"
NOW = "2026-04-21T20:00:00+02:00"
_HERE = "2026-04-21T20:00:00+02:00"
_THEN = "by ines-moreau at 2026-04-21T15:00:00Z (in the ledger alone)"


@pytest.fixture
def sample(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", WON, at="2026-04-21T13:35:00Z")


def _know(sample: Repository, kind: EntryKind, **more: JSON) -> None:
    """Write down what a review of that afternoon said, as the workflow does."""
    body: dict[str, JSON] = {
        "packet": _ID,
        "by": "ines-moreau",
        "at": "2026-04-21T15:00:00Z",
        "review": "github:1042",
        **more,
    }
    entry = Entry(kind, f"{_ID}/{body['review']}", body)
    now = parse_instant(_SEEN)
    assert now
    append(Git.discover(sample.root), [entry], remote=None, now=now)


def _approve(sample: Repository) -> None:
    register = load_register(
        WorktreeSnapshot(Git.discover(sample.root)), shipped_policy()
    )
    digest = packet_digest(register.packets[_ID], register.opportunities[KITES])
    _know(sample, EntryKind.ACKNOWLEDGEMENT, digest=digest, risks_accepted=[])


def _give_back(sample: Repository, *, is_merged: bool, **more: JSON) -> None:
    gaps = ["Who signs off: the list?", "Which mailbox?"]
    _know(sample, EntryKind.RETURN, gaps=gaps, after_merge=is_merged, **more)


def _text(sample: Repository) -> str:
    return (sample.root / KITES_PACKET).read_text(encoding="utf-8")


def _run(sample: Repository, *typed: str, now: str = NOW) -> Ran:
    name, *more = typed
    return handoff(name, _ID, *more, at=sample, now=now)


def test_an_approval_in_the_ledger_is_not_given_back(sample: Repository) -> None:
    _approve(sample)
    before = _text(sample)
    ran = _run(sample, "return", "--gap", "Who?", *_INES)
    assert (ran.code, ran.out) == (1, "")
    assert f"the packet is acknowledged already {_THEN}\n" in ran.err
    assert "`handoff acknowledge` writes it down here." in ran.err
    assert f"`handoff log {KITES} scope-changed`" in ran.err
    ran = _run(sample, "ack", *_INES)
    assert ran.out == f"acknowledged already {_THEN}; nothing was written\n"
    ran = _run(sample, "file", *_DANA)
    assert ran.out.endswith(f"; acknowledged {_THEN}; nothing was written\n")
    assert _text(sample) == before


def test_an_approval_that_was_dismissed_stands_in_nobodys_way(
    sample: Repository,
) -> None:
    _approve(sample)
    _know(sample, EntryKind.VOID, by="", at="2026-04-21T15:30:00Z")
    assert _run(sample, "return", "--gap", "Who?", *_INES).code == 0
    assert "    gaps:\n      - Who?\n" in _text(sample)


def test_a_return_in_the_ledger_is_answered_and_written_down(
    sample: Repository,
) -> None:
    _give_back(sample, is_merged=True)
    ran = _run(sample, "ack", *_INES)
    assert (ran.code, ran.out) == (1, "")
    assert f"the packet was returned {_THEN} and is not filed again" in ran.err
    ran = _run(sample, "file", *_DANA)
    assert (ran.code, ran.err) == (0, "")
    assert f"answered, and written down: the return {_THEN}\n" in ran.out
    assert "clock `packet-acknowledged`: due 2026-04-22 20:00 +02:00" in ran.out
    answered = (
        "returns:\n  - by: ines-moreau\n    at: 2026-04-21T17:00:00+02:00\n"
        '    gaps:\n      - "Who signs off: the list?"\n      - Which mailbox?\n'
        f"    answered:\n      by: dana-okafor\n      at: {_HERE}\n"
    )
    assert answered in _text(sample)
    gate = ("check", "--base", "HEAD")
    assert handoff(*gate, at=sample, now=NOW).code == 0
    assert "filed already" in _run(sample, "file", *_DANA).out
    assert _run(sample, "ack", *_INES, now="2026-04-22T09:00:00+02:00").code == 0


def test_a_return_of_an_open_pull_request_is_answered_likewise(
    sample: Repository,
) -> None:
    _give_back(sample, is_merged=False)
    assert _run(sample, "file", *_DANA).code == 0
    assert "    answered:\n      by: dana-okafor\n" in _text(sample)


def test_an_approval_that_follows_has_answered_it(sample: Repository) -> None:
    _give_back(sample, is_merged=False)
    assert _run(sample, "ack", *_INES).code == 0
    assert "acknowledgement:\n  by: ines-moreau\n" in _text(sample)
    ran = _run(sample, "file", *_DANA)
    assert "; acknowledged by ines-moreau at 2026-04-21T18:00:00Z; nothing" in ran.out


def test_a_return_in_the_ledger_is_not_made_twice(sample: Repository) -> None:
    _give_back(sample, is_merged=True)
    before = _text(sample)
    gaps = ("--gap", "Who signs off: the list?", "--gap", "Which mailbox?")
    ran = _run(sample, "return", *gaps, *_INES)
    said = f"returned already with these gaps {_THEN}; nothing was written\n"
    assert (ran.code, ran.out) == (0, said)
    ran = _run(sample, "return", "--gap", "Another", *_INES)
    assert (ran.code, ran.out) == (1, "")
    assert f"the packet is returned already {_THEN}\n" in ran.err
    assert f"`handoff file {_ID}`" in ran.err
    assert _text(sample) == before


def test_what_was_given_back_after_its_approval_is_filed_again(
    sample: Repository,
) -> None:
    _approve(sample)
    _give_back(sample, is_merged=True, at="2026-04-21T16:00:00Z")
    ran = handoff("check", KITES_PACKET, at=sample, now=NOW)
    assert "error[premature-acknowledgement]" in ran.out
    assert f"do: Its owner closes the gaps and files it: `handoff file {_ID}`" in (
        ran.out
    )
    assert _run(sample, "file", *_DANA).code == 0
    ran = handoff("check", KITES_PACKET, at=sample, now=NOW)
    assert f"do: Acknowledge it as it was filed last: `handoff ack {_ID}`" in ran.out
    assert _run(sample, "ack", *_INES).code == 0
    assert handoff("check", KITES_PACKET, at=sample, now=NOW).code == 0


def test_names_of_the_ledger_are_shown_harmlessly(sample: Repository) -> None:
    _know(sample, EntryKind.RETURN, gaps=["a"], after_merge=True, by="x\x1b[1m")
    for typed in (("file", *_DANA), ("return", "--gap", "b", *_INES), ("ack", *_INES)):
        ran = _run(sample, *typed)
        assert ran.code in {1, 3}
        assert "\x1b" not in ran.out + ran.err
