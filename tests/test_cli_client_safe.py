"""`handoff client-safe`: what a client may see, or why nobody may see it yet."""

from pathlib import Path

import pytest

from support.cli import handoff, records
from support.git import Repository
from support.records import OPPORTUNITY, PACKET, base

_ID = Path(OPPORTUNITY).stem
_LAST = "    decision_by: 2026-04-24\n"
_TEXT = "You get one list that all of you can trust."


def _write(repository: Repository, text: str, digest: str = "") -> None:
    event = (
        "  - event: approval-given\n"
        "    at: 2026-04-15T09:00:00+02:00\n"
        "    by: priya-venkat\n"
        "    subject: client-safe-text\n"
        f"    digest: {digest}\n"
    )
    record = base()[OPPORTUNITY].replace(_LAST, _LAST + (event if digest else ""))
    repository.write(OPPORTUNITY, f"{record}\n## Client-safe summary\n\n{text}\n")


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    repository = records(tmp_path / "records", base())
    _write(repository, _TEXT)
    return repository


def _digest(repository: Repository) -> str:
    ran = handoff("client-safe", _ID, "--digest", at=repository)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.removesuffix("\n")


def test_an_approved_text_is_printed_and_nothing_else(acme: Repository) -> None:
    _write(acme, _TEXT, _digest(acme))
    for typed in (_ID, OPPORTUNITY):
        ran = handoff("client-safe", typed, at=acme)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == f"Company: Acme Robotics\nService: assessment\n\n{_TEXT}\n"
    assert handoff("check", at=acme).code == 0


def test_an_unapproved_text_is_not_printed(acme: Repository) -> None:
    ran = handoff("client-safe", _ID, at=acme)
    assert (ran.code, ran.out) == (1, "")
    text = (acme.root / OPPORTUNITY).read_text(encoding="utf-8")
    line = text.split("\n").index("## Client-safe summary") + 1
    assert ran.err == (
        f"{OPPORTUNITY}:{line}:1: approval of `client-safe-text` is not given\n"
        f"  do: Whoever approves runs `handoff client-safe {_ID} --digest` and adds "
        "an `approval-given` event with the subject and that `digest`.\n"
    )


def test_an_edit_after_the_approval_is_an_error(acme: Repository) -> None:
    _write(acme, f"{_TEXT} Soon.", _digest(acme))
    ran = handoff("client-safe", _ID, at=acme)
    assert (ran.code, ran.out) == (1, "")
    assert "is for the text with `sha256:" in ran.err
    checked = handoff("check", at=acme)
    assert checked.code == 1
    assert "stale-client-safe-approval" in checked.out


def test_a_leak_is_refused_even_if_approved(acme: Repository) -> None:
    leak = "Partners earn a share of each lead."
    _write(acme, leak)
    _write(acme, leak, _digest(acme))
    ran = handoff("client-safe", _ID, at=acme)
    assert (ran.code, ran.out) == (1, "")
    assert "`partners earn a share of each lead` is internal" in ran.err
    assert f"  {PACKET}:" in ran.err
    assert "leaked-internal-phrase" in handoff("check", at=acme).out


def test_the_past_can_be_asked(acme: Repository) -> None:
    _write(acme, _TEXT, _digest(acme))
    acme.commit("Approve the text", at="2026-04-22T09:00:00Z")
    _write(acme, f"{_TEXT} Soon.")
    assert handoff("client-safe", _ID, at=acme).code == 1
    assert handoff("client-safe", _ID, "--rev", "HEAD", at=acme).code == 0
    before = ("--rev", "HEAD", "--as-of", "2026-04-14")
    assert "is not given" in handoff("client-safe", _ID, *before, at=acme).err


def test_what_is_printed_cannot_draw_on_the_terminal(acme: Repository) -> None:
    hostile = "::error::one\u202etwo"
    _write(acme, hostile)
    _write(acme, hostile, _digest(acme))
    ran = handoff("client-safe", _ID, at=acme)
    assert ran.code == 0
    assert "\u202e" not in ran.out
    assert "\n::error" not in ran.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [("nobody", "there is no opportunity"), (_ID.replace("acme", "acne"), _ID)],
)
def test_a_wrong_name_is_answered(typed: str, said: str, acme: Repository) -> None:
    ran = handoff("client-safe", typed, at=acme)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_record_with_errors_is_not_judged(acme: Repository) -> None:
    acme.write(OPPORTUNITY, base()[OPPORTUNITY].replace("owner: dana-okafor", "", 1))
    ran = handoff("client-safe", _ID, at=acme)
    assert (ran.code, ran.out) == (3, "")
    assert f"Run `handoff check {OPPORTUNITY}`" in ran.err


def test_no_text_has_no_digest(acme: Repository) -> None:
    acme.write(OPPORTUNITY, base()[OPPORTUNITY])
    ran = handoff("client-safe", _ID, "--digest", at=acme)
    assert (ran.code, ran.out) == (3, "")
    assert "`## Client-safe summary`" in ran.err
