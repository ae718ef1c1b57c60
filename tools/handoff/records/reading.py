"""One file to one record, or to the findings that say why not."""

from collections.abc import Mapping
from dataclasses import dataclass

from handoff.document.document import Document, read_document
from handoff.model.diagnostic import Finding
from handoff.model.identity import Kind, parse_path, tree_of
from handoff.model.span import TOP
from handoff.policy.policy import Policy
from handoff.policy.shape import read_shape
from handoff.records.record import Draft, Record, read_opportunity, read_packet
from handoff.repository.snapshot import Unreadable

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
    """

    path: str
    draft: Draft | None
    record: Record | None
    findings: tuple[Finding, ...]

    @property
    def document(self) -> Document | None:
        """The parsed file, where it could be parsed."""
        return self.draft.document if self.draft else None


def read_file(path: str, content: bytes | Unreadable, policy: Policy) -> ReadFile:
    """Read one file of the two trees."""
    if isinstance(content, Unreadable):
        finding = Finding("unreadable-file", TOP, content.reason, content.hint)
        return ReadFile(path, None, None, (finding,))
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
        known = {finding.span for finding in findings}
        findings += tuple(finding for finding in shape if finding.span not in known)
        return ReadFile(path, draft, None, findings)
    read = read_packet if identity.kind is Kind.PACKET else read_opportunity
    record = read(identity, document, header, policy.zone)
    return ReadFile(path, draft, record, findings)


def _misplaced(path: str) -> Finding:
    kind = tree_of(path) or Kind.OPPORTUNITY
    message = f"this is not where a record can be, expected `{_PATTERNS[kind]}`"
    hint = (
        "Name the file in lower-case letters, digits and single hyphens with its "
        "date, in the folders of that year and month; or move it out of "
        f"`{kind.tree}/` if it is not a record."
    )
    return Finding("misplaced-record", TOP, message, hint)
