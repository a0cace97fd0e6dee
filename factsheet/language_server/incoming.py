"""What an editor writes, message by message: each request gets an answer, one that nobody can understand too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from pygls.exceptions import JsonRpcException

from factsheet.language_server.frames import LARGEST, written_message
from factsheet.language_server.uris import path_of

if TYPE_CHECKING:
    from factsheet.language_server.server import SheetServer

INVALID_REQUEST, INVALID_PARAMS = -32600, -32602
"""Codes of JSON-RPC 2.0, section 5.1; the first is also that of a request behind `shutdown`."""


class MessageSink(Protocol):
    """Where messages go."""

    def write(self, data: bytes) -> None:
        """Write the bytes of a message."""


class Incoming:
    """Hands messages to a server. pygls answers those that fit the protocol; the others are answered here."""

    def __init__(self, server: SheetServer, writer: MessageSink) -> None:
        """Take the server, and where answers go."""
        self._server = server
        self._writer = writer
        self._leaving = False

    def take(self, body: bytes) -> None:
        """Handle a message."""
        if not body:
            self._server.note(f"a message of no bytes, or of more than {LARGEST:,}, was left out")
            return
        try:
            given = json.loads(body)
        except (ValueError, RecursionError) as error:
            self._server.note(f"a message is no JSON: {error}")
            return
        if not isinstance(given, dict):
            self._server.note("a message is no object of JSON")
            return
        if given.get("jsonrpc") != "2.0":
            self._refuse(given, INVALID_REQUEST, "a message has to state `jsonrpc` 2.0")
        elif self._leaving and given.get("method") != "exit":
            self._refuse(given, INVALID_REQUEST, "nothing is answered after `shutdown`")
        else:
            self._hand_on(given)

    def _hand_on(self, given: dict[str, Any]) -> None:
        method = given.get("method")
        if method == "initialize":
            _leave_out_no_folders(given.get("params"))
        protocol = self._server.protocol
        try:
            message = protocol.structure_message(given)
        except JsonRpcException:
            self._refuse(given, INVALID_PARAMS, f"the parameters of `{method}` do not fit the protocol")
            return
        self._leaving = self._leaving or (method == "shutdown" and "id" in given)
        try:
            protocol.handle_message(message)
        except Exception as error:  # noqa: BLE001  a message that pygls cannot handle ends nothing
            self._server.report_server_error(error, JsonRpcException)

    def _refuse(self, given: dict[str, Any], code: int, words: str) -> None:
        """Answer a request that cannot be handled; of a notification, note it."""
        self._server.note(words)
        number = given.get("id")
        if "method" in given and isinstance(number, int | str) and not isinstance(number, bool):
            error = {"code": code, "message": words}
            self._writer.write(written_message({"jsonrpc": "2.0", "id": number, "error": error}))


def _leave_out_no_folders(params: object) -> None:
    """Remove folders whose address is none: pygls would refuse the editor altogether."""
    if not isinstance(params, dict):
        return
    root = params.get("rootUri")
    if isinstance(root, str) and path_of(root) is None:
        params["rootUri"] = None
    folders = params.get("workspaceFolders")
    if isinstance(folders, list):
        params["workspaceFolders"] = [
            one
            for one in folders
            if not (isinstance(one, dict) and isinstance(one.get("uri"), str) and path_of(one["uri"]) is None)
        ]
