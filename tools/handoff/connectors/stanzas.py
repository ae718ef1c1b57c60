"""Writing what the ledger knows into the packets, in one commit for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handoff.authoring.approval import said_of, stanzas
from handoff.authoring.comparison import new_errors
from handoff.document.editing import apply_edits
from handoff.evaluation.approval_run import Written
from handoff.evaluation.judgement import judge
from handoff.model.errors import HandoffError
from handoff.model.identity import stem_of
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy, load_policy
from handoff.records.record import Packet
from handoff.records.register import Register, load_part, load_register
from handoff.repository.git import Git
from handoff.repository.ledger import BOT, Ledger
from handoff.repository.mainline import add_commit, fetch_branch
from handoff.repository.overlay import OverlaySnapshot
from handoff.repository.snapshot import CommitSnapshot, Snapshot

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Main:
    """The default branch at one commit, read."""

    tip: str
    snapshot: Snapshot
    policy: Policy
    register: Register


@dataclass(frozen=True, slots=True)
class Branch:
    """The branch that is written to.

    Attributes:
        known: what is known of it already, so that it is read again only if it moved.
    """

    git: Git
    remote: str
    name: str
    known: Main


def write_stanzas(
    branch: Branch, ledger: Ledger, now: datetime, *, is_dry: bool = False
) -> Written:
    """Write acknowledgements and returns of the ledger that packets do not tell yet.

    A branch that refuses pushes is no error: the ledger alone counts then.

    Args:
        branch: where to write.
        ledger: what is known.
        now: date of the commit.
        is_dry: whether only to say what would be written.

    Raises:
        HandoffError: the remote cannot be reached, or another writer was quicker each
            time.
    """
    for _ in range(_ATTEMPTS):
        tip = fetch_branch(branch.git, branch.remote, branch.name)
        main = branch.known if tip == branch.known.tip else read_main(branch.git, tip)
        files, kept = _changes(main, ledger, now)
        packets = tuple(stem_of(path) for path in files)
        if not files or is_dry:
            return Written(packets, kept=kept)
        offered = add_commit(
            branch.git,
            branch.remote,
            branch.name,
            tip,
            files,
            message=_message(packets),
            author=BOT,
            now=now,
        )
        if not offered.refused:
            return Written(packets, offered.commit, kept=kept)
        if not offered.is_late:
            return Written(packets, refused=_reason(offered.refused), kept=kept)
    message = f"others wrote to `{branch.name}` at the same moment, {_ATTEMPTS} times"
    raise HandoffError(message, "It is safe to run this again: the ledger has it all.")


def read_main(git: Git, tip: str) -> Main:
    """Read records and policy of a commit.

    Raises:
        HandoffError: its policy is broken, so that nothing can be judged by it.
    """
    snapshot = CommitSnapshot(git, tip)
    policy, diagnostics = load_policy(snapshot)
    if policy is None:
        first = diagnostics[0]
        message = f"policy is broken: {first.path}: {first.message}"
        raise HandoffError(message, "Run `handoff check` to see all of it.")
    return Main(tip, snapshot, policy, load_register(snapshot, policy))


def _changes(
    main: Main, ledger: Ledger, now: datetime
) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """Give the new content of packets by path, and the ids of those left alone."""
    files: dict[str, bytes] = {}
    kept: list[str] = []
    for packet in main.register.packets.values():
        content = _edited(packet, main, ledger)
        if content is None:
            continue
        if _breaks(main, packet.path, content, now):
            kept.append(packet.id)
        else:
            files[packet.path] = content
    return files, tuple(kept)


def _edited(packet: Packet, main: Main, ledger: Ledger) -> bytes | None:
    opportunity = main.register.opportunities.get(packet.opportunity)
    content = main.snapshot.read(packet.path)
    if opportunity is None or not isinstance(content, bytes):
        return None
    said = said_of(packet.id, ledger)
    if not (said.given or said.returned):
        return None
    edits = stanzas(packet, opportunity, said, main.policy)
    return apply_edits(content, edits) if edits else None


def _breaks(main: Main, path: str, content: bytes, now: datetime) -> bool:
    """Tell whether a change would bring an error that was not there."""

    def verdict(files: Snapshot) -> Verdict:
        part = load_part(files, main.policy, [path])
        return judge(part, main.policy, now, is_replay=False).verdict

    after = OverlaySnapshot(main.snapshot, {path: content})
    return bool(new_errors(verdict(main.snapshot), verdict(after)))


def _message(packets: tuple[str, ...]) -> str:
    what = packets[0] if len(packets) == 1 else f"{len(packets)} packets"
    listed = "".join(f"\n- {packet}" for packet in packets)
    return f"Write down what reviews said of {what}\n{listed}\n"


def _reason(refused: str) -> str:
    """Keep of what git said the line that tells why."""
    lines = [line.strip() for line in refused.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("remote:", "!", "fatal:"))]
    return next(iter(told or lines), "it gave no reason")
