"""Options made from the schemas: `--set`, and one for each plain top-level field."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from handoff.authoring.answers import Checker, typed_value
from handoff.authoring.paths import can_put, put_top, read_path
from handoff.authoring.questions import place_at
from handoff.cli.change import misuse
from handoff.cli.session import Session, open_session
from handoff.model.errors import HandoffError
from handoff.policy.policy import Policy
from handoff.views.escaping import terminal

_SESSION = "handoff.session"
_PREFIX = "field_"
_HELP = frozenset({"-h", "--help"})
_PLAIN = frozenset({"string", "integer"})


class FieldCommand(click.Command):
    """A command with an option for each plain field of a kind of record.

    The schemas are those of the repository at hand, so options follow what the
    process owner changes.

    Attributes:
        record: name of the schema.
        left_out: fields that are never typed.
    """

    record = ""
    left_out: frozenset[str] = frozenset()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Open the repository first, since it says which options there are."""
        directory = _directory(args)
        if directory.is_dir() and not ctx.resilient_parsing:
            try:
                ctx.meta[_SESSION] = open_session(directory, None, None)
            except HandoffError:
                if not _HELP & set(args):  # help needs no repository
                    raise
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Give the options of the command and those of the schema."""
        session = ctx.meta.get(_SESSION)
        params = super().get_params(ctx)
        return [*params, *self._made(session.policy)] if session else params

    def _made(self, policy: Policy) -> Iterator[click.Option]:
        schema = policy.schemas.schema(self.record)
        for name, _ in schema.fields(()):
            place = place_at(schema, (name,))
            if name not in self.left_out and place.get("type") in _PLAIN:
                flag, dest = f"--{name.replace('_', '-')}", f"{_PREFIX}{name}"
                yield click.Option([flag, dest], help=str(place.get("description", "")))


class OpportunityCommand(FieldCommand):
    """A command that writes an opportunity."""

    record = "opportunity"
    left_out = frozenset({"schema", "events"})


class PacketCommand(FieldCommand):
    """A command that writes a packet."""

    record = "packet"
    left_out = frozenset({"schema", "opportunity"})


def opened() -> Session:
    """Give the session that was opened to find the options."""
    session: Session = click.get_current_context().meta[_SESSION]
    return session


def typed_fields(fields: Mapping[str, str | None]) -> Mapping[str, str]:
    """Give what was typed into the made options, by field."""
    return {n.removeprefix(_PREFIX): v for n, v in fields.items() if v is not None}


def assign(
    checker: Checker, header: Mapping[str, object], text: str
) -> Mapping[str, object]:
    """Give a header with what `--set path=value` says.

    Raises:
        click.UsageError: it says nothing, or nothing that will do.
    """
    path, equals, value = text.partition("=")
    pointer = read_path(path.strip())
    if not equals or pointer is None:
        message = f"--set `{terminal(text)}` is not of the form path=value"
        raise click.UsageError(message)
    if not can_put(header, pointer):
        message = f"--set `{path}` leaves out an entry of the list before it"
        raise click.UsageError(message)
    typed = typed_value(checker.policy, checker.schema, pointer, value.strip())
    if problem := checker.problem(pointer, typed):
        misuse(problem)
    return put_top(header, pointer, typed)


def _directory(args: list[str]) -> Path:
    """Find `-C DIR` among the words typed, before click has read them."""
    for word, following in zip(args, (*args[1:], ""), strict=False):
        if word == "-C":
            return Path(following)
        if word.startswith("-C"):
            return Path(word.removeprefix("-C"))
    return Path()
