"""No text that only stands for an answer, in the header or in a section."""

import re
from collections.abc import Iterator

from handoff.document.defects import DEFECTS
from handoff.evaluation.prose import Gap, is_placeholder, may_hold, section_gap
from handoff.evaluation.rules.rule import ProseRule, at
from handoff.model.diagnostic import Finding
from handoff.model.span import Pointer, format_pointer, line_span
from handoff.policy.policy import Policy
from handoff.records.record import Draft

_DEFECT = DEFECTS["placeholder-text"]
_HINT = "Write what is known. If nothing is, write `None: ` and why."


def _check(record: Draft, policy: Policy) -> Iterator[Finding]:
    placeholders = policy.pipeline.placeholders
    yield from _in_header(record, placeholders)
    pipeline = policy.pipeline
    for section in record.document.sections:
        if section.title not in pipeline.sections[record.identity.kind]:
            continue
        gap, said = section_gap(section, placeholders)
        if gap is Gap.PLACEHOLDER:
            line = _line_of(record, section.line, said)
            span = line_span(line, record.document.line(line))
            message = f"section `{section.title}` {said}"
            yield Finding(_DEFECT.name, span, message, _HINT)


def _in_header(record: Draft, placeholders: frozenset[str]) -> Iterator[Finding]:
    header = record.document.header
    if not may_hold(_texts(header), placeholders):
        return
    for pointer, text in _leaves(header, ()):
        if is_placeholder(text, placeholders):
            message = f"`{format_pointer(pointer)}` is `{text}`, not an answer"
            hint = "Write the answer, or remove the field if it is optional."
            yield at(record, pointer, _DEFECT, message, hint)


def _texts(value: object) -> list[str]:
    """Give all values at once: most records need no look at where they stand."""
    waiting, texts = [value], []
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, str):
            texts.append(entry)
        elif isinstance(entry, dict):
            waiting.extend(entry.values())
        elif isinstance(entry, list):
            waiting.extend(entry)
    return texts


def _leaves(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _leaves(entry, (*pointer, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _leaves(entry, (*pointer, index))


def _line_of(record: Draft, start: int, said: str) -> int:
    """Find the line that holds the text a message quotes."""
    quoted = re.search(r"`(.*?)`", said)
    lines = record.document.lines[start - 1 :]
    found = (n for n, line in enumerate(lines) if quoted and quoted[1] in line)
    return start + next(found, 0)


RULE = ProseRule(_DEFECT, _check)
