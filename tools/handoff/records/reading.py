"""One file to one record, or to the findings that say why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoff.document.defects import DEFECTS
from handoff.document.document import Document, read_document
from handoff.model.diagnostic import Finding, Severity
from handoff.model.identity import Kind, parse_path, tree_of
from handoff.model.span import TOP, Span
from handoff.policy.policy import Policy
from handoff.policy.shape import read_shape
from handoff.records.record import Draft, Record, read_opportunity, read_packet
from handoff.repository.snapshot import Snapshot
from handoff.repository.unreadable import ABSENT, Unreadable

_PATTERNS: Mapping[Kind, str] = {
    Kind.OPPORTUNITY: "opportunities/YYYY/MM/{company-slug}-YYYY-MM-DD.md",
    Kind.PACKET: "handoffs/YYYY/MM/{service}-{company-slug}-YYYY-MM-DD.md",
}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What came of one file.

    Attributes:
        draft: identity and document, where the file could be parsed.
        record: the typed record, where its shape is right.
        findings: what is wrong with reading, place and shape.
        is_there: whether there is such a file, readable or not.
    """

    path: str
    draft: Draft | None
    record: Record | None
    findings: tuple[Finding, ...]
    is_there: bool = True

    @property
    def document(self) -> Document | None:
        """The parsed file, where it could be parsed."""
        return self.draft.document if self.draft else None


def read_file(path: str, content: bytes | Unreadable, policy: Policy) -> ReadFile:
    """Read one file of the two trees."""
    if isinstance(content, Unreadable):
        finding = Finding("unreadable-file", TOP, content.reason, content.hint)
        return ReadFile(path, None, None, (finding,), content is not ABSENT)
    identity = parse_path(path)
    if identity is None:
        return ReadFile(path, None, None, (_misplaced(path),))
    document, findings = read_document(path, content)
    if document is None:
        return ReadFile(path, None, None, findings)
    schema = policy.schemas.schema(identity.kind.value)
    draft = Draft(identity, document)
    header, shape = read_shape(document, schema)
    if shape:
        return ReadFile(path, draft, None, _one_for_each(findings, shape))
    read = read_packet if identity.kind is Kind.PACKET else read_opportunity
    record = read(identity, document, header, policy.zone)
    return ReadFile(path, draft, record, findings)


def read_versions(
    before: Snapshot, after: Snapshot, paths: Sequence[str], policy: Policy
) -> Iterator[tuple[str, tuple[ReadFile | None, ReadFile | None]]]:
    """Read both sides of those paths whose content differs; `None` is no file."""
    sides = (before.read_many(paths), after.read_many(paths))
    for (path, was), (_, now) in zip(*sides, strict=True):
        if was != now:
            read = (
                None if content is ABSENT else read_file(path, content, policy)
                for content in (was, now)
            )
            yield path, (next(read), next(read))


def _one_for_each(
    read: tuple[Finding, ...], shape: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Keep one finding for each place.

    What keeps a value from being read says more than its schema; an odd character
    in a value or key that is refused anyway says less.
    """
    refused = {f.span for f in read if DEFECTS[f.rule].severity is Severity.ERROR}
    wrong = tuple(f for f in shape if f.span not in refused)
    lines = {f.span.line for f in read}
    told = {place for f in wrong if f.span.line in lines for place in _places(f.span)}
    odd = (f for f in read if f.span in refused or _start(f.span) not in told)
    return (*odd, *wrong)


def _start(span: Span) -> tuple[int, int]:
    return span.line, span.column


def _places(span: Span) -> Iterator[tuple[int, int]]:
    """Give line and column of each character of a span that is a line or less."""
    if span.line == span.end_line:
        yield from ((span.line, n) for n in range(span.column, span.end_column))


def _misplaced(path: str) -> Finding:
    kind = tree_of(path) or Kind.OPPORTUNITY
    message = f"this is not where a record can be, expected `{_PATTERNS[kind]}`"
    hint = (
        "Name the file in lower-case letters, digits and single hyphens with its "
        "date, in the folders of that year and month; or move it out of "
        f"`{kind.tree}/` if it is not a record."
    )
    return Finding("misplaced-record", TOP, message, hint)
