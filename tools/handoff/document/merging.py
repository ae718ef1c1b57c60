"""Three versions of a record merged by what they mean, not by their lines.

See docs/merging.md for the rules. Whatever is merged is read again before it is
given out; where that does not give what was meant, lines are merged instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handoff.document.document import Document, read_document
from handoff.document.merge_fields import Group, merge_comments, merge_group, value_of
from handoff.document.merge_lines import (
    SIDES,
    Conflict,
    Lines,
    Side,
    mark,
    merge_lines,
    resolve,
)
from handoff.document.merge_nodes import UnusualError, read_nodes
from handoff.document.merge_order import Key
from handoff.document.merge_sections import (
    join_blocks,
    merge_blocks,
    read_blocks,
    trimmed,
)
from handoff.document.merge_weaving import weave_entries

_BOM = b"\xef\xbb\xbf"
_NAMES = ("the common ancestor", "our version", "their version")


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome of a merge.

    Attributes:
        content: the file, with our byte-order mark and line ends.
        conflicts: how many places have to be decided by a person.
        reason: why lines were merged instead of fields; empty if they were not.
    """

    content: bytes
    conflicts: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a merge means, and the lines that say it."""

    header: Group
    body: Mapping[Key, Lines]
    lines: Lines


def merge_records(
    base: bytes, ours: bytes, theirs: bytes, *, label: str, zone: ZoneInfo
) -> Merge:
    """Merge two versions of a record that come from a third.

    Args:
        base: the file both sides started from; empty if both added it.
        ours: our file.
        theirs: their file.
        label: the record's path, for the conflict markers; one line.
        zone: where a day ends that an event is known to.
    """
    versions = (base, ours, theirs)
    if any(b"\0" in content for content in versions):
        return Merge(ours, 1, "the file is not text, so our version was kept")
    readings = [read_document(label, content) for content in versions]
    documents = [document for document, _ in readings if document]
    if len(documents) < len(versions):
        broken = next(n for n, (document, _) in enumerate(readings) if not document)
        finding = readings[broken][1][0]
        place = f"{_NAMES[broken]}, line {finding.span.line}"
        return _merge_text(versions, label, f"{place}: {finding.message}")
    try:
        plan = _plan(documents[0], documents[1], documents[2], zone)
    except UnusualError:
        return _merge_text(versions, label, "the header is laid out in an unusual way")
    if not all(_is_right(plan, side) for side in SIDES):
        return _merge_text(versions, label, "the merged fields do not read back")
    return _written(plan.lines, ours, label)


def _plan(base: Document, ours: Document, theirs: Document, zone: ZoneInfo) -> _Plan:
    nodes, tails = zip(*map(read_nodes, (base, ours, theirs)), strict=True)
    header = merge_group(nodes[0], nodes[1], nodes[2], zone)
    blocks = [read_blocks(document) for document in (base, ours, theirs)]
    body = merge_blocks(*blocks)
    lines = (
        ours.lines[0],
        *weave_entries(header),
        *merge_comments(*tails),
        ours.lines[ours.body_line - 2],
        *join_blocks(body, blocks[1], blocks[2]),
        *trimmed(ours.lines[ours.body_line - 1 :])[1],
    )
    return _Plan(header, body, lines)


def _is_right(plan: _Plan, side: Side) -> bool:
    """Read the file with every conflict decided for one side, and compare."""
    content = "\n".join(resolve(plan.lines, side)).encode()
    document, _ = read_document("", content)
    if document is None or document.header != value_of(plan.header, side):
        return False
    found = {key: block.lines for key, block in read_blocks(document).items()}
    meant = {key: trimmed(resolve(lines, side))[0] for key, lines in plan.body.items()}
    return {k: v for k, v in found.items() if v} == {
        k: v for k, v in meant.items() if v
    }


def _merge_text(versions: tuple[bytes, bytes, bytes], label: str, reason: str) -> Merge:
    """Merge by lines, whatever they say; two records never make a broken one."""
    base, ours, theirs = (_rows(content) for content in versions)
    merged = _written(merge_lines(base, ours, theirs), versions[1], label, reason)
    if merged.conflicts or _is_readable(merged.content):
        return merged
    if not all(_is_readable(content) for content in versions[1:]):
        return merged
    return _written(merge_lines((), ours, theirs), versions[1], label, reason)


def _is_readable(content: bytes) -> bool:
    return read_document("", content)[0] is not None


def _rows(content: bytes) -> tuple[str, ...]:
    """Cut any bytes into lines; those that are not UTF-8 survive."""
    text = content.removeprefix(_BOM).decode("utf-8", "surrogateescape")
    return tuple(text.replace("\r\n", "\n").split("\n"))


def _written(lines: Lines, ours: bytes, label: str, reason: str = "") -> Merge:
    """Write lines with the byte-order mark and line ends of our file."""
    end = "\r\n" if b"\r\n" in ours[: ours.find(b"\n") + 1] else "\n"
    text = end.join(mark(lines, label)).encode("utf-8", "surrogateescape")
    start = _BOM if ours.startswith(_BOM) else b""
    conflicts = sum(isinstance(line, Conflict) for line in lines)
    return Merge(start + text, conflicts, reason)
