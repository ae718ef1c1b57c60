"""Scenarios: deals told in few lines of YAML, and what is true of them at an instant.

A scenario is a mapping; every key is optional but `says`:

- `says`: what it shows, one sentence.
- `id`: the opportunity's id. `after`: the last event of the ordinary history that has
  happened; none without it. `events`: what comes after that. An event's first key is
  its kind, the value its instant, its day, or `unknown`.
- `header`, `sections`: what differs from the base; an empty value takes it out.
- `packets`: each with `day`, `filed`, `returns` (`at`, `answered`), `acknowledgement`
  (`at`; its digest is right unless one is given), `header`, `sections`.
- `ledger`: what bots observed; without it there is no ledger. An entry's first key is
  its kind, the value its `at`; the digest of an acknowledgement is right unless given.
- `policy`: text to replace, by file of `schemas/policy`.
- `expect`: for each `now` what holds then, as `tests/test_evaluation_scenarios.py`
  compares it.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from handoff.document.rendering import render_record
from handoff.evaluation.digest import packet_digest
from handoff.evaluation.report import Report, evaluate
from handoff.model.entry import JSON, Entry, EntryKind
from handoff.model.identity import Kind, parse_stem
from handoff.model.instant import parse_instant
from handoff.policy.policy import Policy, load_policy
from handoff.records.register import Register, load_register
from handoff.repository.ledger import EMPTY, Ledger
from handoff.repository.snapshot import MemorySnapshot

Told = Mapping[str, Any]
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "fixtures" / "scenarios"
REV = "6f1d0c5be2a94d7a8c3b90e1f2a7d4c55b0e9a31"
_ANY_DIGEST = f"sha256:{'0' * 64}"
_AUDITED_FIELDS = ("scope", "timeline", "pricing", "promises")


def read_yaml(path: Path) -> Told:
    """Read a YAML file in which every scalar stays text."""
    text = path.read_text(encoding="utf-8")
    told: Told = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds nothing but text
    return told


@cache
def base() -> Told:
    """Give what every scenario starts from."""
    return read_yaml(FOLDER / "base.yaml")


def scenario_names() -> tuple[str, ...]:
    """Name every scenario, as a path below the folder without ending."""
    paths = sorted(FOLDER.glob("*/*.yaml"))
    return tuple(p.relative_to(FOLDER).with_suffix("").as_posix() for p in paths)


@cache
def scenario(name: str) -> Told:
    """Read one scenario."""
    return read_yaml(FOLDER / f"{name}.yaml")


def instant_of(text: str) -> datetime:
    """Read an instant that a test states."""
    instant = parse_instant(text)
    assert instant, text
    return instant


def report_of(told: Told, now: str) -> Report:
    """Evaluate a scenario at an instant, by the real pipeline."""
    files, policy = files_of(told), policy_of(told)
    return report_on(files, policy, now, ledger_of(told, files))


def report_on(
    files: Mapping[str, str], policy: Policy, now: str, ledger: Ledger = EMPTY
) -> Report:
    """Evaluate records at an instant, as a replay: what is later does not exist."""
    register, instant = load_files(files, policy), instant_of(now)
    return evaluate(register, policy, instant, rev=REV, is_replay=True, ledger=ledger)


def ledger_of(told: Told, files: Mapping[str, str]) -> Ledger:
    """Build the ledger of a scenario."""
    if "ledger" not in told:
        return EMPTY
    entries = [_ledger_entry(entry, told, files) for entry in told["ledger"] or ()]
    return Ledger({(e.kind, e.key): e for e in entries}, (), REV)


def _ledger_entry(entry: Told, told: Told, files: Mapping[str, str]) -> Entry:
    (kind, at), *rest = entry.items()
    identity = str(told.get("id", base()["id"]))
    paths = [path for path in files if path.startswith("handoffs/")]
    body: dict[str, JSON] = {"at": at, **base()["ledger"][kind], **dict(rest)}
    if body.get("digest") == "auto":
        body["digest"] = _digest(files, paths[0], policy_of(told))
    if kind == "receipt":
        body = {"record": identity, **body, "cycle": int(str(body["cycle"]))}
    else:
        body = {"packet": paths[0].split("/")[-1].removesuffix(".md"), **body}
    return Entry(EntryKind(kind), f"{body.get('review', '')}/{at}", body)


def report_of_day(told: Told, now: str) -> Report:
    """Evaluate the deals of a day, given as `deals`, and `other` files beside them."""
    files = dict(told.get("other", {}))
    for deal in told["deals"]:
        files |= files_of(deal)
    return report_on(files, policy_of(told), now)


def load_files(files: Mapping[str, str], policy: Policy) -> Register:
    """Load records from their texts by path."""
    contents = {path: text.encode() for path, text in files.items()}
    return load_register(MemorySnapshot(contents), policy)


def policy_of(told: Told) -> Policy:
    """Load the shipped policy with a scenario's replacements."""
    changes = told.get("policy", {})
    flat = [(file, old, new) for file in changes for old, new in changes[file].items()]
    return _policy(tuple(flat))


@cache
def _policy(changes: tuple[tuple[str, str, str], ...]) -> Policy:
    paths = (path for path in (ROOT / "schemas").rglob("*") if path.is_file())
    files = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in paths}
    for file, old, new in changes:
        path = f"schemas/policy/{file}"
        assert old.encode() in files[path], f"{file} does not say {old!r}"
        files[path] = files[path].replace(old.encode(), new.encode())
    policy, found = load_policy(MemorySnapshot(files))
    assert policy, found
    return policy


def files_of(told: Told) -> dict[str, str]:
    """Write the records of a scenario, by path."""
    identity = str(told.get("id", base()["id"]))
    files = {path_of(identity): _opportunity(told)}
    for packet in told.get("packets", ()):
        path = _packet_path(identity, packet)
        files[path] = _packet(packet, identity, _ANY_DIGEST)
        stanza = packet.get("acknowledgement", {})
        if stanza.get("digest", "auto") == "auto":
            digest = _digest(files, path, policy_of(told))
            files[path] = _packet(packet, identity, digest)
    return files


def path_of(opportunity: str) -> str:
    """Give the path of an opportunity's file."""
    identity = parse_stem(Kind.OPPORTUNITY, opportunity)
    assert identity, opportunity
    return identity.path


def _packet_path(identity: str, packet: Told) -> str:
    day = str(packet.get("day", base()["packet"]["day"]))
    stem = f"assessment-{identity[:-11]}-{day}"
    return f"handoffs/{day[:4]}/{day[5:7]}/{stem}.md"


def _opportunity(told: Told) -> str:
    events = list(events_of(told))
    is_audited = "audit-completed" in {event["event"] for event in events}
    early = {} if is_audited else dict.fromkeys(_AUDITED_FIELDS, "")
    header = _changed(_changed(base()["header"], early), told.get("header", {}))
    sections = _changed(base()["sections"], told.get("sections", {}))
    return render_record({**header, "events": events}, _body(sections))


def events_of(told: Told) -> Iterator[dict[str, Any]]:
    """Write out the events of a scenario."""
    history, after = base()["history"], told.get("after")
    kinds = [next(iter(event)) for event in history]
    count = len(kinds) - kinds[::-1].index(after) if after else 0
    for event in [*history[:count], *told.get("events", ())]:
        yield _event(event)


def _event(event: Told) -> dict[str, Any]:
    (kind, when), *rest = event.items()
    field = "at" if parse_instant(when) else "on"
    filled = {**base()["event"], **base()["kinds"].get(kind, {}), **dict(rest)}
    kept = {key: value for key, value in filled.items() if value != ""}
    return {"event": kind, field: when, **kept}


def _packet(packet: Told, opportunity: str, digest: str) -> str:
    ordinary = base()["packet"]
    header = _changed(ordinary["header"], packet.get("header", {}))
    header = {"schema": header.pop("schema"), "opportunity": opportunity, **header}
    if "filed" in packet:
        header["filed"] = {**ordinary["filed"], "at": packet["filed"]}
    if "returns" in packet:
        header["returns"] = [_returned(entry) for entry in packet["returns"]]
    if "acknowledgement" in packet:
        stanza = {**ordinary["acknowledgement"], **packet["acknowledgement"]}
        stanza["digest"] = digest if stanza["digest"] == "auto" else stanza["digest"]
        header["acknowledgement"] = stanza
    titles = _policy(()).pipeline.sections[Kind.PACKET]
    sections = dict.fromkeys(titles, "What we know of it.")
    return render_record(header, _body(_changed(sections, packet.get("sections", {}))))


def _returned(entry: Told) -> dict[str, Any]:
    ordinary = base()["packet"]
    answered = {**ordinary["filed"], "at": entry.get("answered", "")}
    given = {**ordinary["returned"], "at": entry["at"]}
    return {**given, "answered": answered} if "answered" in entry else given


def _digest(files: Mapping[str, str], path: str, policy: Policy) -> str:
    register = load_files(files, policy)
    packet = next((p for p in register.packets.values() if p.path == path), None)
    assert packet, register.files[path].findings
    return packet_digest(packet, register.opportunities[packet.opportunity])


def _changed(value: Told, changes: Told) -> dict[str, Any]:
    """Put changes into a mapping, nested ones too; an empty text takes a key out."""
    result = deepcopy(dict(value))
    for key, change in changes.items():
        if change == "":
            result.pop(key, None)
        elif isinstance(change, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = _changed(result[key], change)
        else:
            result[key] = deepcopy(change)
    return result


def _body(sections: Mapping[str, str]) -> str:
    return "\n".join(f"## {title}\n\n{text}\n" for title, text in sections.items())


def front_matter(text: str) -> tuple[Told, str]:
    """Take a record apart: its header, every scalar as text, and its body."""
    _, header, body = text.split("---\n", 2)
    return yaml.load(header, Loader=yaml.BaseLoader), body  # noqa: S506 - builds nothing but text


KINDS = """
    opened qualified discovery-held audit-completed proposal-drafted proposal-sent
    follow-up-made approval-given approval-refused paused resumed sow-sent sow-signed
    closed-won closed-lost went-dormant reactivated reopened kickoff-scheduled
    kickoff-held delivery-started promise-kept delivery-completed payment-changed
""".split()  # noqa: SIM905 - one word a line would fill a page
_STAGES = ("lead", "discovery", "proposal", "closed-won", "delivery", "dormant", "none")
_SUBJECTS = ("proposal", "pricing", "claims", "contract")
_MINUTE = timedelta(minutes=1)
_BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


@st.composite
def told_at_random(draw: st.DrawFn) -> Told:
    """Make up a deal: any events in any order, and perhaps a packet."""
    events = draw(st.lists(event_at_random(), min_size=1, max_size=14))
    ordered = sorted(events, key=lambda event: next(iter(event.values())))
    after = draw(st.sampled_from([None, "audit-completed", "proposal-sent"]))
    packet = {
        "filed": draw(moment_at_random()),
        "acknowledgement": {"at": draw(moment_at_random())},
    }
    return {
        "events": draw(st.sampled_from([events, ordered])),
        **({"after": after} if after else {}),
        **({"packets": [packet]} if draw(st.booleans()) else {}),
    }


@st.composite
def event_at_random(draw: st.DrawFn) -> dict[str, Any]:
    """Make up an event: any kind, at an instant, on a day, or unknown."""
    kind = draw(st.sampled_from(KINDS))
    event: dict[str, Any] = {kind: draw(when_at_random())}
    if kind in {"approval-given", "approval-refused"}:
        event["subject"] = draw(st.sampled_from(_SUBJECTS))
    if kind == "reopened":
        event["back_to"] = draw(st.sampled_from(_STAGES))
    if kind in {"paused", "resumed"}:
        event["what"] = draw(st.sampled_from(["proposal", "follow-up"]))
    if draw(st.booleans()):
        due = draw(when_at_random().filter(lambda due: due != "unknown"))
        event["next"] = {"action": "Call", "owner": "rui-tanaka", "due": due}
    return event


def moment_at_random() -> st.SearchStrategy[str]:
    """Make up an instant within a hundred days."""
    minutes = st.integers(0, 100 * 24 * 60)
    return minutes.map(lambda n: (_BEGIN + n * _MINUTE).isoformat())


def when_at_random() -> st.SearchStrategy[str]:
    """Make up an instant, seldom a day, more seldom nothing."""
    moments = moment_at_random()
    days = moments.map(lambda text: text[:10])
    return st.one_of(moments, moments, moments, days, st.just("unknown"))
