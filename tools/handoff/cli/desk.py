"""`handoff desk`: what a change is about, for the people who read its pull request."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from handoff.cli.options import cache_option, directory_option, write
from handoff.cli.selection import gathered
from handoff.cli.session import Session, open_session
from handoff.evaluation.completeness import score
from handoff.model.identity import TREES, Kind, parse_path, stem_of
from handoff.records.register import load_part
from handoff.views.desk_markdown import is_complete, render, share_of

_MARKER = "desk"
_REQUESTS = 100
_FEW = 200  # packets that can be held at once


@click.command()
@click.option("--rev", default="HEAD", metavar="REV", help="What is proposed.")
@click.option(
    "--base", required=True, metavar="REV", help="The branch it is to be merged into."
)
@click.option(
    "--event",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What the forge says of the change. In GitHub Actions $GITHUB_EVENT_PATH.",
)
@click.option(
    "--comment",
    "pull",
    type=click.IntRange(min=1),
    metavar="N",
    help="Keep it as one comment on pull request N, from the first gap on.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Print the comment only.")
@cache_option
@directory_option
def desk(  # noqa: PLR0913 - one parameter for each option
    *,
    rev: str,
    base: str,
    event: Path | None,
    pull: int | None,
    is_dry: bool,
    no_cache: bool,
    directory: Path,
) -> None:
    """Say in a salesperson's words where the deals stand that a change touches.

    Gaps with what to do, stage, next action, completeness and clocks, as markdown. It
    judges nothing: `handoff check` does.
    """
    session = open_session(directory, rev, None, may_recall=not no_cache)
    text, is_whole = _page(session, base, event)
    if pull is None or is_dry:
        write(text)
        return
    from handoff.cli.forge import open_forge  # noqa: PLC0415 - needs the network
    from handoff.connectors.desk import keep_comment  # noqa: PLC0415 - as above

    github, _ = open_forge(_REQUESTS)
    done = keep_comment(github, pull, _MARKER, text, is_news=not is_whole)
    said = "written" if done else "nothing to change"
    write(f"comment on pull request {pull}: {said}\n")


def _page(session: Session, base: str, event: Path | None) -> tuple[str, bool]:
    from handoff.cli.gate import judge_since  # noqa: PLC0415 - only for a change
    from handoff.repository.changes import find_base, paths_changed  # noqa: PLC0415
    from handoff.repository.forge_event import read_event  # noqa: PLC0415

    seen = read_event(event) if event else None
    if seen:
        session = replace(session, now=seen.at)
    start = find_base(session.git, base, session.snapshot.label)
    paths = set(paths_changed(session.git, start, session.snapshot))
    found = [d for d in session.verdict(None).diagnostics if d.path in paths]
    found += judge_since(session, base, seen)
    known = session.snapshot.paths(*TREES.values())
    there = sorted(paths.intersection(known))
    packets = dict(_packets(session, [p for p in there if _kind(p) is Kind.PACKET]))
    deals = {p.stem for path in there if (p := parse_path(path))} | packets.keys()
    about = {*there, *(path for path in known if stem_of(path) in deals)}
    share = partial(share_of, deals=deals, complete=packets)
    _, shares = gathered(session, share, about)
    return render(shares, found), is_complete(found)


def _kind(path: str) -> Kind | None:
    identity = parse_path(path)
    return identity.kind if identity else None


def _packets(
    session: Session, paths: list[str]
) -> Iterator[tuple[str, tuple[str, int]]]:
    """Measure packets, those that are not valid yet too; give them by opportunity."""
    policy, snapshot = session.policy, session.snapshot
    profiles = [*policy.profiles.values()][:1]
    for start in range(0, len(paths), _FEW):
        some = paths[start : start + _FEW]
        register = load_part(snapshot, policy, some)
        for draft in filter(None, (register.files[path].draft for path in some)):
            deal = str(draft.document.header.get("opportunity", ""))
            opportunity = register.opportunities.get(deal)
            card = score(draft, opportunity, policy, profiles, rev=snapshot.label)
            yield deal, (card.id, card.completeness[0].percent)
