"""Making a new record: what is known, what is typed, what is asked, and the file."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from handoff.authoring.answers import Checker, Problem, section_problem
from handoff.authoring.comparison import errors_of
from handoff.authoring.draft import Draft
from handoff.authoring.outcome import command, gap_lines, stage_lines
from handoff.authoring.paths import overlaid, value_at
from handoff.authoring.problems import exists
from handoff.authoring.questions import open_questions, with_ids
from handoff.authoring.writing import write_record
from handoff.cli.change import misuse, stop, would_be, write_file
from handoff.cli.drafts import discard, keep
from handoff.cli.field_options import assign
from handoff.cli.interview import Interview
from handoff.cli.options import write
from handoff.cli.session import Session
from handoff.model.identity import Identity, Kind
from handoff.model.span import Pointer
from handoff.views.escaping import terminal

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Said = TypeVar("_Said")
Identify = Callable[[Mapping[str, object]], Identity | None]
"""Names a record by its header; `None` while it has no name."""


def record_options(command_: _Command) -> _Command:
    """Add what both kinds of new records have in common."""
    for option in (
        click.option(
            "--discard", "is_fresh", is_flag=True, help="Forget what was kept."
        ),
        click.option(
            "--resume", is_flag=True, help="Go on with a session that was interrupted."
        ),
        click.option(
            "--section-file",
            "section_files",
            multiple=True,
            metavar="TITLE=FILE",
            help="Text of a section, from a file. Repeatable.",
        ),
        click.option(
            "--section",
            "sections",
            multiple=True,
            metavar="TITLE=TEXT",
            help="Text of a section. Repeatable.",
        ),
        click.option(
            "--set",
            "values",
            multiple=True,
            metavar="PATH=VALUE",
            help="Any field, as in contact.name=… or milestones[0].on=…; a list as "
            "[P1, P2]. Repeatable.",
        ),
    ):
        command_ = option(command_)
    return command_


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed on the command line."""

    fields: Mapping[str, str]
    values: Sequence[str]
    sections: Sequence[str]
    section_files: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to be made.

    Attributes:
        known: what it begins with; only what differs is kept as a draft.
        source: id of the record that knows it, or empty.
        names: fields to ask about.
        titles: sections to ask about.
        defaults: what Enter stands for.
        identify: names it.
    """

    session: Session
    kind: Kind
    known: Draft
    source: str
    names: Sequence[str]
    titles: Sequence[str]
    defaults: Mapping[Pointer, str]
    identify: Identify

    @property
    def checker(self) -> Checker:
        """Judges its fields."""
        return Checker(self.session.policy, self.kind.value, {})

    def with_typed(self, kept: Draft | None, typed: Typed) -> Draft:
        """Put what was kept, and then what was typed, on top of what is known."""
        header = dict(self.known.header)
        sections = dict(self.known.sections)
        if kept:
            header |= {n: overlaid(header.get(n), v) for n, v in kept.header.items()}
            sections |= kept.sections
        for name, value in typed.fields.items():
            header = dict(assign(self.checker, header, f"{name}={value}"))
        for text in typed.values:
            header = dict(assign(self.checker, header, text))
        sections |= typed_sections(self.session, self.kind, typed)
        schema = self.session.policy.schemas.schema(self.kind.value)
        return Draft(self.kind.value, with_ids(schema, header), sections)

    def asked(self, draft: Draft, kept: Draft | None) -> Draft:
        """Show what is prefilled, ask what is open; nothing typed is lost.

        Args:
            draft: what is known by now.
            kept: what an interrupted session said of it.
        """
        if self.source:
            click.echo(f"known from {self.source} is shown as it comes", err=True)
        interview = Interview(
            self.checker,
            self.names,
            self.titles,
            self.defaults,
            self._settled(),
            self._prefilled(draft, kept or Draft("", {}, {})),
            self._keep,
        )
        try:
            return interview.run(draft)
        except (click.Abort, KeyboardInterrupt):
            sys.stderr.write(
                "\nhandoff: what was typed is kept; add `--resume` to go on\n"
            )
            raise

    def _settled(self) -> frozenset[Pointer]:
        """Name what the groups that are known could say besides."""
        schema = self.session.policy.schemas.schema(self.kind.value)
        header = self.known.header
        open_ = open_questions(schema, header, self.names)
        optional = (q.pointer for q in open_ if not q.is_needed)
        return frozenset(p for p in optional if p[1:] and value_at(header, p[:-1]))

    def _prefilled(self, draft: Draft, kept: Draft) -> frozenset[str]:
        """Name what only the other record says, and nobody has looked at yet."""
        pairs = (
            (self.known.header, draft.header, kept.header),
            (self.known.sections, draft.sections, kept.sections),
        )
        return frozenset(
            name
            for known, now, before in pairs
            for name, value in known.items()
            if now.get(name) == value and name not in before
        )

    def _keep(self, draft: Draft, seen: Collection[str]) -> None:
        identity = self.identify(draft.header)
        known = self.known if self.source else Draft(draft.kind, {}, {})
        if identity and replace(draft, kind=known.kind) != known:
            typed = _beside(draft.header, known.header, seen)
            said = _beside(draft.sections, known.sections, seen)
            keep(self.session, _draft_name(identity), Draft(draft.kind, typed, said))

    def finish(self, draft: Draft, identity: Identity) -> None:
        """Write the file and say what is missing; an existing one is left alone."""
        session, path = self.session, identity.path
        if is_there(session, identity):
            stop(exists(identity))
        schema = session.policy.schemas.schema(self.kind.value)
        titles = session.policy.pipeline.sections[self.kind]
        content = write_record(schema, draft.header, titles, draft.sections)
        after = would_be(session, {path: content})
        report = after.report([path])
        write_file(session, path, content)
        after.take_note([path])
        discard(session, _draft_name(identity))
        gaps = errors_of(report.verdict.diagnostics)
        words = {Kind.PACKET: "file", Kind.OPPORTUNITY: "status"}
        next_words = ("check", path) if gaps else (words[self.kind], identity.stem)
        lines = (
            f"written: {path}",
            *self._origin(),
            *gap_lines(gaps),
            *stage_lines(report, identity.stem),
        )
        write("\n".join((*lines, command(*next_words))) + "\n")

    def _origin(self) -> Sequence[str]:
        if not self.source:
            return ()
        known = (*list(self.known.header)[1:], *self.known.sections)
        return (f"prefilled from {self.source}: {terminal(', '.join(known))}",)


def _draft_name(identity: Identity) -> str:
    """Name a draft; it is the same for a second record of the day."""
    return replace(identity, number=1).stem


def is_there(session: Session, identity: Identity) -> bool:
    """Tell whether a record's path is taken, also by something else than a file."""
    target = session.git.root / identity.path
    return target.is_symlink() or target.exists()


def typed_sections(session: Session, kind: Kind, typed: Typed) -> Mapping[str, str]:
    """Give the text of the sections that were typed or named by file.

    Raises:
        click.UsageError: there is no such section or file, or the text will not do.
    """
    pairs = [text.partition("=") for text in typed.sections]
    found = {title.strip(): text.strip() for title, _, text in pairs}
    for entry in typed.section_files:
        title, _, name = entry.partition("=")
        found[title.strip()] = _text_of(Path(name)).strip()
    titles = session.policy.pipeline.sections[kind]
    for title, text in found.items():
        if title not in titles:
            near = get_close_matches(title, titles, n=1) or titles
            hint = f"Known: {', '.join(near)}."
            misuse(Problem(f"there is no section `{title}`", hint))
        if problem := section_problem(session.policy, title, text):
            misuse(problem)
    return found


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        message = terminal(f"`{path}` cannot be read as text: {error}")
        raise click.UsageError(message) from error


def _beside(
    said: Mapping[str, _Said], known: Mapping[str, _Said], seen: Collection[str]
) -> Mapping[str, _Said]:
    """Give what is not only prefilled: it differs, or somebody looked at it."""
    return {n: v for n, v in said.items() if n in seen or known.get(n) != v}
