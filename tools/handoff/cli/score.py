"""`handoff score`: how complete a packet is, and what its receiver made of it."""

from pathlib import Path

import click

from handoff.cli.guessing import nearest
from handoff.cli.options import (
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.session import Session, open_session
from handoff.evaluation.completeness import Scorecard
from handoff.evaluation.completeness import score as score_packet
from handoff.model.errors import HandoffError
from handoff.model.identity import TREES, Kind, stem_of
from handoff.policy.profiles import Profile
from handoff.records.register import load_part
from handoff.views import score_json, score_text


@click.command()
@click.argument("packet", metavar="PACKET")
@click.option(
    "--profile",
    "names",
    multiple=True,
    metavar="NAME",
    help="Measure by this profile of schemas/policy/profiles.yaml too; `extended` "
    "asks for what other companies' handoff pages ask for.",
)
@moment_options
@directory_option
@format_option("text", "json")
def score(  # noqa: PLR0913 - one parameter for each option
    packet: str,
    names: tuple[str, ...],
    *,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Measure how complete a packet is, and list what is missing by weight.

    PACKET is its file name without `.md`, or its path; it may be half finished. The
    receiver's own score is shown apart and never part of the sum.
    """
    session = open_session(directory, rev, as_of)
    card = _card(session, packet, _profiles(session, names))
    render = score_json.render if form == "json" else score_text.render
    write(render(card, style_of_stdout()))


def _profiles(session: Session, names: tuple[str, ...]) -> list[Profile]:
    """Give the packet's own profile, then the others that were asked for."""
    known = session.policy.profiles
    for name in names:
        if name not in known:
            message = f"there is no profile `{name}`; there are: {', '.join(known)}"
            raise click.UsageError(message)
    return [known[name] for name in dict.fromkeys((next(iter(known)), *names))]


def _card(session: Session, typed: str, profiles: list[Profile]) -> Scorecard:
    snapshot, policy = session.snapshot, session.policy
    paths = {stem_of(path): path for path in snapshot.paths(*TREES.values())}
    path = _packet_path(paths, typed)
    draft = load_part(snapshot, policy, [path]).files[path].draft
    if draft is None:
        message = f"`{path}` cannot be read, so nothing in it can be counted"
        raise HandoffError(message, f"Run `handoff check {path}` to see why.")
    stem = str(draft.document.header.get("opportunity", ""))
    named = load_part(snapshot, policy, [paths[stem]] if stem in paths else [])
    opportunity = named.opportunities.get(stem)
    return score_packet(draft, opportunity, policy, profiles, rev=snapshot.label)


def _packet_path(paths: dict[str, str], typed: str) -> str:
    tree = f"{Kind.PACKET.tree}/"
    packets = {stem: path for stem, path in paths.items() if path.startswith(tree)}
    stem = stem_of(typed)
    if stem not in packets:
        message = f"there is no packet `{stem}`{nearest(stem, packets)}"
        raise click.UsageError(message)
    return packets[stem]
