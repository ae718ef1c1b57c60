"""`handoff file`, `handoff return` and `handoff ack`: a packet changes hands."""

from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH, KITES_TEXT
from support.git import Repository
from support.reports import kites_packet

_ID = Path(KITES_PACKET).stem
_FILED = "filed:\n  by: dana-okafor\n  at: 2026-04-21T15:30:00+02:00\n"
_UNFILED = kites_packet().replace(_FILED, "# filed: soon\n")
_CRITICAL = KITES_TEXT.replace("severity: high", "severity: critical")
NOW = "2026-04-21T15:30:00+02:00"
LATER = "2026-04-22T09:00:00+02:00"
LAST = "2026-04-22T12:00:00+02:00"
_DANA = ("--by", "dana-okafor")
_INES = ("--by", "ines-moreau")


def _records(tmp_path: Path, packet: str, deal: str = KITES_TEXT) -> Repository:
    return records(tmp_path / "r", {KITES_PATH: deal, KITES_PACKET: packet})


@pytest.fixture
def unfiled(tmp_path: Path) -> Repository:
    return _records(tmp_path, _UNFILED)


@pytest.fixture
def filed(tmp_path: Path) -> Repository:
    return _records(tmp_path, kites_packet(), _CRITICAL)


def _text(repository: Repository) -> str:
    return (repository.root / KITES_PACKET).read_text(encoding="utf-8")


def test_filing_starts_the_clock_of_the_receiver(unfiled: Repository) -> None:
    ran = handoff("file", _ID, *_DANA, at=unfiled, now=NOW)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"filed: {KITES_PACKET}\n")
    assert "clock `packet-acknowledged`: due 2026-04-22 15:30 +02:00" in ran.out
    assert "packet-filed" not in ran.out
    assert "to acknowledge it: ines-moreau, tomas-lindgren\n" in ran.out
    assert ran.out.endswith(f"next: handoff ack {_ID}\n")
    assert _text(unfiled).replace(_FILED, "") == _UNFILED


def test_filing_twice_changes_nothing(unfiled: Repository) -> None:
    handoff("file", KITES_PACKET, *_DANA, at=unfiled, now=NOW)
    before = _text(unfiled)
    ran = handoff("file", _ID, at=unfiled, now=LATER)
    assert ran.code == 0
    assert "filed already by dana-okafor at 2026-04-21T13:30:00Z" in ran.out
    assert _text(unfiled) == before


def test_an_incomplete_packet_is_not_filed(tmp_path: Path) -> None:
    text = _UNFILED.replace("promises: [P1]\n", "promises: []\n", 1)
    repository = _records(tmp_path, text.replace("## Red flags\n", "## Red\n"))
    ran = handoff("file", _ID, *_DANA, at=repository, now=NOW)
    assert ran.code == 1
    assert "error[missing-from-packet]" in ran.out
    assert "section `Red flags` is missing" in ran.out
    assert "nothing was written" in ran.err
    assert "\nfiled:" not in _text(repository)


def test_a_packet_that_cannot_be_read_is_shown(tmp_path: Path) -> None:
    repository = _records(tmp_path, "---\nschema: packet/v1\n---\n")
    ran = handoff("file", _ID, *_DANA, at=repository, now=NOW)
    assert ran.code == 1
    assert "error[missing-field]" in ran.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((_ID,), "HANDOFF_BY"),
        ((_ID, "--by", "dana"), "who is not known"),
        ((_ID, *_DANA, "--at", "2026-04-21T14:00:00+02:00"), "more than 1 h ago"),
        ((_ID, *_DANA, "--at", "now"), "is not an instant"),
        (("assessment-zephyr-2026-04-21", *_DANA), f"nearest: {_ID}"),
        ((KITES, *_DANA), "there is no packet"),
    ],
)
def test_filing_that_was_typed_wrongly(
    typed: tuple[str, ...], said: str, unfiled: Repository
) -> None:
    ran = handoff("file", *typed, at=unfiled, now=NOW)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert _text(unfiled) == _UNFILED


def test_there_and_back_and_taken_over(unfiled: Repository) -> None:
    handoff("file", _ID, *_DANA, at=unfiled, now=NOW)
    gaps = ("--gap", "Who signs off: the list?", "--gap", "Which mailbox?")
    ran = handoff("return", _ID, *gaps, *_INES, at=unfiled, now=LATER)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"returned: {KITES_PACKET}\n")
    assert f"next: handoff file {_ID}\n" in ran.out
    again = handoff("return", _ID, *gaps, *_INES, at=unfiled, now=LAST)
    assert "returned already with these gaps" in again.out
    early = handoff("ack", _ID, *_INES, at=unfiled, now=LAST)
    assert early.code == 1
    assert "was returned by ines-moreau at 2026-04-22T07:00:00Z and is not" in early.err
    ran = handoff("file", _ID, *_DANA, at=unfiled, now=LAST)
    assert ran.code == 0
    answered = (
        "returns:\n  - by: ines-moreau\n    at: 2026-04-22T09:00:00+02:00\n"
        '    gaps:\n      - "Who signs off: the list?"\n      - Which mailbox?\n'
        "    answered:\n      by: dana-okafor\n      at: 2026-04-22T12:00:00+02:00\n"
    )
    assert answered in _text(unfiled)
    ran = handoff("ack", _ID, *_INES, at=unfiled, now=LAST)
    assert ran.code == 0
    assert handoff("check", KITES_PACKET, at=unfiled, now=LAST).code == 0
    assert "# filed: soon\n" in _text(unfiled)
    late = handoff("return", _ID, "--gap", "More", *_INES, at=unfiled, now=LAST)
    assert late.code == 1
    assert "acknowledged already" in late.err


@pytest.mark.parametrize(
    ("by", "code", "said"),
    [
        ("dana-okafor", 1, "expected somebody with the role `customer-success`"),
        ("priya-venkat", 1, "expected somebody with the role `customer-success`"),
        ("ines", 2, "who is not known"),
    ],
)
def test_only_a_receiver_returns(
    by: str, code: int, said: str, filed: Repository
) -> None:
    before = _text(filed)
    ran = handoff("return", _ID, "--gap", "Who?", "--by", by, at=filed, now=LATER)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert _text(filed) == before


@pytest.mark.parametrize("gap", ["", "TBD", "a\nb", "a\x07b"], ids=ascii)
def test_a_gap_says_something(gap: str, filed: Repository) -> None:
    before = _text(filed)
    ran = handoff("return", _ID, "--gap", gap, *_INES, at=filed, now=LATER)
    assert (ran.code, ran.out) == (2, "")
    assert "\x07" not in ran.err
    assert _text(filed) == before


def test_what_is_not_filed_is_not_returned(unfiled: Repository) -> None:
    ran = handoff("return", _ID, "--gap", "Who?", *_INES, at=unfiled, now=LATER)
    assert ran.code == 1
    assert "not filed yet" in ran.err


def test_critical_risks_are_accepted_by_name(filed: Repository) -> None:
    before = _text(filed)
    ran = handoff("ack", _ID, *_INES, at=filed, now=LATER)
    assert (ran.code, ran.out) == (1, "")
    assert "critical risk `R1` is not accepted: Data owner is on leave" in ran.err
    assert "--accept R1" in ran.err
    assert _text(filed) == before
    ran = handoff("ack", _ID, *_INES, "--accept", "R1", at=filed, now=LATER)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"acknowledged: {KITES_PACKET}\n")
    assert "  risks_accepted:\n    - R1\n" in _text(filed)
    assert handoff("check", KITES_PACKET, at=filed, now=LATER).code == 0
    status = handoff("status", KITES, at=filed, now=LATER)
    assert "acknowledged for" in status.out


def test_a_second_acknowledgement_changes_nothing(filed: Repository) -> None:
    typed = ("ack", _ID, "--accept", "R1")
    handoff(*typed, *_INES, at=filed, now=LATER)
    before = _text(filed)
    ran = handoff(*typed, "--by", "tomas-lindgren", at=filed, now=LAST)
    said = "by ines-moreau at 2026-04-22T07:00:00Z; nothing was written"
    assert (ran.code, ran.out) == (0, f"acknowledged already {said}\n")
    assert _text(filed) == before


def test_a_stale_acknowledgement_is_given_again(filed: Repository) -> None:
    typed = ("ack", _ID, *_INES, "--accept", "R1")
    handoff(*typed, at=filed, now=LATER)
    filed.write(
        KITES_PACKET, _text(filed).replace("days_at_most: 28", "days_at_most: 21")
    )
    assert handoff("check", KITES_PACKET, at=filed, now=LAST).code == 1
    assert handoff(*typed, at=filed, now=LAST).code == 0
    assert handoff("check", KITES_PACKET, at=filed, now=LAST).code == 0
    assert _text(filed).count("acknowledgement:") == 1


@pytest.mark.parametrize(
    ("by", "rule"),
    [
        ("dana-okafor", "self-acknowledgement"),
        ("priya-venkat", "unqualified-acknowledgement"),
    ],
)
def test_one_that_would_not_count_is_refused(
    by: str, rule: str, filed: Repository
) -> None:
    before = _text(filed)
    ran = handoff("ack", _ID, "--by", by, "--accept", "R1", at=filed, now=LATER)
    assert ran.code == 1
    assert f"error[{rule}]" in ran.out
    assert _text(filed) == before


def test_what_is_not_filed_is_not_acknowledged(unfiled: Repository) -> None:
    ran = handoff("ack", _ID, *_INES, at=unfiled, now=LATER)
    assert ran.code == 1
    assert f"handoff file {_ID}" in ran.err


def test_the_rubric_is_filled(filed: Repository) -> None:
    scores = "context=6,commitments=7,scope=6,risks=5,people=8"
    typed = ("ack", _ID, *_INES, "--accept", "R1", "--quality", scores)
    assert handoff(*typed, at=filed, now=LATER).code == 0
    said = (
        "quality:\n  by: ines-moreau\n  context: 6\n  commitments: 7\n  scope: 6\n"
        "  risks: 5\n  people: 8\n"
    )
    assert said in _text(filed)
    assert handoff("check", KITES_PACKET, at=filed, now=LATER).code == 0
    later = ("ack", _ID, *_INES, "--quality", scores.replace("=8", "=7"))
    assert handoff(*later, at=filed, now=LAST).code == 0
    assert "  people: 7\n" in _text(filed)


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("--quality", "context=6"), 2, "--quality context=6,commitments=6"),
        (("--quality", "x"), 2, "is not a score for each of"),
        (("--accept", "R9"), 2, "there is no risk `R9`"),
        (
            (
                "--accept",
                "R1",
                "--quality",
                "context=9,commitments=7,scope=6,risks=5,people=8",
            ),
            1,
            "nothing was written",
        ),
    ],
)
def test_scores_and_risks_that_will_not_do(
    typed: tuple[str, ...], code: int, said: str, filed: Repository
) -> None:
    before = _text(filed)
    ran = handoff("ack", _ID, *_INES, *typed, at=filed, now=LATER)
    assert ran.code == code
    assert said in ran.err
    assert _text(filed) == before


def test_other_line_endings_stay(tmp_path: Path) -> None:
    text = "\ufeff" + _UNFILED.replace("\n", "\r\n")
    repository = _records(tmp_path, text)
    path = repository.root / KITES_PACKET
    assert handoff("file", _ID, *_DANA, at=repository, now=NOW).code == 0
    content = path.read_bytes().decode()
    assert content.replace(_FILED.replace("\n", "\r\n"), "") == text
