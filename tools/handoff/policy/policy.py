"""Policy as a whole: loaded from a snapshot, checked, cross-checked, typed."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from handoff.document.document import Document, read_yaml_file
from handoff.model.diagnostic import Diagnostic, Finding, Severity
from handoff.model.errors import HandoffError
from handoff.model.instant import Moment, parse_date, start_of_day
from handoff.policy.branches import read_open_branches
from handoff.policy.channels import Channels, read_channels
from handoff.policy.clocks import Clock, read_calendars, read_clock
from handoff.policy.people import Roster, read_roster
from handoff.policy.profiles import Profile, read_profiles
from handoff.policy.schemas import SchemaSet
from handoff.policy.shape import POSSIBLE_SECRET, read_shape
from handoff.policy.sources import (
    FILES,
    OPTIONAL,
    PATHS,
    SCHEMAS,
    TOOL,
    policy_path,
    schema_path,
)
from handoff.policy.stages import Pipeline, read_pipeline
from handoff.policy.tool import require_tool
from handoff.policy.trust import Trust, read_trust
from handoff.policy.waivers import Waiver, WaiverRules, read_waiver_rules, read_waivers
from handoff.repository.objects import blob_of
from handoff.repository.snapshot import Snapshot, Unreadable
from handoff.repository.unreadable import ABSENT, Content


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the process owner decides.

    Attributes:
        zone: the zone in which days begin and end.
        enforced_from: facts before this day are exempt from gates and clocks.
        severities: changed weights, by rule.
        shadow: rules that are tried out: judged and counted, never enforced.
        channels: who is told what, and how; empty where policy says nothing of it.
        waiver_rules: who may approve a waiver.
        trust: how far claims are believed, and who may change what.
        open_branches: patterns of the branches on which records wait.
        profiles: ways to measure completeness, by name; the packet's own is first.
        documents: the policy files, by stem, for places in them.
        digest: SHA-256 over the files it was read from, in hexadecimal.
        blobs: of each file that decides what holds, by path, the id git gives it.
    """

    schemas: SchemaSet
    pipeline: Pipeline
    clocks: tuple[Clock, ...]
    zone: ZoneInfo
    roster: Roster
    enforced_from: date | None
    severities: Mapping[str, Severity]
    shadow: frozenset[str]
    waivers: tuple[Waiver, ...]
    waiver_rules: WaiverRules
    trust: Trust
    open_branches: tuple[str, ...]
    profiles: Mapping[str, Profile]
    documents: Mapping[str, Document]
    channels: Channels
    digest: str
    blobs: Mapping[str, str]

    def is_enforced(self, moment: Moment, fallback: date) -> bool:
        """Tell whether a fact of that moment falls under gates and clocks.

        Args:
            moment: when the fact happened.
            fallback: the day the record was written down, which decides where
                nothing is known.
        """
        if self.enforced_from is None:
            return True
        if moment.is_exact and moment.instant:
            return moment.instant >= start_of_day(self.enforced_from, self.zone)
        return (moment.day or fallback) >= self.enforced_from


def load_policy(
    snapshot: Snapshot,
    is_known: Callable[[Mapping[str, str]], bool] = lambda _: False,
) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """Read policy from a snapshot; `None` with diagnostics where it is broken.

    Args:
        snapshot: holds its files.
        is_known: tells of the ids of these files, by path, whether nothing was found
            in them before; then nothing is looked for.

    Raises:
        HandoffError: the snapshot holds no policy, or schemas that are none, or it
            needs a newer or an older tool.
    """
    contents = dict(snapshot.read_many(PATHS))
    require_tool(contents[TOOL])
    sources = dict(_sources(contents))
    names = {f"{name}.schema.json" for name in SCHEMAS}
    schemas = SchemaSet({name: sources[f"schemas/{name}"] for name in names})
    blobs = {p: blob_of(c) for p, c in contents.items() if isinstance(c, bytes)}
    is_new = not is_known(blobs)
    documents, found = _read_all(sources, schemas if is_new else None)
    if is_new and not found:
        from handoff.policy.crosscheck import cross_check  # noqa: PLC0415 - once for each policy

        found = cross_check(documents, schemas)
    if any(diagnostic.severity is Severity.ERROR for diagnostic in found):
        return None, found
    try:
        return _typed(schemas, documents, _digest(sources), blobs), found
    except KeyError as error:  # its own schema, of another version, let it through
        message = f"policy lacks `{error.args[0]}`, which this version needs"
        hint = "Run `handoff upgrade`, or read this revision with the tool of its time."
        raise HandoffError(message, hint) from None


def _sources(contents: Mapping[str, Content]) -> Iterator[tuple[str, bytes]]:
    """Give every file of policy; one that is optional may be absent."""
    optional = tuple(map(policy_path, OPTIONAL))
    required = (*map(schema_path, SCHEMAS), *map(policy_path, FILES))
    for path in (*required, *optional):
        content = contents[path]
        if content is not ABSENT or path not in optional:
            yield path, _required(path, content)


def _required(path: str, content: Content) -> bytes:
    if isinstance(content, Unreadable):
        message = f"policy cannot be read: `{path}`: {content.reason}"
        hint = "Run `handoff init` to add the missing files of a handoff repository."
        raise HandoffError(message, hint)
    return content


def _read_all(
    sources: Mapping[str, bytes],
    schemas: SchemaSet | None,
) -> tuple[dict[str, Document], tuple[Diagnostic, ...]]:
    """Parse every file; `schemas` judge its shape, unless it is known to be right."""
    documents: dict[str, Document] = {}
    diagnostics: list[Diagnostic] = []
    for name in (*FILES, *OPTIONAL):
        path = policy_path(name)
        if path not in sources:
            continue
        document, findings = read_yaml_file(path, sources[path])
        if document:
            documents[name] = document
            if schemas:
                schema = schemas.schema(f"policy/properties/{name}")
                findings += read_shape(document, schema)[1]
        secret = {f.span.line for f in findings if f.rule == POSSIBLE_SECRET}
        diagnostics += [_diagnostic(path, document, f, secret) for f in findings]
    return documents, tuple(diagnostics)


def _diagnostic(
    path: str, document: Document | None, finding: Finding, secret: Container[int]
) -> Diagnostic:
    """Place a finding; lines that may hold a secret are not shown, for no finding."""
    may_show = finding.span.line not in secret
    return Diagnostic(
        path=path,
        span=finding.span,
        rule=finding.rule,
        severity=Severity.ERROR,
        message=finding.message,
        hint=finding.hint,
        related=finding.related,
        source=document.line(finding.span.line) if document and may_show else "",
    )


def _digest(sources: Mapping[str, bytes]) -> str:
    total = sha256()
    for path in sorted(sources):
        total.update(b"%d\0%s%d\0" % (len(path), path.encode(), len(sources[path])))
        total.update(sources[path])
    return total.hexdigest()


def _typed(
    schemas: SchemaSet,
    documents: Mapping[str, Document],
    digest: str,
    blobs: Mapping[str, str],
) -> Policy:
    data: dict[str, Any] = {
        name: schemas.schema(f"policy/properties/{name}").coerce(document.header)
        for name, document in documents.items()
    }
    calendars = read_calendars(data["calendars"])
    weights = data["severities"]["severities"].items()
    return Policy(
        schemas=schemas,
        pipeline=read_pipeline(data["stages"], schemas),
        clocks=tuple(read_clock(c, calendars) for c in data["clocks"]["clocks"]),
        zone=ZoneInfo(data["calendars"]["zone"]),
        roster=read_roster(data["people"]),
        enforced_from=parse_date(data["clocks"].get("enforced_from", "")),
        severities={rule: Severity(weight) for rule, weight in weights},
        shadow=frozenset(data["severities"].get("shadow", ())),
        waivers=read_waivers(data["waivers"]),
        waiver_rules=read_waiver_rules(data["waivers"]),
        trust=read_trust(data.get("trust", {})),
        open_branches=read_open_branches(data.get("branches", {})),
        documents=documents,
        profiles=read_profiles(data.get("profiles", {})),
        channels=read_channels(data["channels"]) if "channels" in data else Channels(),
        digest=digest,
        blobs=blobs,
    )
