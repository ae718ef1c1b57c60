"""Views of all deals say the same, however few of them are held at a time."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.authoring.tasks import in_order
from handoff.authoring.tasks import render_json as tasks_json
from handoff.cli import whole
from handoff.cli.survey import Wanted, survey
from handoff.evaluation.inbox import inbox_of, waiting_in
from handoff.evaluation.report import Frame, Report, evaluate
from handoff.evaluation.summary import summarise
from handoff.evaluation.summary_sections import entries_of
from handoff.model.entry import Entry, EntryKind
from handoff.model.instant import day_of, parse_instant
from handoff.policy.policy import load_policy
from handoff.records.ledger import begins
from handoff.records.register import load_register
from handoff.repository.ledger import EMPTY, Ledger
from handoff.repository.snapshot import MemorySnapshot
from handoff.views import (
    board_text,
    daily_json,
    daily_markdown,
    inbox_json,
    sla_json,
    sla_text,
    status_json,
    status_list,
)
from handoff.views.cards import hand_of
from handoff.views.escaping import Items, json_item, json_pieces, json_text
from handoff.views.style import Style
from support.deals import KITES, KITES_PACKET
from support.records import OPPORTUNITY, PACKET, RULES, base, read_fixture, shipped
from support.reports import SAMPLE, shipped_policy

_Share = TypeVar("_Share")
_Gather = Callable[[Callable[[Report], _Share]], Iterable[_Share]]
_STYLE = Style(colour=True, width=100, explain={})
_SLUG = OPPORTUNITY.rpartition("/")[2][:-14]
_NOW = "2026-04-24T12:00:00Z"


def _views(frame: Frame, gather: "_Gather[Any]") -> Iterator[str]:
    """Draw every view of all deals from shares."""
    day = day_of(frame.now, frame.policy.zone)
    for limit in (1, 8):
        yield board_text.render(frame, gather(hand_of), _STYLE, limit=limit)
    yield status_list.render(frame, gather(hand_of), _STYLE)
    yield "".join(status_json.render(frame, gather(hand_of)))
    for show_all in (False, True):
        share_of = partial(sla_text.share_of, show_all=show_all)
        yield sla_text.render(frame, gather(share_of), _STYLE)
    yield "".join(sla_json.render(frame, gather(sla_json.share_of)))
    summary = summarise(frame, day, gather(partial(entries_of, day=day)))
    yield daily_markdown.render(summary)
    yield daily_json.render(summary)
    yield tasks_json(in_order(gather(hand_of), None), frame)
    waiting = inbox_of(gather(waiting_in), {"ceo", "ines-moreau"})
    yield inbox_json.render(waiting, frame)


def _both(
    files: Mapping[str, str],
    now: str = _NOW,
    ledger: Ledger = EMPTY,
    workers: int = 1,
) -> tuple[list[str], list[str]]:
    """Draw all views from one report, and from one of each deal."""
    at, policy = parse_instant(now), shipped_policy()
    assert at
    if any(path.startswith("schemas/") for path in files):
        files = {**shipped("schemas"), **files}
    snapshot = MemorySnapshot({p: text.encode() for p, text in files.items()})
    if any(path.startswith("schemas/") for path in files):
        found, _ = load_policy(snapshot)
        policy = found or policy
    register, rev = load_register(snapshot, policy), snapshot.label
    report = evaluate(register, policy, at, rev=rev, is_replay=True, ledger=ledger)
    everything = whole.Whole(snapshot, policy, ledger)
    at_once = [*_views(report.frame, lambda share_of: [share_of(report)])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole, "_SIZE", 1)
        patch.setattr(whole, "_FEWEST", 1)
        patch.setattr(whole, "processors", lambda: workers)
        frame = report.frame

        def gather(share_of: Callable[[Report], _Share]) -> Iterator[_Share]:
            return survey(everything, frame, Wanted(share_of), is_replay=True)

        return at_once, [*_views(frame, gather)]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_shipped_records_give_the_same_views(workers: int) -> None:
    files = shipped("opportunities", "handoffs")
    at_once, in_parts = _both(files, "2026-06-30T12:00:00Z", workers=workers)
    assert in_parts == at_once


def test_so_do_records_with_defects_and_waivers() -> None:
    for path in sorted(RULES.glob("*/*.yaml"))[::9]:
        at_once, in_parts = _both(read_fixture(path))
        assert in_parts == at_once, path


_SPOILT: Mapping[str, Callable[[str], str]] = {
    "packet names another": lambda t: t.replace(f"{_SLUG}-1-", f"{_SLUG}-2-"),
    "packet names nobody": lambda t: t.replace(f"y: {_SLUG}-", f"y: {_SLUG}-x-"),
    "deal has no owner": lambda t: t.replace("owner: dana-okafor", "", 1),
    "one CRM deal for all": lambda t: re.sub("crm:deal-.", "crm:deal-7", t),
    "not YAML": lambda t: t.replace("---", "--- [", 1),
}


@settings(deadline=None, max_examples=10)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 3), st.sampled_from([OPPORTUNITY, PACKET])),
        st.sampled_from([*_SPOILT]),
        max_size=4,
    ),
    st.integers(0, 40),
)
def test_so_do_deals_that_depend_on_each_other(
    spoilt: Mapping[tuple[int, str], str], days: int
) -> None:
    files: dict[str, str] = {}
    for number in (1, 2, 3):
        for path, text in base().items():
            own = text.replace("crm:deal-1042", f"crm:deal-{number}")
            name = path.replace(_SLUG, f"{_SLUG}-{number}")
            files[name] = own.replace(_SLUG, f"{_SLUG}-{number}")
    for (number, path), how in spoilt.items():
        name = path.replace(_SLUG, f"{_SLUG}-{number}")
        files[name] = _SPOILT[how](files[name])
    first = datetime.fromisoformat("2026-04-10T12:00:00+00:00")
    now = (first + timedelta(days=days)).isoformat()
    at_once, in_parts = _both(files, now)
    assert in_parts == at_once


@pytest.mark.parametrize("first", ["2026-04-02T00:00:00Z", "2026-04-22T18:00:00Z"])
def test_a_deal_alone_knows_when_the_ledger_of_all_begins(first: str) -> None:
    told = [
        Entry(EntryKind.EVALUATION, "run", {"at": first}),
        Entry(EntryKind.RECEIPT, "x", {"at": "2026-04-23T00:00:00Z", "record": KITES}),
        Entry(
            EntryKind.VOID,
            "v",
            {"packet": KITES_PACKET, "review": "9", "at": "2026-04-23T00:00:00Z"},
        ),
    ]
    ledger = Ledger({(e.kind, e.key): e for e in told}, (), "0" * 40)
    assert begins(ledger) == parse_instant(first)
    at_once, in_parts = _both(SAMPLE, ledger=ledger)
    assert in_parts == at_once


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.recursive(
            st.none() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        )
    )
)
def test_a_document_in_pieces_is_the_same_document(values: list[object]) -> None:
    document = {"version": 1, "empty": [], "nested": {"a": [1, {"b": "\u202e"}]}}
    whole_text = json_text({**document, "list": values})
    pieces = json_pieces({**document, "list": Items(map(json_item, values))})
    assert "".join(pieces) == whole_text
