"""`factsheet answer`: what is asked, what an answer becomes, and that none is lost, whatever happens in between."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pyte
import pytest

from factsheet.cli.authoring.interview import Interview
from factsheet.cli.run import run
from factsheet.source.editing import value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

START = (
    "factsheet: 1\noverview: {name: A, model: B, licence: MIT}   # a comment that stays\n"
    "purpose: {intended_users: [Everybody], benefits: Less energy.}\nlimitations:\n  risks: None known.\n"
)
ROWS, COLUMNS = 40, 100


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.yaml"
    path.write_text(START)
    return path


def data_of(sheet: Path) -> Any:
    loaded = load_bytes(sheet.read_bytes(), "sheet")
    assert loaded.document is not None
    assert not loaded.problems
    return loaded.document.data


def at(sheet: Path, path: str) -> Any:
    return value_at(data_of(sheet), tuple(path.split(".")))


def answer(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, *lines: str, role: str = "hardware-researcher"
) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return run(["answer", str(sheet), "--role", role, "--plain"])


def test_answers_go_into_the_sheet_and_the_rest_stays(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        answer(sheet, monkeypatch, "three", "110 million", "declared", "not applicable: no weight is shared")
        == 0
    )
    said = capsys.readouterr().out
    assert "no number in `three`" in said
    assert "2 answers saved" in said
    assert at(sheet, "parameters.parameters") == {"value": "110 million", "source": "declared"}
    assert at(sheet, "parameters.reuse_factor") == {"not_applicable": "no weight is shared"}
    assert sheet.read_text().startswith(START)


def test_only_what_the_role_knows_is_asked(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(sheet, monkeypatch, "", "", "", role="business-expert") == 0
    said = capsys.readouterr().out
    assert "limitations.ethics" in said
    assert "limitations.obligations" in said
    assert "parameters." not in said


def test_back_skip_known_and_source(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (
        "back",
        "110 million",
        "cited",
        "",
        "back",
        "109.5 million",
        "known",
        "source",
        "declared",
        "2",
        "skip",
        "quit",
    )
    assert answer(sheet, monkeypatch, *lines) == 0
    said = capsys.readouterr().out
    assert "This is the first question." in said
    assert "the sheet says: 110 million" in said
    assert "parameters.parameters: 109.5 million (cited)" in said
    # Whoever answers again answers with what is remembered; the source of the first answer was theirs too.
    assert at(sheet, "parameters.parameters") == {"value": "109.5 million", "source": "cited"}
    assert at(sheet, "parameters.reuse_factor") == {"value": 2, "source": "declared"}
    assert "tile" not in data_of(sheet)["parameters"]


def test_a_reason_is_wanted_where_there_is_no_value(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(sheet, monkeypatch, "not disclosed", "Not disclosed: The maker does not say.")
    assert "say why it is not disclosed" in capsys.readouterr().out
    assert at(sheet, "parameters.parameters") == {"not_disclosed": "The maker does not say."}


def test_every_form_of_answer(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, lists, choices, whole numbers, records and rows, each as its example in the catalogue has it."""
    from factsheet.api.fact_sheet import FactSheet
    from factsheet.authoring.questions import fault_of, questions_for
    from factsheet.source.dumping import dump_flow

    data = data_of(sheet)
    questions = questions_for(FactSheet.from_data(data), data)
    forms = {question.entry.form for question in questions}
    assert len(questions) > 50
    assert {
        "text, in Markdown",
        "one line of text",
        "a list of texts, or one text",
        "a list of mappings",
    } <= forms
    for question in questions:
        example = question.entry.example
        if question.path.endswith("[+]"):
            example = example[0] if isinstance(example, list) else example
        typed = example if isinstance(example, str) else dump_flow(example).strip()
        fault = fault_of(question, typed, data)
        # One field alone does not make a section that requires another one.
        assert not fault or " has no " in fault, (question.path, typed, fault)
    assert answer(sheet, monkeypatch, *[""] * 100, role="all") == 0


def test_text_is_taken_as_it_was_typed(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "80 % of it: see # 3, {braces} and \N{GRINNING FACE} 漢字 ü"
    answer(sheet, monkeypatch, text, role="business-expert")
    assert at(sheet, "limitations.ethics") == text


def test_answers_begin_where_the_last_session_ended(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(sheet, monkeypatch, "None.", "quit", role="business-expert")
    capsys.readouterr()
    answer(sheet, monkeypatch, role="business-expert")
    said = capsys.readouterr().out
    assert "limitations.ethics: None." in said
    assert said.index("limitations.obligations (1 to go)") > 0


class Meddler:
    """Answers the questions, and edits the file while the person would be typing."""

    def __init__(self, sheet: Path, text: str, edit: str) -> None:
        self._sheet, self._text, self._edit = sheet, text, edit

    def ask(self, prompt: str, check: object, *, words: object = (), stated: str = "") -> str:
        if not self._edit:
            raise EOFError
        self._sheet.write_text(self._sheet.read_text() + self._edit)
        self._edit = ""
        return self._text


@pytest.mark.parametrize("theirs", ["# theirs\n", "  obligations: Theirs\n"])
def test_an_edit_of_somebody_else_stays(sheet: Path, capsys: pytest.CaptureFixture[str], theirs: str) -> None:
    with suppress(EOFError):
        Interview(sheet, Meddler(sheet, "Mine", theirs), roles=("business-expert",)).run()
    assert "it was read again" in capsys.readouterr().out
    assert at(sheet, "limitations.ethics") == "Mine"
    assert "heirs" in sheet.read_text()


def test_an_answer_of_somebody_else_to_the_same_question_stays(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = "  ethics: Theirs\n"
    with suppress(EOFError):
        Interview(sheet, Meddler(sheet, "Mine", theirs), roles=("business-expert",)).run()
    assert "It has an answer now: Theirs. Yours was not written: Mine" in capsys.readouterr().out
    assert at(sheet, "limitations.ethics") == "Theirs"


def test_no_answer_is_lost_to_forty_kills(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_interviews.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "sheet.yaml"), "40"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["lost"] == 0
    assert found["at_work"] > 20
    assert found["saved"] > 2


class Terminal:
    """A program in a pseudo-terminal, with the screen that a person would see."""

    def __init__(self, *arguments: str, term: str = "xterm-256color") -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "factsheet", "answer", *arguments],
            dimensions=(ROWS, COLUMNS),
            timeout=30,
            env={**os.environ, "TERM": term, "PYTHONUTF8": "1"},
        )

    def shown(self) -> str:
        return "\n".join(self.screen.display)

    def wait_for(self, text: str) -> str:
        """Return the screen once it has a text."""
        end = time.monotonic() + 30
        while text not in self.shown():
            assert time.monotonic() < end, f"no {text!r} in:\n{self.shown()}"
            try:
                piece = self.child.read_nonblocking(4096, timeout=0.2)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                assert text in self.shown(), self.shown()
                break
            # The line editor asks where the cursor is, as it asks every terminal.
            if b"\x1b[6n" in piece:
                self.child.send(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")
            self._stream.feed(piece)
        return self.shown()

    def type(self, text: str) -> None:
        self.child.send(text)

    def end(self) -> int | None:
        self.child.expect(pexpect.EOF)
        self.child.close()
        status: int | None = self.child.exitstatus
        return status


@pytest.fixture
def terminal(sheet: Path) -> Iterator[Terminal]:
    started = Terminal(str(sheet), "--role", "hardware-researcher")
    yield started
    started.child.close(force=True)


def test_in_a_terminal_answers_are_checked_as_they_are_typed(sheet: Path, terminal: Terminal) -> None:
    terminal.wait_for("How many parameters has the model, all trainable numbers together?")
    terminal.type("three")
    terminal.wait_for("no number in `three`")
    terminal.type("\r")
    terminal.wait_for("it does not fit")
    terminal.type("\x15" + "110 million")  # Ctrl-U empties the line
    terminal.wait_for("it fits")
    terminal.child.setwinsize(20, 60)
    terminal.screen.resize(20, 60)
    terminal.type("\r")
    terminal.wait_for("How did your figures come about?")
    terminal.type("declared\r")
    terminal.wait_for("saved: parameters.parameters")
    terminal.wait_for("reuse_factor")
    terminal.wait_for("Enter skips it")
    assert at(sheet, "parameters.parameters") == {"value": "110 million", "source": "declared"}
    terminal.type("\x03")
    assert terminal.end() == 130
    assert sheet.read_text().startswith(START)


def test_in_a_terminal_what_is_pasted_is_one_answer(sheet: Path) -> None:
    terminal = Terminal(str(sheet), "--role", "business-expert")
    terminal.wait_for("Whom could use of the model harm?")
    terminal.type("\x1b[200~Ünï 漢字: first\nsecond # line\x1b[201~")
    terminal.wait_for("second # line")
    terminal.type("\r")
    terminal.wait_for("saved: limitations.ethics")
    terminal.wait_for("Enter skips it")
    terminal.type("\x04")
    assert terminal.end() == 0
    assert at(sheet, "limitations.ethics") == "Ünï 漢字: first\nsecond # line"


@pytest.mark.parametrize(("arguments", "term"), [((), "dumb"), (("--plain",), "xterm-256color")])
def test_plain_prompts_move_no_cursor(sheet: Path, arguments: tuple[str, ...], term: str) -> None:
    terminal = Terminal(str(sheet), "--role", "business-expert", *arguments, term=term)
    terminal.child.expect_exact("> ")
    seen = terminal.child.before
    terminal.child.sendline("None known: ü")
    terminal.child.expect_exact("saved: limitations.ethics")
    seen += terminal.child.before
    terminal.child.sendeof()
    terminal.child.expect(pexpect.EOF)
    assert b"\x1b" not in seen
    assert at(sheet, "limitations.ethics") == "None known: ü"
