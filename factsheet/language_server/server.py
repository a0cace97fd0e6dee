"""The server: what the editor asks, answered from the last version of the text that it has sent.

The loop reads messages and writes answers, and does nothing else. Checks wait for a pause in typing and run one after
the other in a thread; requests run in others, so that a sheet that takes seconds to check holds nothing else up. A
result for a version that is no longer the last is dropped.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from factsheet._version import __version__
from factsheet.errors import FactsheetError
from factsheet.language_server.completing import complete
from factsheet.language_server.hovering import hover
from factsheet.language_server.navigation import definition, references, symbols
from factsheet.language_server.open_sheets import OpenDocuments, folders_of
from factsheet.language_server.published import RulePages, published, settings_fault
from factsheet.language_server.quick_fixes import FIX_ALL, actions
from factsheet.language_server.wire import offset_of
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.language_server.open_sheets import OpenDocument
    from factsheet.language_server.positions import Encoding
    from factsheet.language_server.sheet_text import SheetText

_Answer = TypeVar("_Answer")
PAUSE_S = 0.2
"""How long nothing is typed before a sheet is checked."""
_ENCODINGS: dict[str, Encoding] = {"utf-8": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}
_LONGEST = 300


class SheetServer(LanguageServer):
    """The language server of sheets."""

    def __init__(self, *, rule_pages: str | None = None, pause_s: float = PAUSE_S) -> None:
        """Take where the pages of rules are, and how long nothing is typed before a sheet is checked."""
        # Whole texts: they are small, and lines of parts of one would be counted by Python, which ends them at U+2028.
        super().__init__("factsheet", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.pages = RulePages(rule_pages)
        self.sheets = OpenDocuments()
        self._pause_s = pause_s
        self._checks: dict[str, asyncio.Task[None]] = {}
        self._checking = ThreadPoolExecutor(1, "check")
        self._answering = ThreadPoolExecutor(2, "answer")

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002  pygls's own names
        """Note what went wrong in the editor's log, on one line."""
        self.note(f"{type(error).__name__}: {error}")

    def note(self, words: str) -> None:
        """Write a line to the editor's log."""
        with suppress(Exception):  # whoever cannot be written to cannot be told so
            self.window_log_message(
                types.LogMessageParams(types.MessageType.Warning, one_line(f"factsheet: {words}")[:_LONGEST])
            )

    def begin(self) -> None:
        """Take what the editor said of itself: how it counts columns, and which folders it has open."""
        self.sheets.encoding = _ENCODINGS.get(str(_value(self.workspace.position_encoding)), "utf-16")
        self._take_folders()
        watched = (
            self.client_capabilities.workspace and self.client_capabilities.workspace.did_change_watched_files
        )
        if watched and watched.dynamic_registration:
            self._watch_settings()

    def _take_folders(self) -> None:
        uris = [folder.uri for folder in self.workspace.folders.values()]
        uris = uris or [uri for uri in (self.workspace.root_uri,) if uri]
        self.sheets.folders = folders_of(uris)

    def _watch_settings(self) -> None:
        options = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(glob_pattern="**/pyproject.toml")]
        )
        asked = types.RegistrationParams(
            [types.Registration("settings", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)]
        )
        self.client_register_capability(asked, lambda _: None)

    def take(self, uri: str, *, at_once: bool = False) -> None:
        """Take the last version of a document, and check it after a pause."""
        document = self.workspace.text_documents.get(unquote(uri))  # how pygls names them
        if document is None:
            return
        before = self.sheets.get(uri)
        opened = self.sheets.put(uri, document.source, document.version)
        if opened.sheet is None and (before is None or before.sheet is None):
            return  # another YAML file
        self._check_later(opened, 0 if at_once else self._pause_s)

    def take_all(self) -> None:
        """Check every document anew: settings have changed."""
        self._take_folders()
        for opened in self.sheets.all():
            self.take(opened.uri, at_once=True)

    def forget(self, uri: str) -> None:
        """Forget a document that was closed, with what was found in it."""
        check = self._checks.pop(uri, None)
        if check is not None:
            check.cancel()
        if self.sheets.get(uri) is not None:
            self.sheets.remove(uri)
            self._publish(uri, None, [])

    def _check_later(self, opened: OpenDocument, pause_s: float) -> None:
        running = self._checks.get(opened.uri)
        if running is not None:
            running.cancel()
        self._checks[opened.uri] = asyncio.ensure_future(self._check(opened, pause_s))

    async def _check(self, opened: OpenDocument, pause_s: float) -> None:
        await asyncio.sleep(pause_s)
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._checking, self._found, opened)
        if found is not None and self.sheets.get(opened.uri) is opened:
            self._publish(opened.uri, opened.version, found)

    def _found(self, opened: OpenDocument) -> list[types.Diagnostic] | None:
        """Return what a check finds; `None` of an older version, or where the check itself failed."""
        if self.sheets.get(opened.uri) is not opened:
            return None
        if opened.fault is not None:
            return [settings_fault(opened.fault)]
        if opened.sheet is None:
            return []
        try:
            return published(opened.sheet, opened.uri, self.pages)
        except FactsheetError as error:
            return [settings_fault(error)]
        except Exception as error:  # noqa: BLE001  the last net: a bug of ours must not look like the sheet's fault
            self._fault(error)
            return None

    def _publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    async def answer(self, uri: str, work: Callable[[SheetText], _Answer], otherwise: _Answer) -> _Answer:
        """Return what a function makes of a sheet, worked out in a thread.

        Args:
            uri: the document.
            work: what to do with its last version.
            otherwise: the answer where it is no sheet, or where the work fails.
        """
        opened = self.sheets.get(uri)
        if opened is None or opened.sheet is None:
            return otherwise
        sheet = opened.sheet
        try:
            return await asyncio.get_running_loop().run_in_executor(self._answering, work, sheet)
        except FactsheetError:
            return otherwise  # the check says what is wrong
        except Exception as error:  # noqa: BLE001  as above
            self._fault(error)
            return otherwise

    def _fault(self, error: Exception) -> None:
        words = (
            f"a fault in factsheet itself ({type(error).__name__}: {error}); please report it with the sheet"
        )
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self.note, words)

    _loop: asyncio.AbstractEventLoop | None = None

    def run_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the loop that messages are written from."""
        self._loop = loop

    def close(self) -> None:
        """End what waits, and remove what was written."""
        for executor in (self._checking, self._answering):
            executor.shutdown(wait=False, cancel_futures=True)
        self.pages.remove()


def make_server(*, rule_pages: str | None = None, pause_s: float = PAUSE_S) -> SheetServer:
    """Return a server that answers an editor's questions.

    Args:
        rule_pages: the address below which the pages of rules are; pages of this version on this machine if left out.
        pause_s: how long nothing is typed before a sheet is checked.
    """
    server = SheetServer(rule_pages=rule_pages, pause_s=pause_s)
    for name, (handler, options) in _HANDLERS.items():
        server.feature(name, options)(handler)
    return server


def quieten() -> None:
    """Keep pygls from writing to standard error: it would quote documents there, with whatever they hold."""
    for name in ("pygls", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _value(kind: object) -> object:
    return getattr(kind, "value", kind)


def _initialized(server: SheetServer, _: types.InitializedParams) -> None:
    server.begin()


def _did_open(server: SheetServer, params: types.DidOpenTextDocumentParams) -> None:
    server.take(params.text_document.uri, at_once=True)


def _did_change(server: SheetServer, params: types.DidChangeTextDocumentParams) -> None:
    server.take(params.text_document.uri)


def _did_save(server: SheetServer, params: types.DidSaveTextDocumentParams) -> None:
    server.take(params.text_document.uri, at_once=True)


def _did_close(server: SheetServer, params: types.DidCloseTextDocumentParams) -> None:
    server.forget(params.text_document.uri)


def _settings_changed(server: SheetServer, _: object) -> None:
    server.take_all()


async def _hover(server: SheetServer, params: types.HoverParams) -> types.Hover | None:
    def work(sheet: SheetText) -> types.Hover | None:
        return hover(sheet, offset_of(sheet, params.position))

    return await server.answer(params.text_document.uri, work, None)


async def _completion(server: SheetServer, params: types.CompletionParams) -> types.CompletionList:
    def work(sheet: SheetText) -> types.CompletionList:
        return types.CompletionList(
            is_incomplete=False, items=complete(sheet, offset_of(sheet, params.position))
        )

    return await server.answer(
        params.text_document.uri, work, types.CompletionList(is_incomplete=False, items=[])
    )


async def _definition(server: SheetServer, params: types.DefinitionParams) -> types.Location | None:
    uri = params.text_document.uri
    return await server.answer(
        uri, lambda sheet: definition(sheet, uri, offset_of(sheet, params.position)), None
    )


async def _references(server: SheetServer, params: types.ReferenceParams) -> list[types.Location]:
    uri, declaration = params.text_document.uri, params.context.include_declaration

    def work(sheet: SheetText) -> list[types.Location]:
        return references(sheet, uri, offset_of(sheet, params.position), declaration=declaration)

    return await server.answer(uri, work, [])


async def _symbols(server: SheetServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    return await server.answer(params.text_document.uri, symbols, [])


async def _actions(server: SheetServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    opened = server.sheets.get(uri)
    only = None if params.context.only is None else [str(_value(kind)) for kind in params.context.only]

    def work(sheet: SheetText) -> list[types.CodeAction]:
        between = offset_of(sheet, params.range.start), offset_of(sheet, params.range.end)
        version = None if opened is None else opened.version
        return actions(sheet, uri, between, pages=server.pages, only=only, version=version)

    return await server.answer(uri, work, [])


_HANDLERS: dict[str, tuple[Callable[..., Any], Any]] = {
    types.INITIALIZED: (_initialized, None),
    types.TEXT_DOCUMENT_DID_OPEN: (_did_open, None),
    types.TEXT_DOCUMENT_DID_CHANGE: (_did_change, None),
    types.TEXT_DOCUMENT_DID_SAVE: (_did_save, None),
    types.TEXT_DOCUMENT_DID_CLOSE: (_did_close, None),
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (_settings_changed, None),
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: (_settings_changed, None),
    types.TEXT_DOCUMENT_HOVER: (_hover, None),
    types.TEXT_DOCUMENT_COMPLETION: (
        _completion,
        types.CompletionOptions(trigger_characters=[" ", ":", "[", "{", ","]),
    ),
    types.TEXT_DOCUMENT_DEFINITION: (_definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (_references, None),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (_symbols, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        _actions,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    ),
}
