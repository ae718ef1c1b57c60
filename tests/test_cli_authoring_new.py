"""`handoff new` by options alone: what is written, what is refused."""

from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH, KITES_TEXT, TAKO, TAKO_TEXT
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET, path_of

NOW = "2026-04-21T13:00:00+02:00"
_PACKET = Path(KITES_PACKET).stem
_TITLES = (
    "What they expect",
    "What sold them",
    "Sensitivities",
    "Ecosystem revenue motion",
    "Briefing delivered",
    "Scope agreements",
    "Red flags",
    "Follow-on potential",
)
FULL = (
    *("--set", "delivery_window.start_on=2026-05-04"),
    *("--set", "delivery_window.days_at_most=28"),
    *("--set", "milestones[1].on=2026-04-30"),
    *("--set", "escalation_contacts[0].name=Mina Castellanos"),
    *("--set", "escalation_contacts[0].reach=+1 555 0100"),
    *("--set", "needed_access=[]"),
    *(word for title in _TITLES for word in ("--section", f"{title}=What we know.")),
)
_OPENED = (
    *("new", "opportunity", "--by", "dana-okafor", "--company", "Blue Fjord Ltd"),
    *("--source", "Trade fair", "--set", "contact.name=Anna Berg"),
)
_FJORD = "opportunities/2026/04/blue-fjord-ltd-2026-04-21.md"


@pytest.fixture
def won(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", WON_WITHOUT_PACKET)


def _text(repository: Repository, path: str) -> str:
    return (repository.root / path).read_text(encoding="utf-8")


def _files(repository: Repository) -> dict[str, bytes]:
    files = (p for p in repository.root.rglob("*.md") if ".git" not in p.parts)
    return {str(path): path.read_bytes() for path in files}


def test_an_opportunity_says_what_the_next_stage_needs(won: Repository) -> None:
    plan = ("--next-action", "Call them", "--next-due", "2026-04-23")
    ran = handoff(*_OPENED, *plan, at=won, now=NOW)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"written: {_FJORD}\nto reach `qualified`, still missing")
    assert "`service` is missing" in ran.out
    assert ran.out.endswith("next: handoff status blue-fjord-ltd-2026-04-21\n")
    text = _text(won, _FJORD)
    assert "owner: dana-okafor\n" in text
    assert "    at: 2026-04-21T13:00:00+02:00\n    by: dana-okafor\n" in text
    assert "      owner: dana-okafor\n      due: 2026-04-23\n" in text
    assert handoff("check", _FJORD, at=won, now=NOW).out.endswith("all fine\n")


def test_an_opportunity_is_never_overwritten(won: Repository) -> None:
    handoff(*_OPENED, at=won, now=NOW)
    before = _files(won)
    again = handoff(*_OPENED, at=won, now=NOW)
    assert (again.code, again.out) == (1, "")
    assert f"`{_FJORD}` is there already" in again.err
    assert _files(won) == before
    another = handoff(*_OPENED, "--another", at=won, now=NOW)
    assert another.out.startswith(f"written: {_FJORD.removesuffix('.md')}-2.md\n")


def test_the_day_names_the_file(won: Repository) -> None:
    typed = (*_OPENED, "--on", "2026-03-30")
    ran = handoff(*typed, at=won, now=NOW)
    assert ran.code == 2
    assert "--reason-late" in ran.err
    ran = handoff(*typed, "--reason-late", "Found in my notes", at=won, now=NOW)
    assert "opportunities/2026/03/blue-fjord-ltd-2026-03-30.md" in ran.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--owner", "dana-okafr"), "Did you mean `dana-okafor`?"),
        (("--urgency", "hgh"), "Did you mean `high`?"),
        (("--source", "TBD"), "`source` is `TBD`, not an answer"),
        (("--source", "a\x1b[31mb"), "U+001B"),
        (("--set", "contact.mail=x"), "`mail` is not a known field"),
        (("--set", "contact"), "is not of the form path=value"),
        (("--set", "risks[3].text=x"), "leaves out an entry"),
        (("--set", "../x=1"), "is not of the form path=value"),
        (("--section", "Pain point=x"), "Known: Pain points."),
        (("--section", "Pain points=## Objections"), "does not stay within"),
        (("--section", "Pain points=TBD"), "stands for an answer to come"),
        (("--section-file", "Pain points=gone.txt"), "cannot be read as text"),
        (("--slug", "../../x"), "--slug must be lower-case"),
        (("--at", "yesterday"), "is not an instant with an offset"),
        (("--on", "2026-02-30"), "is not a day"),
        (("--on", "2026-04-20", "--at", NOW), "exclude each other"),
        (("--next-action", "Call"), "needs --next-due too"),
        (("--next-action", "Call", "--next-due", "soon"), "`next.due` is `soon`"),
        (("--resume",), "no unfinished session is kept"),
        (("--by", "nobody"), "`--by` is `nobody`, who is not known"),
    ],
)
def test_what_will_not_do_is_named(
    typed: tuple[str, ...], said: str, won: Repository
) -> None:
    before = _files(won)
    ran = handoff(*_OPENED, *typed, at=won, now=NOW)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "\x1b" not in ran.err
    assert _files(won) == before


def test_a_name_without_latin_letters_needs_a_slug(won: Repository) -> None:
    typed = ("new", "opportunity", "--by", "rui-tanaka", "--company", "凧株式会社")
    ran = handoff(*typed, at=won, now=NOW)
    assert (ran.code, ran.out) == (1, "")
    assert "--slug" in ran.err
    ran = handoff(*typed, "--slug", "tako", at=won, now=NOW)
    assert "opportunities/2026/04/tako-2026-04-21.md" in ran.out


def test_somebody_must_be_typing(won: Repository) -> None:
    typed = ("new", "opportunity", "--company", "Blue Fjord Ltd")
    ran = handoff(*typed, at=won, now=NOW)
    assert ran.code == 2
    assert "HANDOFF_BY" in ran.err
    ran = handoff(*typed, at=won, now=NOW, env={"HANDOFF_BY": "rui-tanaka"})
    assert ran.code == 0
    assert "owner: rui-tanaka" in _text(won, _FJORD)


def test_help_names_the_fields_of_this_repository(won: Repository) -> None:
    path = won.root / "schemas/opportunity.schema.json"
    text = path.read_text(encoding="utf-8")
    added = '"region": {"description": "Where.", "type": "string"}, "links": {'
    path.write_text(text.replace('"links": {', added, 1), encoding="utf-8")
    said = handoff("new", "opportunity", "--help", at=won).out
    assert "--region TEXT" in said
    ran = handoff(*_OPENED, "--region", "North", at=won, now=NOW)
    assert ran.code == 0
    assert "region: North\n" in _text(won, _FJORD)


def test_help_needs_no_repository(tmp_path: Path) -> None:
    ran = handoff("new", "packet", "--help", at=tmp_path)
    assert ran.code == 0
    assert "--resume" in ran.out


def test_a_folder_elsewhere_is_found_before_its_options(
    won: Repository, tmp_path: Path
) -> None:
    where = ("-C", str(won.root))
    ran = handoff(*_OPENED, "--urgency", "high", *where, at=tmp_path, now=NOW)
    assert ran.code == 0
    assert "urgency: high" in _text(won, _FJORD)


def test_a_linked_folder_is_not_followed(won: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (won.root / "opportunities/2026/04").symlink_to(tmp_path / "outside")
    ran = handoff(*_OPENED, at=won, now=NOW)
    assert ran.code == 3
    assert "leads outside this repository" in ran.err
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_packet_knows_what_the_opportunity_knows(won: Repository) -> None:
    ran = handoff("new", "packet", KITES, at=won, now=NOW)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"written: {KITES_PACKET}\nprefilled from {KITES}: ")
    for gap in ("`delivery_window` is missing", "section `Red flags` is empty"):
        assert f"  - {gap}\n" in ran.out
    assert ran.out.endswith(f"next: handoff check {KITES_PACKET}\n")
    text = _text(won, KITES_PACKET)
    assert "price:\n  currency: EUR\n  amount_minor: 250000\n" in text
    assert "sow:\n  status: verbal\n  expected_on: 2026-04-24\n" in text
    assert "## Problem statement\n\nNobody answers within a week.\n" in text
    assert "- 2026-04-14, follow-up-made: They want to start in May\n" in text
    checked = handoff("check", KITES_PACKET, at=won, now=NOW).out
    assert checked.count("error[") == ran.out.count("  - ")


def test_a_signed_sow_is_carried_with_its_day(won: Repository) -> None:
    handoff("log", KITES, "sow-sent", "--by", "dana-okafor", at=won, now=NOW)
    handoff("log", KITES, "sow-signed", "--by", "dana-okafor", at=won, now=NOW)
    handoff("new", "packet", KITES, at=won, now=NOW)
    assert "status: signed\n  signed_on: 2026-04-21\n" in _text(won, KITES_PACKET)


def test_a_grave_risk_gets_a_milestone_whose_day_is_open(won: Repository) -> None:
    ran = handoff("new", "packet", KITES, at=won, now=NOW)
    assert "  - `on` is missing in `milestones[1]`\n" in ran.out
    text = '  - id: M2\n    text: "Settled: Data owner is on leave in May"\n'
    owner = "    owner: dana-okafor\n    risks:\n      - R1\n"
    assert text + owner in _text(won, KITES_PACKET)


def test_a_risk_that_a_next_action_settles_needs_no_milestone(won: Repository) -> None:
    due = "      due: 2026-04-22T12:00:00+02:00\n"
    won.write(KITES_PATH, KITES_TEXT.replace(due, f"{due}      risks: [R1]\n"))
    handoff("new", "packet", KITES, at=won, now=NOW)
    assert "M2" not in _text(won, KITES_PACKET)
    assert "orphan-risk" not in handoff("check", at=won, now=NOW).out


def test_a_complete_packet_can_be_filed(won: Repository) -> None:
    ran = handoff("new", "packet", KITES, *FULL, at=won, now=NOW)
    assert ran.code == 0
    assert "missing" not in ran.out
    assert ran.out.endswith(f"next: handoff file {_PACKET}\n")
    assert "needed_access: []\n" in _text(won, KITES_PACKET)
    assert handoff("check", KITES_PACKET, at=won, now=NOW).code == 0


def test_a_section_comes_from_a_file(won: Repository, tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("- they hurry\n- we do not\n", encoding="utf-8")
    typed = ("--section-file", f"Red flags={notes}")
    assert handoff("new", "packet", KITES, *typed, at=won, now=NOW).code == 0
    assert "## Red flags\n\n- they hurry\n- we do not\n" in _text(won, KITES_PACKET)


def test_an_entry_typed_gets_an_id(won: Repository) -> None:
    typed = (
        "--set",
        "milestones[1].text=Workshop",
        "--set",
        "milestones[1].on=2026-05-20",
    )
    handoff("new", "packet", KITES, *typed, at=won, now=NOW)
    text = _text(won, KITES_PACKET)
    assert "  - id: M2\n    text: Workshop\n    on: 2026-05-20\n" in text


def test_a_packet_is_never_overwritten(tmp_path: Path) -> None:
    repository = records(tmp_path / "records", WON)
    before = _files(repository)
    ran = handoff("new", "packet", KITES_PATH, at=repository, now=NOW)
    assert (ran.code, ran.out) == (1, "")
    assert f"handoff file {_PACKET}" in ran.err
    assert _files(repository) == before


def test_a_deal_that_is_not_won_has_no_packet(tmp_path: Path) -> None:
    repository = records(tmp_path / "records", {path_of(TAKO): TAKO_TEXT})
    ran = handoff("new", "packet", TAKO, at=repository)
    assert (ran.code, ran.out) == (1, "")
    assert f"handoff log {TAKO} closed-won" in ran.err


def test_a_misspelt_opportunity_is_guessed(won: Repository) -> None:
    ran = handoff("new", "packet", "zephyr-kite-2026-03-02", at=won)
    assert ran.code == 2
    assert f"nearest: {KITES}" in ran.err


def test_a_broken_opportunity_is_shown(won: Repository) -> None:
    won.write(KITES_PATH, "no header\n")
    ran = handoff("new", "packet", KITES, at=won)
    assert ran.code == 1
    assert f"{KITES_PATH}:1:1: error[missing-front-matter]" in ran.out
    assert "nothing was written" in ran.err
