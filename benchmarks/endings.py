"""How the shipped deals, most of which are still going on, may have come to an end."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

_AT = re.compile(r"\bat: (\S+T[0-9:.]+(?:Z|[+-][0-9:]{5}))")
_ID = re.compile(r"^  - id: (\w+)$", re.MULTILINE)
_LISTS = re.compile(r"^(promises|risks): \[(.*)\]$", re.MULTILINE)
_OWNER = re.compile(r"^(?:onboarding_|delivery_)?owner: (\S+)$", re.MULTILINE)
_KIND = re.compile(r"^  - event: (\S+)$", re.MULTILINE)
_NO_DIGEST = f"sha256:{'0' * 64}"
_ENDS = frozenset({"closed-lost", "went-dormant", "payment-changed"})
_PAUSE = timedelta(days=2)  # between two steps of a delivery
_SILENCE = timedelta(days=12)  # after which sales give a deal up
_STEPS = (
    ("sow-signed", ""),
    ("kickoff-scheduled", "    scheduled_for: {later}\n"),
    ("kickoff-held", ""),
    ("delivery-started", ""),
)
_COMPETITOR = """\
    reason: competitor
    competitor: Marlowe & Finch Advisory (fictional)
"""
_ASLEEP = """\
    reason: Nobody answers
    reactivation:
      from: {spring:%Y-%m-%d}
      until: {summer:%Y-%m-%d}
"""
_LOSSES = (
    ("closed-lost", "    reason: budget\n    budget: Frozen until the next year\n"),
    ("closed-lost", _COMPETITOR),
    ("went-dormant", _ASLEEP),
)


def ended(files: list[tuple[str, str]], number: int) -> list[tuple[str, str]]:
    """Bring a deal to an end: delivered if it has a packet, else given up.

    Args:
        files: path and text of the opportunity, then of its packets.
        number: chooses among the ways to lose a deal.

    Returns:
        The same files with what happened since; unchanged if the deal is over.
    """
    (path, text), *packets = files
    if _KIND.findall(text)[-1] in _ENDS:
        return files
    if not packets:
        return [(path, _given_up(text, number))]
    (place, packet), *_ = packets
    packet = _acknowledged(packet)
    return [(path, _delivered(text, packet)), (place, packet)]


def _given_up(text: str, number: int) -> str:
    is_won = "closed-won" in _KIND.findall(text)
    kind, fields = _LOSSES[0 if is_won else number % len(_LOSSES)]
    at = _last(text) + _SILENCE
    words = fields.format(
        spring=at + timedelta(days=90), summer=at + timedelta(days=120)
    )
    return _with_header(text, _event(kind, at, _owner(text), words))


def _acknowledged(packet: str) -> str:
    if "\nacknowledgement:" in packet:
        return packet
    risks = dict(_LISTS.findall(packet))["risks"]
    at = (_last(packet) + timedelta(hours=20)).isoformat()
    return _with_header(
        packet,
        f"acknowledgement:\n  by: {_owner(packet)}\n  at: {at}\n"
        f"  digest: {_NO_DIGEST}\n  risks_accepted: [{risks}]\n",
    )


def _delivered(text: str, packet: str) -> str:
    """Take a won deal through the steps that are not on record yet, then be paid."""
    who, at = _owner(packet), max(_last(text), _last(packet))
    grown = text.replace("\ncontract: sent\n", "\ncontract: signed\n")
    for kind, fields in _remaining(text, packet):
        at += _PAUSE
        words = fields.format(later=(at + _PAUSE).isoformat())
        step = f"    next:\n      action: Go on\n      owner: {who}\n"
        due = f"      due: {at + _PAUSE:%Y-%m-%d}\n"
        grown = _with_header(grown, _event(kind, at, who, words + step + due))
    paid = _event("payment-changed", at + _PAUSE, who, "    payment: paid\n")
    return _with_header(grown, paid)


def _remaining(text: str, packet: str) -> Iterator[tuple[str, str]]:
    """Give the kinds of event still to come, with their own fields."""
    kinds = _KIND.findall(text)
    yield from (step for step in _STEPS if step[0] not in kinds)
    for kind, field, names in (
        ("milestone-reached", "milestone", _ID.findall(packet)),
        (
            "promise-kept",
            "promise",
            dict(_LISTS.findall(packet))["promises"].split(", "),
        ),
    ):
        for name in names:
            if f"    {field}: {name}\n" not in text:
                evidence = "    evidence: Seen by both\n" if field == "promise" else ""
                yield kind, f"    {field}: {name}\n{evidence}"
    yield "delivery-completed", ""


def _event(kind: str, at: datetime, who: str, fields: str) -> str:
    return f"  - event: {kind}\n    at: {at.isoformat()}\n    by: {who}\n{fields}"


def _with_header(text: str, lines: str) -> str:
    header, body = text.split("\n---\n", 1)
    return f"{header}\n{lines}---\n{body}"


def _last(text: str) -> datetime:
    return max(map(datetime.fromisoformat, _AT.findall(text.split("\n---\n", 1)[0])))


def _owner(text: str) -> str:
    """Name who answers for it: of a packet, who delivers."""
    *_, owner = map(str, _OWNER.findall(text))
    return owner
