"""Completion, explanations and quick fixes, asked for without a protocol."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document.document import read_document
from handoff.lsp.completion import Choice, complete
from handoff.lsp.desk import Desk
from handoff.lsp.fixes import Fix, fixes
from handoff.lsp.hover import hover
from handoff.lsp.text import Point, split_lines
from handoff.model.diagnostic import Diagnostic
from handoff.model.instant import parse_instant
from support.cli import NOW, handoff, records
from support.deals import KITES_PACKET, KITES_PATH, KITES_TEXT
from support.git import Repository
from support.reports import kites_packet
from test_lsp_text import apply

_FILES = {KITES_PATH: KITES_TEXT, KITES_PACKET: kites_packet()}
_CURSOR = "¦"


class Editor:
    """Somebody who edits records of one repository."""

    def __init__(self, repository: Repository) -> None:
        now = parse_instant(NOW)
        assert now
        self.repository = repository
        self.desk = Desk(lambda: now)

    def file(self, path: str) -> Path:
        """Give a file of the repository."""
        return self.repository.root / path

    def type(self, path: str, text: str) -> Point:
        """Put a text on the desk; give the place of its cursor mark."""
        before, _, after = text.partition(_CURSOR)
        self.desk.put(self.file(path), before + after)
        lines = split_lines(before)
        return Point(len(lines) - 1, len(lines[-1]))

    def offers(self, path: str, text: str) -> tuple[Choice, ...]:
        """Ask what can be typed at the mark."""
        cursor = self.type(path, text)
        view = self.desk.view(self.file(path))
        assert view
        return complete(view, cursor)

    def labels(self, path: str, text: str) -> list[str]:
        """Name what can be typed at the mark."""
        return [choice.label for choice in self.offers(path, text)]

    def explains(self, path: str, text: str) -> str:
        """Ask what stands at the mark."""
        cursor = self.type(path, text)
        found = self.desk.judge()[self.file(path)]
        view = self.desk.view(self.file(path))
        assert view
        return hover(view, cursor, found)

    def finds(self, path: str, text: str) -> Sequence[Diagnostic]:
        """Judge a text."""
        self.type(path, text)
        return self.desk.judge()[self.file(path)]

    def fixes(self, path: str, text: str) -> tuple[Fix, ...]:
        """Ask for the fixes of all that is found."""
        found = self.finds(path, text)
        view = self.desk.view(self.file(path))
        assert view
        return fixes(view, found)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return records(tmp_path_factory.mktemp("lsp") / "records", _FILES)


@pytest.fixture
def editor(shelf: Repository) -> Editor:
    return Editor(shelf)


def deal(old: str, new: str) -> str:
    """Edit the opportunity's text in one place."""
    assert old in KITES_TEXT
    return KITES_TEXT.replace(old, new, 1)


def packet(old: str, new: str) -> str:
    """Edit the packet's text in one place."""
    assert old in kites_packet()
    return kites_packet().replace(old, new, 1)


# Judging


def test_unsaved_text_is_judged_like_saved_text(editor: Editor) -> None:
    broken = deal("urgency: high", "urgncy: high")
    found = editor.finds(KITES_PATH, broken)
    editor.repository.write(KITES_PATH, broken)
    printed = handoff("check", KITES_PATH, "--format", "github", at=editor.repository)
    editor.repository.write(KITES_PATH, KITES_TEXT)
    assert [d.rule for d in found] == ["unknown-field"]
    assert printed.code == 1
    assert printed.out.count("::error") == len(found)
    assert found[0].message in printed.out


def test_open_files_are_judged_together(editor: Editor) -> None:
    editor.type(KITES_PACKET, kites_packet())
    assert editor.finds(KITES_PATH, KITES_TEXT) == ()
    renamed = KITES_TEXT.replace("id: P1", "id: P9")
    editor.finds(KITES_PATH, renamed)
    found = editor.desk.judge()[editor.file(KITES_PACKET)]
    assert "dangling-reference" in {d.rule for d in found}


def test_a_file_that_is_not_saved_yet_is_judged(editor: Editor) -> None:
    path = "opportunities/2026/05/new-folder-2026-05-04.md"
    assert [d.rule for d in editor.finds(path, "Hello\n")] == ["missing-front-matter"]


def test_files_that_are_no_records_are_left_alone(
    editor: Editor, tmp_path: Path
) -> None:
    readme, elsewhere = editor.file("README.md"), tmp_path / "opportunities" / "a.md"
    editor.desk.put(readme, "---\nx\n")
    editor.desk.put(elsewhere, "---\nx\n")
    assert editor.desk.judge() == {readme: (), elsewhere: ()}
    assert editor.desk.view(readme) is None
    assert editor.desk.view(elsewhere) is None


def test_a_closed_file_is_judged_no_more(editor: Editor) -> None:
    editor.type(KITES_PATH, "nothing")
    editor.desk.remove(editor.file(KITES_PATH))
    assert editor.desk.judge() == {}


def test_policy_is_judged_and_its_last_right_version_kept(editor: Editor) -> None:
    assert "dana-okafor" in editor.labels(KITES_PATH, deal("owner: dana", "owner: ¦"))
    path = "schemas/policy/waivers.yaml"
    assert "unknown-field" in {d.rule for d in editor.finds(path, "waiverz: []\n")}
    notice = editor.finds(KITES_PATH, KITES_TEXT)[0]
    assert notice.message.startswith("policy is broken at schemas/policy/waivers.yaml:")
    assert "dana-okafor" in editor.labels(KITES_PATH, deal("owner: dana", "owner: ¦"))


def test_a_repository_without_policy_says_so(tmp_path: Path) -> None:
    editor = Editor(Repository.create(tmp_path / "bare"))
    notice = editor.finds(KITES_PATH, KITES_TEXT)[0]
    assert notice.message.startswith("policy cannot be read")
    assert editor.desk.view(editor.file(KITES_PATH)) is None


def test_a_huge_file_gives_one_finding_and_no_offers(editor: Editor) -> None:
    found = editor.finds(KITES_PATH, KITES_TEXT + "x" * 1_000_001)
    assert [d.rule for d in found] == ["unreadable-file"]
    assert editor.desk.view(editor.file(KITES_PATH)) is None


# Completion


def test_fields_that_are_not_there_yet_are_offered(editor: Editor) -> None:
    labels = editor.labels(KITES_PATH, deal("urgency: high\n", "urg¦\n"))
    assert "urgency" in labels
    assert "company" not in labels


def test_required_fields_come_first(editor: Editor) -> None:
    offers = editor.offers(KITES_PATH, "---\n¦\n---\n")
    assert [o.label for o in offers if o.is_first] == ["schema", "owner", "events"]
    assert [o.label for o in offers[:3]] == ["schema", "owner", "events"]
    assert offers[1].change.text == "owner: "
    assert "The one person" in offers[1].about


def test_fields_of_an_event_depend_on_its_kind(editor: Editor) -> None:
    text = deal("    outcome: They want to start in May\n", "    ¦\n")
    labels = editor.labels(KITES_PATH, text)
    assert labels[0] == "outcome"
    assert "commitment" not in labels


@pytest.mark.parametrize("typed", ["  - ¦", "  - ev¦", "  ¦"])
def test_a_new_event_is_offered_in_a_list(editor: Editor, typed: str) -> None:
    offers = editor.offers(KITES_PATH, deal("events:\n", f"events:\n{typed}\n"))
    assert offers[0].label == "event"
    assert offers[0].change.text.endswith("event: ")


def test_fields_and_values_are_offered_between_brackets(editor: Editor) -> None:
    start = "  - {event: opened, "
    labels = editor.labels(KITES_PATH, deal(start, "  - {event: approval-given, ¦, "))
    assert labels[:1] == ["subject"]
    assert "opened" in editor.labels(KITES_PATH, deal(start, "  - {event: ¦, "))


def test_kinds_of_events_come_with_their_meaning(editor: Editor) -> None:
    offers = editor.offers(KITES_PATH, deal("event: closed-won", "event: clo¦"))
    about = {offer.label: offer.about for offer in offers}
    assert about["closed-won"] == "The deal is won."


def test_values_people_and_ids_are_offered(editor: Editor) -> None:
    assert editor.labels(KITES_PATH, deal("urgency: high", "urgency: ¦")) == [
        "low",
        "medium",
        "high",
    ]
    assert "ines-moreau" in editor.labels(
        KITES_PATH, deal("made_by: dana-okafor", "made_by: ¦")
    )
    assert editor.labels(KITES_PATH, deal("line_items: [L1]", "line_items: [¦]")) == [
        "L1"
    ]
    kept = "events:\n  - event: promise-kept\n    promise: ¦\n"
    assert editor.labels(KITES_PATH, deal("events:\n", kept)) == ["P1"]


def test_a_milestone_comes_from_the_packet(editor: Editor) -> None:
    reached = "events:\n  - event: milestone-reached\n    milestone: ¦\n"
    assert editor.labels(KITES_PATH, deal("events:\n", reached)) == ["M1"]


def test_a_packet_is_offered_what_its_opportunity_lists(editor: Editor) -> None:
    assert editor.labels(KITES_PACKET, packet("risks: [R1]", "risks: [¦]")) == ["R1"]
    assert editor.labels(KITES_PACKET, packet("risks: [R1]", "risks: ¦")) == ["[R1]"]
    assert editor.labels(
        KITES_PACKET, packet("opportunity: zephyr", "opportunity: ¦ #")
    ) == ["zephyr-kites-2026-03-02"]
    carried = packet("    promises: [P1]", "    promises: [¦]")
    assert editor.labels(KITES_PACKET, carried) == ["P1"]
    settled = packet("    risks: [R1]", "    risks: [¦]")
    assert editor.labels(KITES_PACKET, settled) == ["R1"]


def test_a_next_action_is_offered_promises_and_risks(editor: Editor) -> None:
    due = "      due: 2026-04-22T12:00:00+02:00\n"
    for field, known in (("promises", "P1"), ("risks", "R1")):
        text = deal(due, f"{due}      {field}: [¦]\n")
        assert editor.labels(KITES_PATH, text) == [known]


def test_missing_sections_are_offered_in_the_body(editor: Editor) -> None:
    assert "## Objections" in editor.labels(KITES_PATH, f"{KITES_TEXT}\n## ¦\n")
    assert "## Pain points" not in editor.labels(KITES_PATH, f"{KITES_TEXT}\n¦\n")
    assert editor.labels(KITES_PATH, f"{KITES_TEXT}\nObj¦\n") == []


def test_nothing_is_offered_in_comments_and_texts(editor: Editor) -> None:
    assert editor.labels(KITES_PATH, deal("urgency: high", "urgency: high # ¦")) == []
    text = "promises:\n  - id: P0\n    text: |\n      due¦\n"
    assert editor.labels(KITES_PATH, deal("promises:\n", text)) == []


def test_policy_files_are_offered_their_fields(editor: Editor) -> None:
    path = "schemas/policy/severities.yaml"
    text = "severities:\n  unknown-section: ¦\n"
    assert editor.labels(path, text) == ["error", "warning", "info"]


# Explanations


def test_a_field_is_explained(editor: Editor) -> None:
    said = editor.explains(KITES_PATH, deal("urgency", "ur¦gency"))
    assert said.startswith("**Urgency** (`urgency`, optional)")
    assert "One of: `low`, `medium`, `high`" in said


def test_values_are_explained(editor: Editor) -> None:
    said = editor.explains(KITES_PATH, deal("event: closed-won", "event: clo¦sed-won"))
    assert said.startswith("The deal is won.")
    said = editor.explains(KITES_PATH, deal("owner: dana", "owner: da¦na"))
    assert said.startswith("Dana Okafor: deal-owner, approver")
    said = editor.explains(KITES_PATH, deal("line_items: [L1]", "line_items: [L¦1]"))
    assert said.startswith("Assessment, fixed price")


def test_the_rule_of_a_finding_is_explained(editor: Editor) -> None:
    said = editor.explains(KITES_PATH, deal("urgency: high", "urg¦ncy: high"))
    assert said.startswith("**unknown-field**: Headers are a closed world")


def test_prose_is_not_explained(editor: Editor) -> None:
    assert editor.explains(KITES_PATH, deal("Nobody", "No¦body")) == ""


# Quick fixes

_FIXABLE = {
    "a misspelt field": (KITES_PATH, deal("urgency:", "urgncy:")),
    "a misspelt field between brackets": (KITES_PATH, deal("{id: A1, t", "{id: A1, x")),
    "a misspelt value": (KITES_PATH, deal("urgency: high", 'urgency: "hihg"')),
    "a misspelt kind": (KITES_PATH, deal("event: closed-won", "event: close-won")),
    "a misspelt person": (KITES_PATH, deal("made_by: dana", "made_by: dena")),
    "a misspelt reference": (KITES_PACKET, packet("promises: [P1]", "promises: [P]")),
    "a missing field": (KITES_PATH, deal("owner: dana-okafor\n", "")),
    "a missing field of an event": (KITES_PATH, deal("    what: follow-up\n", "")),
    "a missing field between brackets": (KITES_PATH, deal("{id: A1, ", "{")),
    "a missing group": (KITES_PACKET, packet("  status: verbal\n", "")),
    "a missing list": (KITES_PACKET, packet("exclusions: [X1]\n", "")),
    "a missing section": (KITES_PACKET, packet("## Red flags", "## Purple flags")),
    "text behind a hash": (KITES_PATH, deal("Trade fair", 'Hall "B" \\ #4')),
    "a text with emoji": (KITES_PATH, deal("Trade fair", "😀 Hall #4")),
}


@pytest.mark.parametrize("case", _FIXABLE)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_fix_satisfies_the_check(editor: Editor, case: str, end: str) -> None:
    path, text = _FIXABLE[case]
    text = text.replace("\n", end)
    offered = editor.fixes(path, text)
    assert offered
    for fix in offered:
        again = editor.finds(path, apply(text, fix.change))
        told = {(d.rule, d.message) for d in again}
        assert (fix.diagnostic.rule, fix.diagnostic.message) not in told, fix.title


def test_a_misspelt_section_can_be_renamed(editor: Editor) -> None:
    text = packet("## Red flags", "## Red flag")
    offered = [f for f in editor.fixes(KITES_PACKET, text) if "Rename" in f.title]
    assert [fix.title for fix in offered] == ["Rename `Red flag` to `Red flags`"]
    assert apply(text, offered[0].change) == kites_packet()


def test_a_missing_section_lands_in_its_place(editor: Editor) -> None:
    text = packet("## Red flags\n\nWhat we know of it.\n\n", "")
    (fix,) = editor.fixes(KITES_PACKET, text)
    after = apply(text, fix.change)
    titles = [line for line in after.split("\n") if line.startswith("## ")]
    assert titles == [x for x in kites_packet().split("\n") if x.startswith("## ")]


def test_a_missing_group_comes_with_what_it_needs(editor: Editor) -> None:
    text = packet("sow:\n  status: verbal\n  expected_on: 2026-04-24\n", "")
    (fix,) = (f for f in editor.fixes(KITES_PACKET, text) if f.title == "Add `sow`")
    assert fix.change.text == 'sow:\n  status: ""\n  expected_on: ""\n'


def test_every_missing_field_has_one_fix(editor: Editor) -> None:
    text = deal("schema: opportunity/v1\n", "").replace("owner: dana-okafor\n", "", 1)
    offered = editor.fixes(KITES_PATH, text)
    assert {fix.title: fix.change.text for fix in offered} == {
        "Add `owner`": 'owner: ""\n',
        "Add `schema`": "schema: opportunity/v1\n",
    }


# Whatever is typed

_PIECES = st.one_of(
    st.sampled_from(
        ["---\n", "- ", "{", "}", "[", "]", ": ", "#", "|", '"', "'", "\n", "  ", "\r"]
    ),
    st.sampled_from(["events:\n", "event: opened", "\ud800", "\ufeff", "\u2028", "😀"]),
    st.text(max_size=5),
)
_BASES = st.sampled_from([KITES_TEXT, kites_packet(), "", "---\n", "---\nevents:\n"])


@given(st.sampled_from([KITES_PATH, KITES_PACKET]), _BASES, st.data())
@settings(deadline=None, max_examples=60)
def test_no_text_is_too_strange(
    shelf: Repository, path: str, base: str, data: st.DataObject
) -> None:
    editor = Editor(shelf)
    first = data.draw(st.integers(0, len(base)))
    last = data.draw(st.integers(first, min(len(base), first + 30)))
    added = "".join(data.draw(st.lists(_PIECES, max_size=6)))
    text = base[:first] + added + base[last:]
    before = split_lines(text[: first + len(added)])
    cursor = Point(len(before) - 1, len(before[-1]))
    editor.desk.put(editor.file(path), text)
    found = editor.desk.judge()[editor.file(path)]
    view = editor.desk.view(editor.file(path))
    assert view
    for choice in complete(view, cursor):
        assert choice.change.start <= cursor <= choice.change.end
    hover(view, cursor, found)
    for fix in fixes(view, found):
        after = apply(text, fix.change).encode()
        assert read_document(path, after)[0], fix.title
