"""The server: one method for each message, over standard input and output.

The whole text is sent with each change: the library cuts lines where editors do not
(at U+2028, for one), so that partial changes could be applied in the wrong place.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from handoff import __version__
from handoff.lsp.completion import complete
from handoff.lsp.desk import Desk
from handoff.lsp.fixes import fixes
from handoff.lsp.hover import hover
from handoff.lsp.text import end_of, start_of
from handoff.lsp.wire import SOURCE, Wire, file_of, markdown, uri_of, wire_of
from handoff.model.diagnostic import Diagnostic, Related

_PAUSE = 0.2
"""Seconds without typing after which a file is judged."""

_Params = TypeVar("_Params")
_Answer = TypeVar("_Answer")
_DEFAULT = lsp.PositionEncodingKind.Utf16


class HandoffServer:
    """Answers an editor.

    Args:
        read_clock: gives the present instant.
    """

    def __init__(self, read_clock: Callable[[], datetime]) -> None:
        self.server = LanguageServer(
            SOURCE,
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Full,
        )
        self._desk = Desk(read_clock)
        self._found: dict[Path, tuple[str, tuple[Diagnostic, ...]]] = {}
        self._uris: dict[Path, str] = {}
        self._versions: dict[Path, int] = {}
        self._turn = 0
        self._busy = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._register()

    def _register(self) -> None:
        options = lsp.CompletionOptions(trigger_characters=["#", " ", "-", "["])
        kinds = lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
        self._answer(lsp.TEXT_DOCUMENT_DID_OPEN, self.opened)
        self._answer(lsp.TEXT_DOCUMENT_DID_CHANGE, self.changed)
        self._answer(lsp.TEXT_DOCUMENT_DID_SAVE, self.saved)
        self._answer(lsp.TEXT_DOCUMENT_DID_CLOSE, self.closed)
        self._answer(lsp.TEXT_DOCUMENT_COMPLETION, self.completion, options)
        self._answer(lsp.TEXT_DOCUMENT_HOVER, self.hover)
        self._answer(lsp.TEXT_DOCUMENT_CODE_ACTION, self.actions, kinds)

    def _answer(
        self,
        message: str,
        method: Callable[[_Params], _Answer],
        options: object = None,
    ) -> None:
        """Have a method answer a message; the library marks what it is given."""

        def answer(params: _Params) -> _Answer:
            return method(params)

        self.server.feature(message, options)(answer)

    def opened(self, params: lsp.DidOpenTextDocumentParams) -> None:
        """Judge a file that was opened."""
        made = params.text_document
        self._put(made.uri, made.text, made.version, pause=0)

    def changed(self, params: lsp.DidChangeTextDocumentParams) -> None:
        """Judge a file once its typing rests."""
        made = params.text_document
        text = self.server.workspace.get_text_document(made.uri).source
        self._put(made.uri, text, made.version, pause=_PAUSE)

    def saved(self, _: lsp.DidSaveTextDocumentParams) -> None:
        """Judge everything again: what was saved may not be a record, but policy."""
        self._judge_after(0)

    def closed(self, params: lsp.DidCloseTextDocumentParams) -> None:
        """Forget a file, and what was said about it."""
        file = file_of(params.text_document.uri)
        if file:
            self._desk.remove(file)
            self._found.pop(file, None)
            self._publish(file, (), "")
            self._uris.pop(file, None)
            self._judge_after(0)

    def completion(self, params: lsp.CompletionParams) -> lsp.CompletionList:
        """Offer what can be typed."""
        file = file_of(params.text_document.uri)
        view = self._desk.view(file) if file else None
        if view is None:
            return lsp.CompletionList(is_incomplete=False, items=[])
        wire = self._wire(view.text)
        choices = complete(view, wire.point(params.position))
        items = [wire.item(choice, rank) for rank, choice in enumerate(choices)]
        return lsp.CompletionList(is_incomplete=False, items=items)

    def hover(self, params: lsp.HoverParams) -> lsp.Hover | None:
        """Explain what stands under the cursor."""
        file = file_of(params.text_document.uri)
        view = self._desk.view(file) if file else None
        if file is None or view is None:
            return None
        cursor = self._wire(view.text).point(params.position)
        text = hover(view, cursor, self._current(file))
        return lsp.Hover(markdown(text)) if text else None

    def actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        """Offer quick fixes for what was found in a range."""
        file = file_of(params.text_document.uri)
        view = self._desk.view(file) if file else None
        if file is None or view is None:
            return []
        wire = self._wire(view.text)
        first, last = wire.point(params.range.start), wire.point(params.range.end)
        here = [
            d
            for d in self._current(file)
            if start_of(d.span) <= last and first <= end_of(d.span)
        ]
        uri = params.text_document.uri
        return [
            wire.action(fix, uri, self._written(wire, fix.diagnostic, file))
            for fix in fixes(view, here)
        ]

    def _put(self, uri: str, text: str, version: int, pause: float) -> None:
        file = file_of(uri)
        if file:
            self._desk.put(file, text)
            self._uris[file] = uri
            self._versions[file] = version
            self._judge_after(pause)

    def _judge_after(self, pause: float) -> None:
        """Judge after a pause, unless something else happens before it is over."""
        self._turn += 1
        task = asyncio.get_running_loop().create_task(self._judge(pause, self._turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _judge(self, pause: float, turn: int) -> None:
        """Judge in a thread of its own, so that questions are answered meanwhile."""
        await asyncio.sleep(pause)
        async with self._busy:
            if turn != self._turn:
                return
            texts = {file: self._desk.text(file) for file in self._uris}
            found = await asyncio.to_thread(self._desk.judge)
        if turn == self._turn:
            for file, diagnostics in found.items():
                self._found[file] = (texts[file], diagnostics)
                self._publish(file, diagnostics, texts[file])

    def _current(self, file: Path) -> tuple[Diagnostic, ...]:
        """Give what was found in a file, if it was found in its present text."""
        text, found = self._found.get(file, ("", ()))
        return found if text == self._desk.text(file) else ()

    def _publish(self, file: Path, found: tuple[Diagnostic, ...], text: str) -> None:
        wire = self._wire(text)
        self.server.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(
                uri=self._uris.get(file) or uri_of(file),
                version=self._versions.get(file),
                diagnostics=[self._written(wire, d, file) for d in found],
            )
        )

    def _written(self, wire: Wire, made: Diagnostic, file: Path) -> lsp.Diagnostic:
        def locate(related: Related) -> lsp.Location | None:
            """Give the place of a second finding, where its lines are known."""
            if related.path != made.path:
                return None
            place = wire.range(start_of(related.span), end_of(related.span))
            return lsp.Location(self._uris.get(file) or uri_of(file), place)

        return wire.diagnostic(made, locate)

    def _wire(self, text: str) -> Wire:
        encoding = self.server.workspace.position_encoding or _DEFAULT
        return wire_of(text, lsp.PositionEncodingKind(encoding).value)


def serve(read_clock: Callable[[], datetime]) -> None:
    """Serve one editor on standard input and output until it says goodbye."""
    HandoffServer(read_clock).server.start_io()
