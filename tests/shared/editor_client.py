"""An editor, for tests: speaks the Language Server Protocol with a server over its standard input and output.

No library of ours or of the server's is in it, so that what it reads is what any editor reads.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

OURS = (sys.executable, "-m", "factsheet", "lsp", "--stdio")
PATIENCE_S = 60.0
"""How long an answer may take; a machine that runs all tests is slow."""
CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": False, "documentationFormat": ["markdown"]}},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source"]}}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True},
    },
    "workspace": {"workspaceFolders": True, "configuration": True},
}


class EditorClient:
    """A language server as a process, and what an editor says to it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        settings: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
        capabilities: Mapping[str, Any] = CAPABILITIES,
    ) -> None:
        """Start a server.

        Args:
            command: the program with its arguments.
            folder: that is open in the editor, and the working directory.
            settings: what the editor answers when it is asked for its settings, by section.
            env: the environment of the process.
            capabilities: what the editor says that it can do.
        """
        self.folder = folder
        self._settings = dict(settings or {})
        self._capabilities = dict(capabilities)
        self.process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=None if env is None else dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self._last = 0
        self.notifications: list[dict[str, Any]] = []
        self.errors = b""
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._read, self._read_errors)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with suppress(OSError):  # what was not written yet
                    stream.close()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            size = 0
            while (line := stream.readline()) not in {b"\r\n", b""}:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
            if not size:
                return
            self._messages.put(json.loads(stream.read(size)))

    def _read_errors(self) -> None:
        stream = self.process.stderr
        assert stream is not None
        for line in stream:
            self.errors += line

    def write(self, raw: bytes) -> None:
        stream = self.process.stdin
        assert stream is not None
        stream.write(raw)
        stream.flush()

    def send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params or {}})

    def request(self, method: str, params: Any = None) -> Any:
        """Ask, and return the result; what the server says meanwhile is kept, and what it asks is answered."""
        return self.ask({"method": method, "params": params})

    def ask(self, message: Mapping[str, Any]) -> Any:
        """Send a request as it is, with a number of its own, and return the result.

        Raises:
            AssertionError: the answer is an error.
        """
        self._last += 1
        number = self._last
        self.send({**message, "id": number})
        deadline = time.monotonic() + PATIENCE_S
        while True:
            message = self._next(deadline)
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise AssertionError(message["error"])
                return message.get("result")
            self._take(message)

    def _next(self, deadline: float) -> dict[str, Any]:
        try:
            return self._messages.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise AssertionError(f"no answer in {PATIENCE_S} s; {self.errors.decode()[-2000:]}") from None

    def _take(self, message: dict[str, Any]) -> None:
        if "id" not in message:
            self.notifications.append(message)
            return
        asked = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
        result = None if asked is None else [self._settings.get(item.get("section")) for item in asked]
        self.send({"id": message["id"], "result": result})

    def initialize(self, **more: Any) -> dict[str, Any]:
        """Say what this editor can do and which folder it has open, and return what the server can."""
        uri = self.folder.as_uri()
        result: dict[str, Any] = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": uri,
                "capabilities": self._capabilities,
                "workspaceFolders": [{"uri": uri, "name": "folder"}],
                **more,
            },
        )
        self.notify("initialized")
        return result

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> None:
        document = {"uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, name: str, text: str, version: int) -> None:
        document = {"uri": self.uri(name), "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def diagnostics(self, name: str, *, version: int | None = None) -> list[dict[str, Any]]:
        """Wait for the findings of a document, of a version where one is given, and return them."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            for index, message in enumerate(self.notifications):
                params = message.get("params") or {}
                if message["method"] != "textDocument/publishDiagnostics" or params["uri"] != self.uri(name):
                    continue
                if version is None or params.get("version") == version:
                    del self.notifications[index]
                    found: list[dict[str, Any]] = params["diagnostics"]
                    return found
            self._take(self._next(deadline))

    def at(self, method: str, name: str, place: tuple[int, int], **more: Any) -> Any:
        """Ask about a place: line and character from 0."""
        line, character = place
        return self.request(
            f"textDocument/{method}",
            {
                "textDocument": {"uri": self.uri(name)},
                "position": {"line": line, "character": character},
                **more,
            },
        )

    def actions(self, name: str, span: Mapping[str, Any], *, only: Sequence[str] | None = None) -> Any:
        context: dict[str, Any] = {"diagnostics": []}
        if only is not None:
            context["only"] = list(only)
        return self.request(
            "textDocument/codeAction",
            {"textDocument": {"uri": self.uri(name)}, "range": span, "context": context},
        )

    def leave(self) -> int:
        """Say good-bye, and return the exit status."""
        self.request("shutdown")
        self.notify("exit", {})
        return self.process.wait(PATIENCE_S)


def place_of(text: str, word: str, within: int = 0) -> tuple[int, int]:
    """Return the place of a word as an editor counts: line from 0, column in UTF-16 units."""
    offset = text.index(word) + within
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n")
    return line, len(before.rpartition("\n")[2].encode("utf-16-le")) // 2


def edited(text: str, edits: Sequence[Mapping[str, Any]]) -> str:
    """Carry out edits as an editor does."""
    starts, at = [0], 0
    while at < len(text):
        step = 2 if text[at : at + 2] == "\r\n" else 1
        if text[at] in "\r\n":
            starts.append(at + step)
        at += step

    def offset(place: Mapping[str, int]) -> int:
        units, found = place["character"], starts[place["line"]]
        while units > 0:
            units -= len(text[found].encode("utf-16-le")) // 2
            found += 1
        return found

    spans = sorted(
        ((offset(one["range"]["start"]), offset(one["range"]["end"]), one["newText"]) for one in edits),
        reverse=True,
    )
    for start, end, new in spans:
        text = text[:start] + new + text[end:]
    return text
