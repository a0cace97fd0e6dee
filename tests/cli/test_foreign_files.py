"""No output takes the place of a file that factsheet did not write, unless it is told to; its own are renewed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import typer.main

from factsheet.authoring import beginning
from factsheet.cli import app as application
from factsheet.cli import run as cli
from factsheet.cli.outputs import FORCE, OUTPUT_OPTIONS
from factsheet.reports.output_kinds import kind_of

ROOT = Path(__file__).parents[2]
SHEET = """\
factsheet: 1
overview: {name: A, model: B}
model_architecture: {mlp: {sizes: [784, 256, 10]}}
"""
KEPT = {
    "schemas/factsheet-1.schema.json": "the JSON Schema of a sheet",
    "docs/validation.md": "a comparison of profiles",
    "docs/bert-on-digital-hardware.md": "digital baselines",
    "docs/fields.md": "fields of a sheet",
    "tests/golden/pages/bert-full.md": "a page in Markdown",
    "tests/golden/pages/bert-business-expert.md": "a page in Markdown",
    "tests/golden/report/run.full.txt": "findings",
    "tests/golden/report/run.concise.txt": "findings",
    "tests/golden/report/run.github.txt": "annotations for GitHub",
    "tests/golden/report/run.gitlab.json": "a report for GitLab",
    "tests/golden/report/run.junit.xml": "a report in JUnit's form",
    "tests/golden/report/run.sarif": "a report in SARIF",
    "tests/golden/report/run.json": "JSON of the schema factsheet.check",
}
"""Outputs that the repository holds, each the work of the program."""
WRITTEN = {
    "derive s.yaml -o": "derived facts",
    "derive s.yaml --explain parameters -o": "derived facts",
    "derive s.yaml --hardware ibm-2022 --batch 1 --sensitivity -o": "derived facts",
    "inspect s.yaml -o": "operators",
    "inspect s.yaml --format markdown -o": "operators",
    "inspect s.yaml --format csv -o": "operators in CSV",
    "inspect s.yaml --as-yaml -o": "a section of a sheet",
    "sweep s.yaml --hardware ibm-2022 --batch 1,2 -o": "a table of a sweep",
    "sweep s.yaml --hardware ibm-2022 --batch 1,2 --format csv -o": "a table of a sweep in CSV",
    "sweep s.yaml --hardware ibm-2022 --batch 1,2 --format json -o": "JSON of the schema factsheet.sweep",
    "badge s.yaml -o": "a drawing",
    "badge s.yaml --as card -o": "a drawing",
    "badge s.yaml --as frame -o": "a page in HTML",
    "fields parameters.power -o": "fields of a sheet",
    "fields --role ai-engineer -o": "fields of a sheet",
    "todo s.yaml -o": "missing facts",
    "todo s.yaml --format markdown -o": "missing facts",
    "todo s.yaml --format issues -o": "issues of missing facts",
    "hardware show ibm-2022 -o": "a profile as a table",
    "hardware compare ibm-2022 -o": "a comparison of profiles",
    "hardware baseline s.yaml --device v100-fp16-onnxruntime -o": "digital baselines",
    "validate s.yaml --exit-zero --output-format full=": "findings",
}
FOREIGN = {
    "README.md": b"# Ours\n\nWritten by hand.\n",
    "pyproject.toml": b"[tool.factsheet]\n",
    "package.json": b'{"name": "x", "schema": "other/1"}\n',
    "notes.txt": b"derive says: fact, verdict\n",
    "paper.pdf": b"%PDF-1.7\n1 0 obj\nstream\nx\xff\nendstream\n",
    "photo.png": b"\x89PNG\r\n\x1a\n",
    "data.csv": b"source,network\n",
    "data.parquet": b"PAR1\0\0PAR1",
    "page.html": b"<!doctype html><html><p>factsheet</p></html>\n",
    "logo.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "net.py": b"def make(): ...\n",
    "other.yaml": b"factsheet: 1\n",
    "bytes": b"\xff\x00\xfe",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SHEET, encoding="utf-8")
    for name, content in FOREIGN.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    assert found.pop("s.yaml") == SHEET.encode()
    return found


def written(line: str, file: str) -> list[str]:
    words = line.split()
    return [*words[:-1], words[-1] + file] if words[-1].endswith("=") else [*words, file]


@pytest.mark.parametrize("name", KEPT)
def test_an_output_of_the_repository_is_known_again(name: str) -> None:
    assert kind_of((ROOT / name).read_bytes()) == KEPT[name]


@pytest.mark.parametrize("line", WRITTEN)
def test_an_output_is_known_again(folder: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(written(line, "out")) == 0, capsys.readouterr().err
    assert kind_of((folder / "out").read_bytes()) == WRITTEN[line]


def test_what_somebody_else_wrote_is_no_output(folder: Path) -> None:
    assert {name: kind_of(content) for name, content in FOREIGN.items()} == dict.fromkeys(FOREIGN)
    for name in (
        "README.md",
        "CHANGELOG.md",
        "docs/ranges.md",
        "sheets/bert.yaml",
        "noxfile.py",
        "pyproject.toml",
    ):
        assert kind_of((ROOT / name).read_bytes()) is None, name


def _outputs(command: object, words: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    """Return every option of the program that names a file to be written, with the words of its command."""
    below = getattr(command, "commands", {})
    if below:
        return [one for name, other in below.items() for one in _outputs(other, (*words, name))]
    options = [name for parameter in getattr(command, "params", ()) for name in parameter.opts]
    found = [(words, option) for option in options if option in OUTPUT_OPTIONS]
    assert not found or FORCE in options, words
    return found


def every_output() -> list[tuple[tuple[str, ...], str]]:
    program = application.app_of(*application.COMMANDS, *application.GROUPS)
    return _outputs(typer.main.get_command(program))


def test_no_output_of_any_command_replaces_what_somebody_else_wrote(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = every_output()
    assert len(outputs) > 20
    # Of these, it is known only later whether they are the settings, or the sheet of this directory.
    names = [name for name in FOREIGN if not name.endswith((".toml", ".yaml"))]
    for number, (words, option) in enumerate(outputs):
        name = names[number % len(names)]
        value = f"json={name}" if option == "--output-format" else name
        # Before any work: that the command has nothing to work on is not noticed.
        assert cli.run([*words, option, value]) == 2, words
        error = capsys.readouterr().err
        assert f"factsheet: {name}" in error, words
        assert "`--force` to replace it" in error, words
    assert contents(folder) == FOREIGN


def test_an_output_of_another_kind_stays_and_one_of_its_kind_is_renewed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["hardware", "show", "ibm-2022", "-o", "out"]) == 0
    shown = (folder / "out").read_bytes()
    assert cli.run(["fields", "parameters.power", "-o", "out"]) == 2
    assert "it holds a profile as a table, and the output is fields of a sheet" in capsys.readouterr().err
    assert (folder / "out").read_bytes() == shown
    assert cli.run(["hardware", "show", "ibm-2022", "--output", "out"]) == 0
    assert cli.run(["fields", "parameters.power", "-o", "out", "--force"]) == 0
    assert kind_of((folder / "out").read_bytes()) == "fields of a sheet"


def test_force_replaces_what_somebody_else_wrote_but_no_input(folder: Path) -> None:
    assert cli.run(["badge", "s.yaml", "-o", "README.md", "--force"]) == 0
    assert kind_of((folder / "README.md").read_bytes()) == "a drawing"
    assert cli.run(["badge", "s.yaml", "-o", "s.yaml", "--force"]) == 2
    assert (folder / "s.yaml").read_text(encoding="utf-8") == SHEET


PLACES = {
    "none/out": "No such file or directory",
    "README.md/out": "Not a directory",
    "n" * 300: "File name too long",
    "nul\0": "null",
    "sub": "Is a directory",
    "shut/out": "Permission denied",
}


def test_no_output_of_any_command_is_begun_that_cannot_be_written(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sub").mkdir()
    (folder / "shut").mkdir()
    allowed = os.access
    # A superuser may write anywhere, so that the folder's mode alone would prove nothing.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "shut" and allowed(path, mode))
    for words, option in every_output():
        for name, reason in PLACES.items():
            if words in {("render",), ("catalog",), ("export",)} and name in {"none/out", "sub", "shut/out"}:
                continue  # it makes folders, and puts pages into those that are there
            value = f"json={name}" if option == "--output-format" else name
            assert cli.run([*words, option, value]) == 2, (words, name)
            error = capsys.readouterr().err
            assert error.startswith("factsheet: "), (words, name)
            assert "cannot be written: " in error, (words, name)
            assert reason in error, (words, name)
    assert contents(folder) == FOREIGN


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="the device that is always full is Linux's")
@pytest.mark.parametrize("line", ["hardware show ibm-2022 -o", "validate s.yaml --output-format json="])
def test_a_full_disk_is_said_with_the_files_name(
    folder: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(written(line, str(FULL))) == 2
    assert f"factsheet: {FULL}: cannot be written: No space left on device" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["pyproject.toml", "other.yaml"])
def test_a_file_that_might_have_been_read_is_kept_when_it_comes_to_writing(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["hardware", "show", "ibm-2022", "-o", name]) == 2
    assert "`--force` to replace it" in capsys.readouterr().err
    assert (folder / name).read_bytes() == FOREIGN[name]


def test_force_does_not_go_over_what_is_saved_meanwhile(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = beginning.begin_from

    def begin_while_somebody_saves(*arguments: Any, **options: Any) -> Any:
        (folder / "other.yaml").write_text("theirs", encoding="utf-8")
        return begun(*arguments, **options)

    monkeypatch.setattr(beginning, "begin_from", begin_while_somebody_saves)
    assert cli.run(["new", "--name", "A", "-o", "other.yaml", "--force"]) == 2
    assert "the file changed after it was read" in capsys.readouterr().err
    assert (folder / "other.yaml").read_text(encoding="utf-8") == "theirs"


def test_an_empty_file_holds_nothing_to_lose(folder: Path) -> None:
    (folder / "out").write_bytes(b"\n")
    assert cli.run(["badge", "s.yaml", "-o", "out"]) == 0


def test_a_page_in_pdf_is_known_by_its_creator() -> None:
    weasyprint = pytest.importorskip("weasyprint")
    for creator, kind in (("factsheet", "a page in PDF"), ("others", None)):
        page = weasyprint.HTML(string=f"<meta name=generator content={creator}><p>factsheet").write_pdf()
        assert kind_of(page) == kind
