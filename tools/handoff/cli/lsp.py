"""`handoff lsp`: the language server that editors start."""

import gc
import signal

import click

from handoff.cli.clock import read_clock
from handoff.model.errors import HandoffError


@click.command()
def lsp() -> None:
    """Serve an editor: live diagnostics, completion, explanations, quick fixes.

    Speaks the Language Server Protocol on standard input and output. Editors start
    it; docs/editors.md says how.
    """
    try:
        from handoff.lsp.server import serve  # noqa: PLC0415 - an extra, and heavy
    except ModuleNotFoundError as error:
        message = f"the language server needs `{error.name}`, which is not installed"
        hint = 'Type `pip install "handoff-ledger[lsp]"`, then start the editor again.'
        raise HandoffError(message, hint) from None
    gc.enable()  # `main` turns it off for short runs; this one lasts all day
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a thread that reads cannot be asked
    serve(read_clock)
