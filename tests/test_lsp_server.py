"""The language server as editors meet it: a process that speaks JSON-RPC."""

import json
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from handoff.cli.lsp import lsp
from handoff.model.errors import HandoffError
from support.cli import NOW, ROOT, records
from support.deals import KITES_PACKET, KITES_PATH, KITES_TEXT
from support.git import Repository
from support.reports import kites_packet

pytest.importorskip("pygls", reason="the extra `lsp` is not installed")

_PATIENCE = 20.0
"""Seconds after which a missing answer is a failure; never waited for otherwise."""

_PINNED = f"""
from handoff.lsp.server import serve
from handoff.model.instant import parse_instant
serve(lambda: parse_instant({NOW!r}))
"""
_COMMAND = "from handoff.cli.lsp import lsp; lsp()"

Message = Mapping[str, Any]


class Client:
    """An editor without a window."""

    def __init__(self, root: Path, code: str = _PINNED) -> None:
        self.root = root
        self.process = subprocess.Popen(  # noqa: S603 - no shell
            [sys.executable, "-W", "error", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
        )
        self.inbox: queue.Queue[Message] = queue.Queue()
        self.sent = 0
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        pipe = self.process.stdout
        assert pipe
        while line := pipe.readline():
            size = int(line.removeprefix(b"Content-Length: "))
            while pipe.readline().strip():
                """Skip the other headers."""
            self.inbox.put(json.loads(pipe.read(size)))
        self.inbox.put({})

    def send(self, message: Message) -> None:
        """Send one message as it is."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        pipe = self.process.stdin
        assert pipe
        pipe.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        pipe.flush()

    def tell(self, method: str, **params: object) -> None:
        """Send a notification."""
        self.send({"method": method, "params": params})

    def ask(self, method: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        """Send a request and give its result."""
        self.sent += 1
        self.send({"id": self.sent, "method": method, "params": params})
        answer = self.wait(lambda message: message.get("id") == self.sent)
        assert "error" not in answer, answer
        return answer["result"]

    def wait(self, is_wanted: Any) -> Message:  # noqa: ANN401 - a predicate
        """Give the next message that is wanted."""
        while True:
            message = self.inbox.get(timeout=_PATIENCE)
            assert message, "the server has ended"
            if is_wanted(message):
                return message

    def start(self, *encodings: str) -> Any:  # noqa: ANN401 - JSON
        """Introduce ourselves; give what the server can do."""
        general = {"positionEncodings": list(encodings)} if encodings else {}
        answer = self.ask(
            "initialize",
            processId=None,
            rootUri=self.root.as_uri(),
            capabilities={"general": general},
        )
        self.tell("initialized")
        return answer["capabilities"]

    def uri(self, path: str) -> str:
        """Name a file of the repository."""
        return (self.root / path).as_uri()

    def open(self, path: str, text: str) -> list[Any]:
        """Open a file; give what is found in it."""
        document = {"uri": self.uri(path), "languageId": "markdown", "version": 1}
        self.tell("textDocument/didOpen", textDocument={**document, "text": text})
        return self.found(path, 1)

    def change(self, path: str, version: int, text: str) -> None:
        """Type a new text."""
        document = {"uri": self.uri(path), "version": version}
        changes = [{"text": text}]
        self.tell(
            "textDocument/didChange", textDocument=document, contentChanges=changes
        )

    def found(self, path: str, version: int) -> list[Any]:
        """Wait for what is found in one version of a file."""
        params = self.wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == self.uri(path)
                and message["params"].get("version") == version
            )
        )["params"]
        assert isinstance(params["diagnostics"], list)
        return params["diagnostics"]

    def at(self, path: str, line: int, character: int) -> dict[str, object]:
        """Name a place for a request."""
        return {
            "textDocument": {"uri": self.uri(path)},
            "position": {"line": line, "character": character},
        }

    def stop(self) -> int:
        """Say goodbye properly; give the exit code."""
        self.ask("shutdown")
        self.tell("exit")
        return self.process.wait(_PATIENCE)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    files = {KITES_PATH: KITES_TEXT, KITES_PACKET: kites_packet()}
    return records(tmp_path_factory.mktemp("server") / "records", files)


@pytest.fixture
def client(shelf: Repository) -> Iterator[Client]:
    made = Client(shelf.root)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.communicate()
        made.reader.join(_PATIENCE)


def _line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n")


def test_a_misspelt_field_is_underlined_explained_and_fixed(client: Client) -> None:
    client.start()
    text = KITES_TEXT.replace("urgency:", "urgncy:")
    (found,) = client.open(KITES_PATH, text)
    line = _line_of(text, "urgncy")
    span = {
        "start": {"line": line, "character": 0},
        "end": {"line": line, "character": 6},
    }
    assert found["range"] == span
    assert (found["severity"], found["code"]) == (1, "unknown-field")
    assert found["message"].endswith("is not a known field\nDid you mean `urgency`?")
    assert found["data"]["hint"] == "Did you mean `urgency`?"
    hover = client.ask("textDocument/hover", **client.at(KITES_PATH, line, 2))
    assert "**unknown-field**" in hover["contents"]["value"]
    (action,) = client.ask(
        "textDocument/codeAction",
        textDocument={"uri": client.uri(KITES_PATH)},
        range=span,
        context={"diagnostics": [found]},
    )
    assert action["title"] == "Replace `urgncy` by `urgency`"
    assert action["diagnostics"] == [found]
    edit = {"range": span, "newText": "urgency"}
    assert action["edit"]["changes"] == {client.uri(KITES_PATH): [edit]}
    assert client.stop() == 0


def test_a_value_is_completed_while_the_header_is_broken(client: Client) -> None:
    client.start()
    text = KITES_TEXT.replace("urgency: high", "urgency: \nsou rce: [")
    assert client.open(KITES_PATH, text)[0]["code"] == "malformed-yaml"
    line = _line_of(text, "urgency")
    answer = client.ask("textDocument/completion", **client.at(KITES_PATH, line, 9))
    labels = [item["label"] for item in answer["items"]]
    assert labels == ["low", "medium", "high"]
    assert [item["sortText"] for item in answer["items"]] == ["0000", "0001", "0002"]
    assert answer["items"][0]["textEdit"]["newText"] == "low"


@pytest.mark.parametrize(
    ("encoding", "column"), [("utf-8", 20), ("utf-16", 18), ("utf-32", 17)]
)
def test_columns_are_counted_as_agreed(
    client: Client, encoding: str, column: int
) -> None:
    assert client.start(encoding)["positionEncoding"] == encoding
    text = KITES_TEXT.replace("source: Trade fair", "source: Hall 😀 a #4")
    (found,) = client.open(KITES_PATH, text)
    assert found["code"] == "text-lost-to-comment"
    assert found["range"]["start"]["character"] == column


def test_the_older_default_is_utf_16(client: Client) -> None:
    assert client.start()["positionEncoding"] == "utf-16"


def test_typing_is_judged_when_it_rests(client: Client) -> None:
    client.start()
    assert client.open(KITES_PATH, KITES_TEXT) == []
    for version in range(2, 12):
        client.change(KITES_PATH, version, KITES_TEXT + "x" * version)
    client.change(KITES_PATH, 12, KITES_TEXT.replace("urgency: high", "urgency: hi"))
    assert [d["code"] for d in client.found(KITES_PATH, 12)] == ["value-not-allowed"]
    client.tell("textDocument/didSave", textDocument={"uri": client.uri(KITES_PATH)})
    assert [d["code"] for d in client.found(KITES_PATH, 12)] == ["value-not-allowed"]


def test_a_second_place_is_shown(client: Client) -> None:
    client.start()
    text = KITES_TEXT.replace("urgency: high", "urgency: high\nurgency: low")
    (found,) = client.open(KITES_PATH, text)
    (related,) = found["relatedInformation"]
    line = related["location"]["range"]["start"]["line"]
    assert found["range"]["start"]["line"] == line + 1


def test_closing_a_file_clears_it(client: Client) -> None:
    client.start()
    assert client.open(KITES_PATH, "nothing")
    client.tell("textDocument/didClose", textDocument={"uri": client.uri(KITES_PATH)})
    assert client.found(KITES_PATH, 1) == []


def test_other_files_and_unsaved_buffers_are_left_alone(client: Client) -> None:
    client.start()
    assert client.open("README.md", "---\nx") == []
    document = {"uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1}
    client.tell("textDocument/didOpen", textDocument={**document, "text": "---\nx"})
    place = {"textDocument": {"uri": "untitled:Untitled-1"}}
    place["position"] = {"line": 0, "character": 0}  # type: ignore[dict-item]  # JSON
    assert client.ask("textDocument/hover", **place) is None
    assert client.ask("textDocument/completion", **place)["items"] == []


def test_a_cancelled_question_does_not_stop_the_others(client: Client) -> None:
    client.start()
    client.open(KITES_PATH, KITES_TEXT)
    place = client.at(KITES_PATH, 5, 0)
    client.send({"id": "gone", "method": "textDocument/completion", "params": place})
    client.send({"method": "$/cancelRequest", "params": {"id": "gone"}})
    client.send({"method": "$/cancelRequest", "params": {"id": "never-asked"}})
    assert client.ask("textDocument/completion", **place)["items"]
    assert client.stop() == 0


def test_a_big_file_is_answered(client: Client) -> None:
    client.start()
    text = KITES_TEXT + "\n## Internal notes\n\n" + "A long story. 😀\n" * 50_000
    assert [d["code"] for d in client.open(KITES_PATH, text)] == []
    place = client.at(KITES_PATH, 40_000, 3)
    assert client.ask("textDocument/completion", **place)["items"] == []
    client.change(KITES_PATH, 2, text * 2)
    assert [d["code"] for d in client.found(KITES_PATH, 2)] == ["unreadable-file"]


def test_the_command_serves_and_ends_with_its_editor(shelf: Repository) -> None:
    client = Client(shelf.root, _COMMAND)
    client.start()
    assert client.stop() == 0
    client.reader.join(_PATIENCE)
    assert client.process.communicate() == (b"", b"")


def test_the_command_ends_at_once_when_interrupted(shelf: Repository) -> None:
    client = Client(shelf.root, _COMMAND)
    client.start()
    client.process.send_signal(signal.SIGINT)
    assert client.process.wait(_PATIENCE) == -signal.SIGINT
    client.reader.join(_PATIENCE)
    client.process.communicate()


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "handoff.lsp.server", raising=False)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    with pytest.raises(HandoffError, match="`lsprotocol`") as caught:
        lsp.main([], standalone_mode=False)
    assert 'pip install "handoff-ledger[lsp]"' in caught.value.hint


def test_an_editor_that_vanishes_leaves_no_server_behind(shelf: Repository) -> None:
    client = Client(shelf.root)
    client.start()
    assert client.process.stdin
    client.process.stdin.close()
    client.process.wait(_PATIENCE)
    client.reader.join(_PATIENCE)
    assert client.process.stdout
    assert client.process.stderr
    client.process.stdout.close()
    client.process.stderr.close()
