"""Prompts of `factsheet answer`: rows in every form, references before figures, commands, doubtful answers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

from factsheet.cli.authoring.commands import COMMANDS, read_typed
from factsheet.cli.authoring.interview import Interview
from factsheet.source.editing import value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

# As `factsheet new` begins a sheet: questions are keys without a value.
START = """\
factsheet: 1
overview: {name: A, model: B}   # a comment that stays
references:
performance:
  results:
"""
TABLE = (
    "{name: GLUE, systems: [{id: analog, name: Analog AI}], tasks: [{task: MNLI, scores: {analog: 82.12 %}}]}"
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.yaml"
    path.write_text(START)
    return path


def at(sheet: Path, path: str) -> Any:
    loaded = load_bytes(sheet.read_bytes(), "sheet")
    assert loaded.document is not None
    assert not loaded.problems
    return value_at(loaded.document.data, tuple(path.split(".")))


class Person:
    """Answers some questions, each by its path with one line after the other; skips the others, and leaves at last."""

    def __init__(self, said: Callable[[], str], answers: Mapping[str, Sequence[str]]) -> None:
        self._said, self._left = said, {path: list(lines) for path, lines in answers.items()}
        self._lines: list[str] = []
        self._leaves = bool(answers)
        self.faults: list[str] = []
        self.heard = ""

    def ask(
        self, prompt: str, check: Callable[[str], str], *, words: Sequence[str] = (), stated: str = ""
    ) -> str:
        said = self._said()
        self.heard += said
        if not self._lines:
            self._lines = next((self._left.pop(path) for path in [*self._left] if f"\n{path} (" in said), [])
        while self._lines:
            line = self._lines.pop(0)
            if line == "<EOF>":
                raise EOFError
            fault = check(line)
            if not fault:
                return line
            self.faults.append(fault)
        if not self._left and self._leaves:
            raise EOFError
        return ""


def interview(
    sheet: Path,
    capsys: pytest.CaptureFixture[str],
    answers: Mapping[str, Sequence[str]],
    role: Any = "data-scientist",
) -> Person:
    person = Person(lambda: capsys.readouterr().out, answers)
    asked = Interview(sheet, person, roles=(role,))
    try:
        asked.run()
    except EOFError:
        asked.tell_end()
    person.heard += capsys.readouterr().out
    return person


@pytest.mark.parametrize(
    "typed",
    [
        "{id: a, title: A}",
        "[{id: a, title: A}]",
        "references: [{id: a, title: A}]",
        "id: a, title: A",
        "- {id: a, title: A}",
        "- id: a\n  title: A",
        "id: a\ntitle: A",
        '{"id": "a", "title": "A"}',
    ],
)
def test_a_row_in_every_form(sheet: Path, capsys: pytest.CaptureFixture[str], typed: str) -> None:
    person = interview(sheet, capsys, {"references[+]": (typed,)})
    assert not person.faults
    assert at(sheet, "references") == [{"id": "a", "title": "A"}]
    assert "# a comment that stays" in sheet.read_text()


@pytest.mark.parametrize(
    "typed",
    [
        ("[{id: a, title: A}, {id: b, title: B}]",),
        ("{id: a, title: A}, {id: b, title: B}",),
        ("- id: a\n  title: A\n- id: b\n  title: B",),
        ("{id: a, title: A}", "{id: b, title: B}"),
        ("{id: a, title: A}", "[{id: b, title: B}]", ""),
    ],
)
def test_several_rows_at_once_or_one_after_the_other(
    sheet: Path, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...]
) -> None:
    person = interview(sheet, capsys, {"references[+]": typed})
    assert not person.faults
    assert at(sheet, "references") == [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]
    assert "2 answers saved" in person.heard


@pytest.mark.parametrize("typed", [TABLE, f"[{TABLE}]", f"results: [{TABLE}]"])
def test_a_table_of_results_is_a_row(sheet: Path, capsys: pytest.CaptureFixture[str], typed: str) -> None:
    person = interview(sheet, capsys, {"performance.results[+]": (typed,)})
    assert not person.faults
    assert [table["name"] for table in at(sheet, "performance.results")] == ["GLUE"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a paper", "a row is a mapping"),
        ("98.1 % accuracy", "a row is a mapping"),
        ("[]", "a row is a mapping"),
        ("[{id: a, title: A}, a paper]", "a row is a mapping"),
        ("{id: a}", "references[0]: "),
        ("{id: a, title: A", "cannot be read as"),
        ("not disclosed: no", "only facts"),
    ],
)
def test_what_is_no_row_is_refused_with_what_one_is(
    sheet: Path, capsys: pytest.CaptureFixture[str], typed: str, said: str
) -> None:
    person = interview(sheet, capsys, {"references[+]": (typed,)})
    assert said in person.faults[0]
    assert sheet.read_text() == START


def test_the_example_that_is_shown_can_be_typed(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line `for example …`, exactly as it is printed, is taken as the answer to its question."""
    from factsheet.api.fact_sheet import FactSheet
    from factsheet.authoring.questions import fault_of, questions_for

    document = load_bytes(sheet.read_bytes(), "sheet").document
    assert document is not None
    data: Any = document.data
    questions = questions_for(FactSheet.from_data(data), data)
    assert len(questions) > 50
    for question in questions:
        fault = fault_of(question, question.example, data)
        # One field alone does not make a section that requires another one.
        assert not fault or " has no " in fault, (question.path, question.example, fault)
    person = interview(sheet, capsys, {})
    for question in questions:
        shown = f"\n{question.path} ("
        if shown in person.heard:
            assert f"for example {question.example}\n" in person.heard.partition(shown)[2]


def test_an_example_with_its_key_means_the_same(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = {"overview.summary": ('summary: "A net."',), "overview.licence": ("licence: MIT",)}
    interview(sheet, capsys, answers)
    assert at(sheet, "overview.summary") == "A net."
    assert at(sheet, "overview.licence") == "MIT"


def test_references_are_asked_for_before_what_cites_them(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heard = interview(sheet, capsys, {}).heard
    places = [heard.index(f"\n{path} (") for path in ("references[+]", "training_data.size")]
    assert places == sorted(places)
    assert places[1] < heard.index("\nperformance.results[+] (")


def test_a_reference_can_be_added_where_evidence_is_asked(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ("54,303", "measured", "hughes-2015", "{id: hughes-2015, title: PlantVillage, doi: 10.1234/x}")
    person = interview(sheet, capsys, {"training_data.size": lines})
    assert "which has none yet" in person.heard
    assert "a new one is written as a whole" in person.faults[0]
    assert at(sheet, "training_data.size") == {
        "value": "54,303",
        "source": "measured",
        "evidence": "hughes-2015",
    }
    assert at(sheet, "references")[0]["title"] == "PlantVillage"
    assert "FS502" not in person.heard
    assert "FS504" not in person.heard


@pytest.mark.parametrize("leaving", ["quit", "exit", ":q", "<EOF>"])
@pytest.mark.parametrize("before", [(), ("measured",)])
def test_a_figure_is_kept_by_whoever_leaves_when_asked_for_its_source(
    sheet: Path, capsys: pytest.CaptureFixture[str], leaving: str, before: tuple[str, ...]
) -> None:
    person = interview(sheet, capsys, {"training_data.size": ("54,303", *before, leaving)})
    assert not person.faults
    assert "saved: training_data.size: 54,303" in person.heard
    assert "1 answer saved" in person.heard
    kept = at(sheet, "training_data.size")
    assert kept == ({"value": "54,303", "source": "measured"} if before else "54,303")


def test_commands_at_the_prompts_for_sources(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("54,303", "help", "known", "measured", "?", "known", "back", "declared")
    person = interview(sheet, capsys, {"training_data.size": lines})
    assert not person.faults
    assert person.heard.count("`quit` ends") == 3
    assert at(sheet, "training_data.size") == {"value": "54,303", "source": "declared"}


def test_back_from_the_source_keeps_the_figure_and_asks_again(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = interview(sheet, capsys, {"training_data.size": ("54,303", "back", "54,305", "declared")})
    assert "the sheet says: 54,303" in person.heard
    assert at(sheet, "training_data.size") == {"value": "54,305", "source": "declared"}
    assert "1 answer saved" in person.heard  # one fact, saved twice


@pytest.mark.parametrize("word", [*COMMANDS, "HELP", "?", "exit", ":q", "/help", "--help", "exit()", "Next"])
def test_no_command_becomes_a_fact(sheet: Path, capsys: pytest.CaptureFixture[str], word: str) -> None:
    person = interview(sheet, capsys, {"overview.contact": (word,)})
    assert at(sheet, "overview.contact") is None
    assert "saved:" not in person.heard
    if word in (*COMMANDS, "?"):
        assert 'goes into quotes: "help"' in person.heard
    else:
        assert f'goes into quotes: "{word}"' in person.heard


@pytest.mark.parametrize("word", ["help", "?", "exit", "quit"])
def test_in_quotes_a_command_is_an_answer(sheet: Path, capsys: pytest.CaptureFixture[str], word: str) -> None:
    interview(sheet, capsys, {"overview.organisation": (f'"{word}"',), "overview.contact": (f'"{word}x"',)})
    assert at(sheet, "overview.contact") == f"{word}x"


def test_a_word_that_a_question_offers_is_its_answer() -> None:
    assert read_typed("skip", ("skip", "other")).command == ""
    assert read_typed("skip").command == "skip"
    assert read_typed("").command == "skip"
    assert read_typed("helpful").command == ""


def test_back_returns_over_skipped_questions_one_by_one(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"overview.summary": ("A net.", "", "", "back", "back", "back", "Another net.", "quit")}
    interview(sheet, capsys, answers)
    assert at(sheet, "overview.summary") == "Another net."


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("overview.licence", "vision@leafnet.io", "is an e-mail address"),
        ("overview.licence", "https://leafnet.io/LICENCE", "goes to `overview.licence_link`"),
        ("overview.licence", "Apache License 2.0", "is `Apache-2.0`"),
        ("overview.licence", "apache-2.0", "is `Apache-2.0`"),
        ("purpose.summary", "cc-by-4.0", "is the name of a licence"),
        ("purpose.summary", "vision@leafnet.io", "is an e-mail address"),
        ("overview.contact", "me@example.com", "and the question stays open"),
    ],
)
def test_an_answer_that_looks_meant_for_another_field_is_asked_again(
    sheet: Path, capsys: pytest.CaptureFixture[str], path: str, typed: str, said: str
) -> None:
    person = interview(sheet, capsys, {path: (typed, "no", "quit")})
    assert said in person.heard
    assert at(sheet, path) is None
    interview(sheet, capsys, {path: (typed, "yes", "quit")})
    assert at(sheet, path) == typed
    sheet.write_text(START)
    person = interview(sheet, capsys, {path: (f'"{typed}"', "quit")})
    assert at(sheet, path) == typed
    assert said not in person.heard


def test_another_answer_can_be_typed_where_one_is_doubted(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = interview(sheet, capsys, {"overview.licence": ("vision@leafnet.io", "TODO", "MIT", "quit")})
    assert at(sheet, "overview.licence") == "MIT"
    (fault,) = person.faults
    assert fault.startswith("`yes` or `no`, or another answer: `TODO` says nothing")


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("overview.contact", "vision@leafnet.io"),
        ("overview.contact", "https://leafnet.io/issues"),
        ("overview.licence", "MIT"),
        ("overview.licence", "our own terms, on request"),
        ("purpose.summary", "Classifies leaves; ask vision@leafnet.io."),
    ],
)
def test_answers_that_fit_are_saved_without_a_word(
    sheet: Path, capsys: pytest.CaptureFixture[str], path: str, typed: str
) -> None:
    person = interview(sheet, capsys, {path: (typed, "quit")})
    assert at(sheet, path) == typed
    assert "save it all the same" not in person.heard
    assert "not saved" not in person.heard


def test_what_a_rule_finds_wrong_with_an_answer_is_asked_again(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without_sign = TABLE.replace("82.12 %", "82.12").replace("GLUE,", "GLUE, metric: accuracy,")
    person = interview(sheet, capsys, {"performance.results[+]": (without_sign, "no", TABLE)})
    assert "has no percent sign" in person.heard
    assert "not saved" in person.heard
    assert at(sheet, "performance.results")[0]["tasks"][0]["scores"] == {"analog": "82.12 %"}


def test_a_list_that_does_not_end_is_no_text(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = interview(
        sheet, capsys, {"overview.licence": ("[a, b",), "purpose.summary": ("[CLS] is read out.",)}
    )
    assert "begins as a list" in person.faults[0]
    assert at(sheet, "overview.licence") is None
    assert at(sheet, "purpose.summary") == "[CLS] is read out."


@pytest.mark.parametrize("typed", ["TBD", "n/a", "...", "null"])
def test_words_that_say_nothing_are_refused(
    sheet: Path, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    person = interview(sheet, capsys, {"overview.contact": (typed,)})
    assert "says nothing" in person.faults[0]
    assert at(sheet, "overview.contact") is None


@pytest.fixture
def plain(sheet: Path) -> Iterator[pexpect.spawn[bytes]]:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "factsheet", "answer", str(sheet), "--role", "data-scientist", "--plain"],
        dimensions=(40, 100),
        timeout=30,
        env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", "COLUMNS": "100"},
    )
    yield child
    child.close(force=True)


def test_a_session_at_a_terminal(sheet: Path, plain: pexpect.spawn[bytes]) -> None:
    """References, a table, a figure with evidence, help and quit, as somebody types them."""

    def ask_for(path: str) -> None:
        while True:
            plain.expect(r"\r\n([a-z_.]+(?:\[\+\])?) \(\d+ to go\)")
            here = plain.match[1].decode()
            plain.expect_exact("\r\n> ")
            if here == path:
                return
            plain.sendline("")

    ask_for("overview.contact")
    plain.sendline("help")
    plain.expect_exact("`quit` ends")
    ask_for("overview.contact")
    plain.sendline("vision@leafnet.io")
    plain.expect_exact("saved: overview.contact: vision@leafnet.io")
    ask_for("references[+]")
    plain.sendline("[{id: hughes-2015, title: PlantVillage, doi: 10.1234/x}]")
    plain.expect_exact("saved: references[0]")
    plain.expect_exact("one more?")
    plain.sendline("")
    ask_for("training_data.size")
    plain.sendline("54,303")
    plain.expect_exact("source> ")
    plain.sendline("measured")
    plain.expect_exact("(hughes-2015)")
    plain.expect_exact("evidence> ")
    plain.sendline("hughes-2015")
    plain.expect_exact("saved: training_data.size: 54,303")
    ask_for("performance.results[+]")
    plain.sendline(f"[{TABLE}]")
    plain.expect_exact("saved: performance.results[0]")
    plain.expect_exact("one more?")
    plain.sendline("exit")
    plain.expect_exact("4 answers saved")
    plain.expect(pexpect.EOF)
    assert at(sheet, "training_data.size") == {
        "value": "54,303",
        "source": "measured",
        "evidence": "hughes-2015",
    }
    assert [table["name"] for table in at(sheet, "performance.results")] == ["GLUE"]
