"""Records merged by what they mean: fields, lists, events, sections, conflicts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document.document import Document, read_document
from handoff.document.merge_lines import SIDES, merge_lines, resolve
from handoff.document.merge_order import merge_order
from handoff.document.merging import Merge, merge_records
from handoff.document.rendering import render_record

BERLIN = ZoneInfo("Europe/Berlin")
LABEL = "opportunities/2026/03/paper-boats-2026-03-02.md"
BASE = """\
---
schema: opportunity/v1
# Who they are.
company: Paper Boats
urgency: high # until the fair
provider_stack: [Shared mailbox, Spreadsheet]
contact:
  name: Mina Castellanos
  title: Head of Partnerships
scope:
  # What we do.
  included:
    - {id: S1, text: Review of the programme}
    - {id: S2, text: Workshop, days: "2"}
  excluded:
    - id: X1
      text: Implementation
promises:
  - id: P1
    text: Draft before the board meeting
    due: 2026-05-15
  - id: P2
    text: Two interviews
    due: 2026-05-20
events:
  - {event: opened, at: 2026-03-02T09:00:00+01:00, by: dana-okafor}
  - event: qualified
    at: 2026-03-05T09:00:00+01:00
    by: dana-okafor
# The end.
---

## Discovery notes

Partners are lost between two mailboxes.

They want one.

## Pain points

Nobody answers.
"""


def merge(ours: str, theirs: str, base: str = BASE) -> Merge:
    versions = (text.encode() for text in (base, ours, theirs))
    return merge_records(*versions, label=LABEL, zone=BERLIN)


def changed(*edits: tuple[str, str], text: str = BASE) -> str:
    """Apply edits, each of which must find its place once."""
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def document(text: str) -> Document:
    found, findings = read_document("", text.encode())
    assert found, findings
    return found


def bodies(found: Document) -> dict[str, str]:
    return {section.title: section.text for section in found.sections}


def choose(content: bytes, side: str) -> str:
    """Decide all conflicts for one side, as a person would."""
    kept = r"\1" if side == "ours" else r"\2"
    pattern = r"<{7} ours:.*\n((?:.*\n)*?)={7}\n((?:.*\n)*?)>{7} theirs:.*\n"
    return re.sub(pattern, kept, content.decode())


APART = {
    "two fields": (("Paper Boats", "Paper Ships"), ("urgency: high", "urgency: low")),
    "field added and field changed": (
        ("contact:\n", "service: audit\ncontact:\n"),
        ("urgency: high", "urgency: low"),
    ),
    "field removed and field changed": (
        ("company: Paper Boats\n", ""),
        ("urgency: high", "urgency: low"),
    ),
    "two fields of a mapping": (
        ("Mina Castellanos", "Mina Castellanos-Ruiz"),
        ("Head of Partnerships", "Director"),
    ),
    "two fields of an item": (("board meeting", "fair"), ("2026-05-15", "2026-05-16")),
    "first and last field of an item": (
        (
            "id: P1\n    text: Draft before the board meeting\n",
            "text: Draft before the board meeting\n    id: P1\n",
        ),
        ("    due: 2026-05-15\n", ""),
    ),
    "two fields of an item in braces": (
        ("text: Workshop", "text: Workshops"),
        ('days: "2"', 'days: "3"'),
    ),
    "field added and field removed in braces": (
        ("text: Workshop, ", "text: Workshop, owner: ines-moreau, "),
        (', days: "2"', ""),
    ),
    "two items added": (
        ("  excluded:\n", "    - {id: S3, text: Audit}\n  excluded:\n"),
        ("  excluded:\n", "    - {id: S4, text: Report}\n  excluded:\n"),
    ),
    "item removed and item changed": (
        ("    - {id: S1, text: Review of the programme}\n", ""),
        ("text: Workshop", "text: Workshops"),
    ),
    "item changed and items turned around": (
        ("Two interviews", "Three interviews"),
        (
            "  - {event: opened, at",
            "  - {event: imported, on: 2026-03-01}\n  - {event: opened, at",
        ),
    ),
    "plain values": (("[Shared", "[CRM, Shared"), (", Spreadsheet]", "]")),
    "comment and value": (("until the fair", "until May"), ("y: high", "y: low")),
    "comment above and value": (("# Who they are.", "# Them."), ("Boats", "Ships")),
    "two sections": (("two mailboxes", "three mailboxes"), ("Nobody", "No one")),
    "two paragraphs of a section": (
        ("two mailboxes", "three mailboxes"),
        ("want one", "want none"),
    ),
    "section added and section removed": (
        ("## Pain points", "## Current lead flow\n\nA form.\n\n## Pain points"),
        ("## Discovery notes\n\nPartners", "Partners"),
    ),
    "header and body": (("urgency: high", "urgency: low"), ("Nobody", "No one")),
}


@pytest.mark.parametrize("name", APART)
def test_edits_apart_give_both_edits_in_either_order(name: str) -> None:
    mine, yours = APART[name]
    ours, theirs = changed(mine), changed(yours)
    there, back = merge(ours, theirs), merge(theirs, ours)
    assert (there.conflicts, there.reason) == (0, "")
    assert there.content == back.content
    if name != "two items added":
        assert there.content.decode() == changed(mine, yours)


def test_items_added_on_both_sides_are_sorted_by_id() -> None:
    more = "    - {{id: {}, text: More}}\n  excluded:\n"
    ours = changed(("  excluded:\n", more.format("S10")))
    theirs = changed(("  excluded:\n", more.format("S9")))
    header = document(merge(ours, theirs).content.decode()).header
    scope = header["scope"]
    assert isinstance(scope, Mapping)
    assert [item["id"] for item in scope["included"]] == ["S1", "S2", "S9", "S10"]


def test_a_list_that_one_side_turned_around_stays_turned() -> None:
    item = "    - {id: S1, text: Review of the programme}\n"
    ours = changed((item, ""), ("  excluded:\n", f"{item}  excluded:\n"))
    theirs = changed(("text: Workshop", "text: Workshops"))
    assert merge(ours, theirs).content.decode() == changed(
        ("text: Workshop", "text: Workshops"), text=ours
    )


def test_what_both_sides_did_stands_once() -> None:
    both = changed(("Boats", "Ships"), ("# The end.", "source: Fair\n# The end."))
    mine, yours = ("Nobody", "No one"), ("title: Head", "title: Vice head")
    merged = merge(changed(mine, text=both), changed(yours, text=both))
    assert merged.content.decode() == changed(mine, yours, text=both)


def test_removing_all_items_together_leaves_an_empty_list() -> None:
    ours = changed(("    - {id: S1, text: Review of the programme}\n", ""))
    theirs = changed(('    - {id: S2, text: Workshop, days: "2"}\n', ""))
    merged = merge(ours, theirs)
    assert (merged.conflicts, merged.reason) == (0, "")
    assert "  included: []\n" in merged.content.decode()


LAST = "    at: 2026-03-05T09:00:00+01:00\n    by: dana-okafor\n"


def event(kind: str, time: str) -> str:
    key = "at" if "T" in time else "on"
    return f"  - event: {kind}\n    {key}: {time}\n    by: dana-okafor\n"


def appended(*events: str) -> str:
    return changed((LAST, LAST + "".join(events)))


def kinds(merged: Merge) -> list[str]:
    events = document(merged.content.decode()).header["events"]
    assert isinstance(events, list)
    return [item["event"] for item in events]


def test_events_of_both_sides_stand_in_the_order_of_time() -> None:
    same = event("discovery-held", "2026-03-08T09:00:00+01:00")
    ours = appended(
        event("follow-up-made", "2026-03-06T09:00:00+01:00"),
        same,
        event("audit-completed", "2026-03-09"),
    )
    theirs = appended(
        event("paused", "2026-03-06T09:30:00+02:00"),
        same,
        event("resumed", "2026-03-09T23:59:00+01:00"),
    )
    there, back = merge(ours, theirs), merge(theirs, ours)
    assert there.content == back.content
    assert kinds(there)[2:] == [
        "paused",
        "follow-up-made",
        "discovery-held",
        "resumed",
        "audit-completed",
    ]


def test_events_of_one_time_keep_the_order_of_each_side() -> None:
    at = "2026-03-06T09:00:00+01:00"
    ours = appended(event("z-first", at), event("shared", at))
    theirs = appended(event("shared", at), event("a-last", at))
    assert kinds(merge(ours, theirs))[2:] == ["z-first", "shared", "a-last"]


def test_a_change_of_an_old_event_is_taken_if_the_other_side_left_it_alone() -> None:
    edit = ("2026-03-05T09:00:00", "2026-03-05T10:00:00")
    more = event("discovery-held", "2026-03-08T09:00:00+01:00")
    merged = merge(changed(edit), appended(more))
    assert merged.content.decode() == changed(edit, text=appended(more))


def test_an_old_event_changed_on_both_sides_is_a_conflict_as_a_whole() -> None:
    ours = changed(("event: qualified\n", "event: lost\n"))
    theirs = changed(("2026-03-05T09:00:00", "2026-03-05T10:00:00"))
    merged = merge(ours, theirs)
    assert merged.conflicts == 1
    assert choose(merged.content, "ours") == ours
    assert choose(merged.content, "theirs") == theirs


TORN = {
    "field": (("urgency: high", "urgency: low"), ("urgency: high", "urgency: none")),
    "field removed": (("company: Paper Boats\n", ""), ("Boats", "Ships")),
    "field added twice": (
        ("contact:", "a: 1\ncontact:"),
        ("contact:", "a: 2\ncontact:"),
    ),
    "field of an item": (("2026-05-15", "2026-05-16"), ("2026-05-15", "2026-05-17")),
    "item in braces": (('days: "2"', 'days: "3"'), ('days: "2"', 'days: "4"')),
    "item removed": (
        ("    - id: X1\n      text: Implementation\n", ""),
        ("Implementation", "Anything else"),
    ),
    "event removed": (
        (f"  - event: qualified\n{LAST}", ""),
        ("event: qualified\n", "event: lost\n"),
    ),
    "list and text": (
        ("[Shared mailbox, Spreadsheet]", "none"),
        (", Spr", ", Big spr"),
    ),
    "paragraph": (("Nobody", "No one"), ("Nobody", "Hardly anybody")),
    "section removed": (
        ("## Pain points\n\nNobody answers.\n", ""),
        ("Nobody", "Hardly anybody"),
    ),
}


@pytest.mark.parametrize("name", TORN)
def test_an_edit_on_both_sides_is_a_conflict_of_that_place_alone(name: str) -> None:
    mine, yours = TORN[name]
    elsewhere = ("title: Head", "title: Vice head")
    merged = merge(changed(mine, elsewhere), changed(yours))
    assert (merged.conflicts, merged.reason) == (1, "")
    sides = (changed(mine, elsewhere), changed(yours, elsewhere))
    for side, text in zip(SIDES, sides, strict=True):
        kept = document(choose(merged.content, side))
        assert kept.header == document(text).header
        assert bodies(kept) == bodies(document(text))


def test_a_conflict_has_the_marks_that_the_reader_reports() -> None:
    merged = merge(*(changed(edit) for edit in TORN["field"]))
    lines = merged.content.decode().split("\n")
    first = lines.index(f"<<<<<<< ours:{LABEL}")
    assert lines[first + 1 : first + 5] == [
        "urgency: low # until the fair",
        "=======",
        "urgency: none # until the fair",
        f">>>>>>> theirs:{LABEL}",
    ]
    _, findings = read_document("", merged.content)
    assert [(f.rule, f.span.line) for f in findings] == [("merge-conflict", first + 1)]


def test_an_item_whose_dash_is_torn_is_a_conflict_as_a_whole() -> None:
    ours = changed(("- event: qualified\n    at", "- at"))
    theirs = changed(("event: qualified\n", "event: lost\n"))
    merged = merge(ours, theirs)
    assert choose(merged.content, "ours") == ours
    assert choose(merged.content, "theirs") == theirs


def test_line_ends_and_byte_order_mark_are_ours() -> None:
    ours, theirs = changed(("Boats", "Ships")), changed(("Nobody", "No one"))
    both = changed(("Boats", "Ships"), ("Nobody", "No one"))
    windows = b"\xef\xbb\xbf" + ours.replace("\n", "\r\n").encode()
    merged = merge_records(
        BASE.encode(), windows, theirs.encode(), label=LABEL, zone=BERLIN
    )
    assert merged.content == b"\xef\xbb\xbf" + both.replace("\n", "\r\n").encode()
    merged = merge_records(
        BASE.encode(), theirs.encode(), windows, label=LABEL, zone=BERLIN
    )
    assert merged.content == both.encode()


def test_their_lines_move_to_our_columns() -> None:
    deep = re.sub(r"^ ", "   ", BASE, flags=re.MULTILINE)
    more = "  - id: P3\n    text: |\n      A report\n\n      and a talk\n"
    theirs = changed(("events:\n", f"{more}events:\n"))
    merged = merge(deep, theirs)
    assert (merged.conflicts, merged.reason) == (0, "")
    moved = re.sub(r"^ ", "   ", more, flags=re.MULTILINE)
    assert merged.content.decode() == changed(
        ("events:\n", f"{moved}events:\n"), text=deep
    )


def test_two_comments_on_one_place_both_stay() -> None:
    mine = (("# Who they are.", "# Them."), ("# until the fair", "# until May"))
    yours = (("# Who they are.", "# You."), ("# until the fair", "# until June"))
    last = [("# The end.", f"# The end.\n# {side}.") for side in SIDES]
    text = merge(changed(*mine, last[0]), changed(*yours, last[1])).content.decode()
    assert "# The end.\n# ours.\n# theirs.\n---\n" in text
    assert "# Them.\n# You.\n" in text
    assert text.count("# The end.") == 1
    assert "urgency: high # until May # until June\n" in text


@pytest.mark.parametrize(
    ("base", "theirs", "reason"),
    [
        ("", BASE, "the common ancestor, line 1: the file is empty"),
        (BASE, changed(("company:", "urgency: a\ncompany:")), "their version, line 6"),
        (BASE, changed(("contact:", "? contact\n:")), "laid out in an unusual way"),
    ],
)
def test_lines_are_merged_where_fields_cannot_be(
    base: str, theirs: str, reason: str
) -> None:
    merged = merge(changed(("Nobody", "No one")), theirs, base)
    assert reason in merged.reason
    assert "No one answers." in merged.content.decode()


def test_two_records_never_make_a_broken_one() -> None:
    base = changed(("contact:", "? contact\n:"))
    ours = changed(("# Who they are.", "size: small"), text=base)
    theirs = changed(("# The end.", "size: large"), text=base)
    merged = merge(ours, theirs, base)
    assert merged.conflicts
    for side in SIDES:
        document(choose(merged.content, side))


def test_a_file_that_is_not_text_stays_ours() -> None:
    merged = merge_records(b"a\0", b"b\0", b"c\0", label=LABEL, zone=BERLIN)
    assert (merged.content, merged.conflicts) == (b"b\0", 1)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a header at data level; `place` says which field it touches."""

    place: str
    value: str

    def apply(self, header: Mapping[str, object]) -> dict[str, object]:
        """Give the header with the change; `REMOVED` takes a field away."""
        top, _, rest = self.place.partition("/")
        new = dict(header)
        if top == "promises":
            number, _, field = rest.partition("/")
            items = header["promises"]
            assert isinstance(items, list)
            new[top] = [
                {**item, field: self.value} if item["id"] == number else item
                for item in items
            ]
        elif rest:
            group = header[top]
            assert isinstance(group, Mapping)
            new[top] = {**group, rest: self.value}
        elif self.value == REMOVED:
            new.pop(top, None)
        else:
            new[top] = self.value
        return new


HEADER: dict[str, object] = {
    "company": "Paper Boats",
    "urgency": "high",
    "source": "Fair",
    "contact": {"name": "Mina", "title": "Head"},
    "promises": [{"id": f"P{n}", "text": "Draft", "due": "May"} for n in range(3)],
}
BODY = "## Notes\n\nText.\n"
PLACES = (
    *("company", "urgency", "source", "service", "contact/name", "contact/phone"),
    *(f"promises/P{n}/{field}" for n in range(3) for field in ("text", "due", "by")),
)
REMOVED = "gone"
WORDS = st.just(REMOVED) | st.text(alphabet="ab #:'\"-{[é|>\n", max_size=8)


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[Edit], list[Edit]]:
    """Draw edits of two sides that touch different fields."""
    places = draw(st.lists(st.sampled_from(PLACES), unique=True, min_size=2))
    cut = draw(st.integers(1, len(places) - 1))
    made = [Edit(place, draw(WORDS)) for place in places]
    return made[:cut], made[cut:]


def edited(header: Mapping[str, object], changes: list[Edit]) -> dict[str, object]:
    new = dict(header)
    for change in changes:
        new = change.apply(new)
    return new


@settings(deadline=None, max_examples=150)
@given(edits())
def test_different_fields_merge_to_both_edits(
    sides: tuple[list[Edit], list[Edit]],
) -> None:
    ours, theirs = (render_record(edited(HEADER, side), BODY) for side in sides)
    base = render_record(HEADER, BODY)
    there, back = merge(ours, theirs, base), merge(theirs, ours, base)
    assert (there.conflicts, there.reason) == (0, "")
    assert there.content == back.content
    expected = edited(HEADER, [*sides[0], *sides[1]])
    assert document(there.content.decode()).header == expected


CHANGES = st.lists(st.builds(Edit, st.sampled_from(PLACES), WORDS), max_size=5)


@settings(deadline=None, max_examples=150)
@given(CHANGES, CHANGES)
def test_any_two_edits_merge_to_a_record_or_to_conflicts_between_records(
    mine: list[Edit], yours: list[Edit]
) -> None:
    sides = [edited(HEADER, changes) for changes in (mine, yours)]
    ours, theirs = (render_record(header, BODY) for header in sides)
    there = merge(ours, theirs, render_record(HEADER, BODY))
    back = merge(theirs, ours, render_record(HEADER, BODY))
    assert there.reason == ""
    assert there.conflicts == back.conflicts
    is_torn = {e.place for e in mine} & {e.place for e in yours}
    assert is_torn or not there.conflicts
    for here, other in (SIDES, SIDES[::-1]):
        kept = document(choose(there.content, here)).header
        assert kept == document(choose(back.content, other)).header


TIMES = st.lists(st.integers(0, 20), max_size=6).map(sorted)


@settings(deadline=None, max_examples=100)
@given(TIMES, TIMES)
def test_appended_events_merge_to_their_ordered_union(
    mine: list[int], yours: list[int]
) -> None:
    def side(days: list[int]) -> str:
        times = (f"2026-04-{day + 1:02}T09:00:00+02:00" for day in dict.fromkeys(days))
        return appended(*(event(f"e{time[8:10]}", time) for time in times))

    there, back = merge(side(mine), side(yours)), merge(side(yours), side(mine))
    assert there.content == back.content
    assert kinds(there)[2:] == [f"e{day + 1:02}" for day in sorted({*mine, *yours})]


LINES = st.lists(st.sampled_from("abcd"), max_size=8)


@settings(deadline=None)
@given(LINES, LINES, LINES)
def test_lines_merge_alike_in_both_directions(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    there, back = merge_lines(base, ours, theirs), merge_lines(base, theirs, ours)
    assert resolve(there, "ours") == resolve(back, "theirs")
    assert resolve(there, "theirs") == resolve(back, "ours")
    assert merge_lines(base, ours, base) == tuple(ours)
    assert merge_lines(base, ours, ours) == tuple(ours)


def test_lists_that_both_sides_wrote_anew_are_merged_in_time() -> None:
    """Nine thousand entries a side: quadratic work would take minutes."""
    base = tuple((f"b{number}", 0) for number in range(9000))
    ours = tuple((f"o{number}", 0) for number in range(9000))
    theirs = (*((f"t{number}", 0) for number in range(9000)), base[-1], *base[:-1])
    order = merge_order(base, ours, theirs, rank=lambda key: key)
    assert sorted(order) == sorted({*base, *ours, *theirs})
    assert [key for key in order if key in set(ours)] == list(ours)
