"""`factsheet lsp` at its edges: columns, line ends, text that is no YAML, huge text, streams that close."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from editor_client import OURS, PATIENCE_S, EditorClient, edited, place_of
from project_sheets import BERT

from factsheet.cli.language_server.lsp import serve_editor
from factsheet.errors import UsageError
from factsheet.language_server import frames

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "factsheet: 1\noverview:\n  name: Small\n  model: Small\n"


def message(body: dict[str, Any]) -> bytes:
    raw = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(raw), raw)


@pytest.mark.parametrize(
    ("encoding", "width"),
    # U+1D6FC: two units of UTF-16, four bytes of UTF-8 (The Unicode Standard, 3.9, tables 3-5 and 3-6).
    [("utf-16", 2), ("utf-8", 4), ("utf-32", 1)],
)
def test_columns_are_counted_as_the_editor_counts_them(tmp_path: Path, encoding: str, width: int) -> None:
    alphas = "\U0001d6fc\U0001d6fc\U0001d6fc"
    text = f"{HEAD}  organisation: {{value: {alphas}, evidence: nobody}}\n"
    capabilities = {"general": {"positionEncodings": [encoding]}}
    with EditorClient(OURS, folder=tmp_path, capabilities=capabilities) as editor:
        assert editor.initialize()["capabilities"]["positionEncoding"] == encoding
        editor.open("sheet.yaml", text)
        (found,) = [one for one in editor.diagnostics("sheet.yaml") if one["code"] == "FS501"]
        start = len("  organisation: {value: ") + 3 * width + len(", evidence: ")
        assert found["range"]["start"] == {"line": 4, "character": start}
        assert found["range"]["end"] == {"line": 4, "character": start + len("nobody")}
        shown = editor.at("hover", "sheet.yaml", (4, start + 1))
        assert "no reference of this id" in shown["contents"]["value"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_any_system(shared_editor: EditorClient, end: str) -> None:
    name = f"ends-{len(end)}{ord(end[0])}.yaml"
    text = (HEAD + "parameters:\n  power: {value: 3 W, evidence: nobody}\n  \n").replace("\n", end)
    shared_editor.open(name, text)
    (found,) = [one for one in shared_editor.diagnostics(name) if one["code"] == "FS501"]
    assert found["range"]["start"] == {"line": 5, "character": len("  power: {value: 3 W, evidence: ")}
    offered = shared_editor.at("completion", name, (6, 2))["items"]
    newline = "\r\n" if end == "\r\n" else "\n"
    tile = next(item for item in offered if item["label"] == "tile")
    assert edited(text, [tile["textEdit"]]).endswith(f"  tile:{newline}    {end}")


@pytest.mark.parametrize(
    "strange", ["\u2028", "\x85", "\x0c", "\x0b", "\ufeff", "\x00", "\ud800", "\x1b[31m"]
)
def test_what_python_and_editors_count_differently_moves_no_place(
    shared_editor: EditorClient, strange: str
) -> None:
    name = f"strange-{ord(strange[0]):x}.yaml"
    text = f"{HEAD}  organisation: a{strange}b\nparameters:\n  power: {{value: 3 W, evidence: nobody}}\n"
    shared_editor.open(name, text)
    found = shared_editor.diagnostics(name)
    assert found  # such a character is refused, or the reference is
    assert all(one["range"]["start"]["line"] in {4, 6} for one in found)
    cited = [one for one in found if one["code"] == "FS501"]
    assert all(one["range"]["start"] == {"line": 6, "character": 32} for one in cited)
    assert not any(character in str(found) for character in "\x1b\x85\u2028")


def test_a_byte_order_mark_is_a_character_of_the_first_line(shared_editor: EditorClient) -> None:
    text = "\ufefffactsheet: 2\n" + HEAD.partition("\n")[2]
    shared_editor.open("marked.yaml", text)
    (found,) = shared_editor.diagnostics("marked.yaml")
    assert found["range"]["start"] == {"line": 0, "character": len("\ufefffactsheet: ")}


@pytest.mark.parametrize(
    "text",
    [
        "factsheet: [",
        "factsheet: 1\n\t- tabs: {",
        "factsheet: &a [*a]",
        "factsheet: 1\n" + "{[" * 5000,
        "factsheet: 1\n" + "- " * 3000 + "x",
        "factsheet: 1\nx: " + "'" * 9999,
        "factsheet: 1\n" + "[" * 200_000,
        "factsheet: 1\n---\nfactsheet: 1\n",
        "factsheet: !!python/object/apply:os.system ['true']",
        "factsheet:",
    ],
    ids=range(10),
)
def test_what_is_no_sheet_gets_findings_and_every_question_an_answer(
    shared_editor: EditorClient, text: str, request: pytest.FixtureRequest
) -> None:
    name = f"hostile-{request.node.callspec.id}.yaml"
    shared_editor.open(name, text)
    assert shared_editor.diagnostics(name)
    last = len(text.splitlines()) - 1
    for place in ((0, 0), (last, 3), (last, 10**9), (10**6, 0)):
        shared_editor.at("hover", name, place)
        assert isinstance(shared_editor.at("completion", name, place)["items"], list)
        shared_editor.at("definition", name, place)
        shared_editor.at("references", name, place, context={"includeDeclaration": True})
    span = {"start": {"line": 0, "character": 0}, "end": {"line": last, "character": 999}}
    assert isinstance(shared_editor.actions(name, span), list)
    outline = shared_editor.request(
        "textDocument/documentSymbol", {"textDocument": {"uri": shared_editor.uri(name)}}
    )
    assert isinstance(outline, list)
    assert not any("fault in factsheet" in str(one) for one in shared_editor.notifications)


def test_a_text_beyond_the_limit_is_refused_as_validate_refuses_it(shared_editor: EditorClient) -> None:
    shared_editor.open("huge.yaml", HEAD + "# " + "x" * 2**20 + "\n")
    (found,) = shared_editor.diagnostics("huge.yaml")
    assert "1,048,576" in found["message"]


def test_words_of_a_sheet_are_no_links_and_no_html_over_a_word(shared_editor: EditorClient) -> None:
    hostile = "[click](command:evil) <img src=x onerror=alert(1)> `` ![a](http://evil.example/)"
    text = f"{HEAD}references:\n  - id: evil\n    title: '{hostile}'\nmodel_architecture:\n  references: [evil]\n"
    shared_editor.open("evil.yaml", text)
    shown = shared_editor.at("hover", "evil.yaml", place_of(text, "[evil]", 2))["contents"]["value"]
    assert "click" in shown
    assert "[click]" not in shown
    assert "<img" not in shown


def test_questions_are_answered_while_a_slow_sheet_is_checked(tmp_path: Path) -> None:
    rows = "".join(f"        - {{task: T{i}, scores: {{a: {i}.5 %, b: {i}.25 %}}}}\n" for i in range(90))
    systems = "[{id: a, name: A, kind: analog}, {id: b, name: B, kind: digital}]"
    table = f"    - name: R\n      metric: accuracy\n      systems: {systems}\n      tasks:\n{rows}"
    slow = f"{HEAD}performance:\n  results:\n{table * 50}"
    with EditorClient(OURS, folder=tmp_path) as editor:
        editor.initialize()
        editor.open("quick.yaml", BERT)
        editor.diagnostics("quick.yaml")
        editor.at("hover", "quick.yaml", place_of(BERT, "total_ops", 2))
        editor.open("slow.yaml", slow)
        assert editor.at("hover", "quick.yaml", place_of(BERT, "total_ops", 2)) is not None
        early = [one for one in editor.notifications if "slow.yaml" in str(one)]
        assert not early
        editor.diagnostics("slow.yaml")


def test_shutdown_then_exit_is_a_clean_end(editor: EditorClient) -> None:
    assert editor.leave() == 0
    assert editor.errors == b""


def test_exit_without_shutdown_is_none(editor: EditorClient) -> None:
    editor.notify("exit")
    assert editor.process.wait(PATIENCE_S) == 1


def ended(raw: bytes, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(OURS, input=raw, cwd=cwd, capture_output=True, check=False, timeout=PATIENCE_S)


NONSENSE = b"".join(
    (
        b"\r\n\r\n",
        b"Content-Length: 2\r\n\r\n{}",
        b"Content-Length: 3\r\n\r\n{{{",
        message({"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {"a": 1}}),
        message({"jsonrpc": "2.0", "id": 2, "method": "no/such", "params": None}),
        message({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": 3}}),
        message({"jsonrpc": "2.0", "method": "textDocument/didOpen"}),
        b"nonsense",
    )
)


@pytest.mark.parametrize("raw", [b"", b"Content-Length: 5\r\n\r\nabc", NONSENSE], ids=range(3))
def test_an_editor_that_goes_away_or_talks_nonsense_ends_it_without_a_traceback(
    raw: bytes, tmp_path: Path
) -> None:
    done = ended(raw, tmp_path)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


HOVER = {"textDocument": {"uri": "URI"}, "position": {"line": 1, "character": 2}}


@pytest.mark.parametrize(
    # RFC 9112, section 5: names in any case, optional space around the value; section 2.2: LF alone may end a line.
    "head",
    [b"content-length: %d\r\n\r\n", b"Content-Length:%d\r\n\r\n", b"Content-Length:  %d \r\n\r\n",
     b"Content-Length: %d\n\n", b"Content-Type: application/vscode-jsonrpc\r\nCONTENT-LENGTH: %d\r\n\r\n"],
)  # fmt: skip
def test_the_head_of_a_message_is_read_as_one_of_http(shared_editor: EditorClient, head: bytes) -> None:
    body = json.dumps({"jsonrpc": "2.0", "method": "$/nothing"}).encode()
    shared_editor.write(head % len(body) + body)
    shared_editor.open("headed.yaml", HEAD)
    assert shared_editor.at("hover", "headed.yaml", (1, 2)) is not None


@pytest.mark.parametrize(
    "raw",
    [b"Content-Length: -7\r\n\r\n{}", b"Content-Length: 1000000000000\r\n\r\n{}",
     b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}", b"Content-Type: x\r\n\r\n{}", b"hello\r\n",
     b"x: " + b"x" * 10_000, b"x: y\r\n" * 200],
    ids=range(7),
)  # fmt: skip
def test_a_stream_that_holds_no_messages_is_said_and_not_waited_for(raw: bytes, tmp_path: Path) -> None:
    done = ended(raw, tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(b"factsheet: standard input: what the editor writes is no message")
    assert b"Traceback" not in done.stderr


def test_a_message_beyond_the_limit_is_passed_over_and_the_next_one_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frames, "LARGEST", 10)
    stream = io.BytesIO(b"Content-Length: 11\r\n\r\n" + b"x" * 11 + b"Content-Length: 10\r\n\r\n" + b"y" * 10)
    assert [frames.read_message(stream) for _ in range(3)] == [b"", b"y" * 10, None]


@pytest.mark.parametrize(
    ("asked", "code"),
    # JSON-RPC 2.0, section 5.1; the protocol's `uinteger` begins at 0.
    [
        ({"method": "textDocument/hover", "params": {}}, -32602),
        ({"method": "textDocument/hover", "params": None}, -32602),
        ({"method": "textDocument/hover", "params": HOVER | {"position": {"line": -5, "character": 0}}}, -32602),
        ({"method": "textDocument/hover", "params": HOVER | {"position": {"line": 10**40, "character": 0}}}, -32602),
        ({"method": "textDocument/hover", "params": HOVER, "jsonrpc": "1.0"}, -32600),
        ({"method": "no/such", "params": None}, -32601),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_request_that_does_not_fit_gets_an_error_and_no_silence(
    shared_editor: EditorClient, asked: dict[str, Any], code: int
) -> None:
    with pytest.raises(AssertionError, match=f"'code': {code}"):
        shared_editor.ask(asked)


def test_a_request_after_shutdown_gets_an_error(editor: EditorClient) -> None:
    # Language Server Protocol 3.17, "Shutdown Request": requests after it answer with InvalidRequest, -32600.
    editor.request("shutdown")
    with pytest.raises(AssertionError, match="'code': -32600"):
        editor.request("textDocument/hover", HOVER)
    editor.notify("exit", {})
    assert editor.process.wait(PATIENCE_S) == 0


def test_a_folder_or_document_whose_address_is_none_stops_nothing(tmp_path: Path) -> None:
    bad = {"uri": "file://[::1/a", "name": "bad"}
    with EditorClient(OURS, folder=tmp_path) as editor:
        editor.initialize(rootUri=bad["uri"], workspaceFolders=[bad])
        document = {"uri": bad["uri"], "languageId": "yaml", "version": 1, "text": HEAD}
        editor.notify("textDocument/didOpen", {"textDocument": document})
        event = {"event": {"added": [bad], "removed": []}}
        editor.notify("workspace/didChangeWorkspaceFolders", event)
        editor.open("small.yaml", "factsheet: 1\n")
        assert editor.diagnostics("small.yaml")
        editor.notifications.clear()
        editor.notify("workspace/didChangeWatchedFiles", {"changes": []})
        assert editor.diagnostics("small.yaml")
        assert not any("URL" in str(one) for one in editor.notifications)


@pytest.mark.parametrize("name", ["my model", "100%", "a%20b", "c:", "größe", "#1?"])
def test_a_sheet_whose_address_is_written_with_percent_signs_is_checked(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[tool.factsheet]\nignore = ["FS501"]\n', encoding="utf-8")
    with EditorClient(OURS, folder=folder) as editor:
        editor.initialize()
        editor.open("a sheet.yaml", f"{HEAD}  organisation: {{value: A, evidence: nobody}}\nno_field: 1\n")
        assert [one["code"] for one in editor.diagnostics("a sheet.yaml")] == ["FS152"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{HEAD}purpose:\n  summary: x\n", (5, 0)),  # before the indentation of a key
        (f"{HEAD}purpose:\n  summary: x\n", (5, 1)),
        (f"{HEAD}purpose:\n  summary: x\n", (4, 8)),  # right behind its colon, where a space has to be
        (f"{HEAD}references:\n  - id: a\n    title: b\n", (6, 2)),
    ],
)
def test_nothing_is_offered_where_it_would_break_the_line(
    shared_editor: EditorClient, text: str, place: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    name = f"between-{request.node.callspec.id}.yaml"
    shared_editor.open(name, text)
    assert shared_editor.at("completion", name, place)["items"] == []


def test_an_editor_that_stops_reading_ends_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        OURS, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(
            message({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})
        )
        process.stdin.flush()
        assert process.wait(PATIENCE_S) == 0
        assert process.stderr.read() == b""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_it_at_once_while_it_waits_for_the_editor(editor: EditorClient) -> None:
    editor.process.send_signal(signal.SIGINT)
    assert editor.process.wait(PATIENCE_S) == 130
    assert editor.errors == b""


def test_at_a_terminal_it_says_what_it_is_for(tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    words, status = pexpect.run(
        f"{sys.executable} -m factsheet lsp", cwd=str(tmp_path), withexitstatus=True, env=dict(os.environ)
    )
    assert status == 2
    assert b"answers an editor, and here is none" in words
    assert b"docs/editors.md" in words


def test_without_pygls_it_says_how_to_get_it(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "pygls").mkdir()
    (hidden / "pygls" / "__init__.py").write_text(
        "raise ModuleNotFoundError(name='pygls')\n", encoding="utf-8"
    )
    path = os.pathsep.join([str(hidden), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        OURS, cwd=tmp_path, env=os.environ | {"PYTHONPATH": path}, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert 'pip install ".[lsp]"' in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("address", ["javascript:alert(1)", "rules", "https://a b", "http://x\n", ""])
def test_an_address_of_rule_pages_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        serve_editor(address)


def test_the_end_of_the_messages_ends_the_command_and_not_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NONSENSE)))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    assert serve_editor(None) == 0
    leaving = message({"jsonrpc": "2.0", "method": "exit"})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(leaving)))
    assert serve_editor(None) == 1
