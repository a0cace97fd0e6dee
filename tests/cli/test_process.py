"""The command line as a process: exit statuses, streams, colour, and nothing that ends in a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BERT = ROOT / "sheets" / "bert.yaml"
CLEAN = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"
BROKEN = "factsheet: 1\noverview: {name: Example, modle: BERT-base}\n"
DOUBTFUL = CLEAN + "performance: {classification_time: 0.19 ms}\n"


def factsheet(
    *arguments: str, stdin: bytes | None = None, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    base = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "TERM"}}
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", *arguments],
        input=stdin if stdin is not None else b"",
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**base, "PYTHONPATH": str(ROOT), **environment},
    )
    assert b"Traceback" not in done.stderr + done.stdout
    return done


def sheet(folder: Path, text: str, name: str = "sheet.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(flag: str) -> None:
    import factsheet as package

    done = factsheet(flag)
    assert done.returncode == 0
    assert done.stdout.decode() == f"factsheet {package.__version__}\n"


def test_a_clean_sheet_exits_0() -> None:
    done = factsheet("validate", str(BERT))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"1 sheet checked: nothing found\n"


def test_findings_exit_1_and_point_at_the_place(tmp_path: Path) -> None:
    path = sheet(tmp_path, BROKEN)
    done = factsheet("validate", path)
    assert done.returncode == 1
    out = done.stdout.decode()
    assert f"{path}:2:27: error FS152 unknown-key" in out
    assert "did you mean `model`?" in out
    caret = next(line for line in out.splitlines() if "^" in line)
    quoted = out.splitlines()[out.splitlines().index(caret) - 1]
    assert quoted[caret.index("^") : caret.rindex("^") + 1] == "modle"


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_fail_on(tmp_path: Path, fail_on: str, code: int) -> None:
    assert factsheet("validate", "--fail-on", fail_on, sheet(tmp_path, DOUBTFUL)).returncode == code


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", "no-such.yaml"],
        ["validate", "--fail-on", "never", "x.yaml"],
        ["validate", "--no-such-option"],
        ["no-such-command"],
        ["derive", "no-such.yaml"],
        ["derive", "--seq-len", "0"],
        ["derive", "--seq-len", "many"],
        ["derive", "--batch", "-1"],
        ["render", "no-such.yaml"],
        ["render", "--role", "data-scientst", str(BERT)],
        ["derive", "--tile", "512y512", str(BERT)],
        ["derive", "--tile", "0", str(BERT)],
        ["derive", "--convention", "mine", str(BERT)],
        ["derive", "--explain", "analog_op", str(BERT)],
        ["derive", "--seq-len", "1000000", "--batch", "4", str(BERT)],
    ],
    ids=" ".join,
)
def test_wrong_usage_and_unreadable_input_exit_2_with_a_message(arguments: list[str], tmp_path: Path) -> None:
    done = factsheet(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert len(done.stderr.decode().splitlines()) <= 24


@pytest.mark.parametrize("command", ["derive", "render"])
def test_a_sheet_that_does_not_fit_ends_in_its_diagnostics(tmp_path: Path, command: str) -> None:
    done = factsheet(command, sheet(tmp_path, BROKEN))
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"FS152" in done.stderr


def test_standard_input() -> None:
    done = factsheet("validate", "-", stdin=BROKEN.encode())
    assert done.returncode == 1
    assert b"<stdin>:2:27" in done.stdout


def test_a_directory_is_searched_for_sheets(tmp_path: Path) -> None:
    sheet(tmp_path, CLEAN, "a.yaml")
    sheet(tmp_path, BROKEN, "b.yml")
    sheet(tmp_path, "just: yaml\n", "c.yaml")
    done = factsheet("validate", str(tmp_path))
    assert done.returncode == 1
    assert b"2 sheets checked: 1 error" in done.stdout


def test_one_unreadable_file_does_not_hide_the_others(tmp_path: Path) -> None:
    done = factsheet("validate", str(tmp_path / "none.yaml"), sheet(tmp_path, BROKEN))
    assert done.returncode == 2
    assert b"FS152" in done.stdout
    assert b"none.yaml" in done.stderr


def test_concise_is_one_line_a_finding(tmp_path: Path) -> None:
    done = factsheet("validate", "--output-format", "concise", sheet(tmp_path, BROKEN))
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(str(tmp_path))


def test_no_colour_in_a_pipe_and_none_against_no_color(tmp_path: Path) -> None:
    path = sheet(tmp_path, BROKEN)
    assert b"\x1b" not in factsheet("validate", path).stdout
    assert b"\x1b" in factsheet("validate", path, FORCE_COLOR="1").stdout
    assert b"\x1b" not in factsheet("validate", path, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_narrow_encoding_is_no_reason_to_fail(tmp_path: Path) -> None:
    path = sheet(tmp_path, CLEAN.replace("Example", "Übergröße 電子").replace("model", "módel"))
    done = factsheet("validate", path, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 1


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    path = sheet(tmp_path, BROKEN * 1)
    command = f"{sys.executable} -m factsheet validate {path} | head -c 10"
    done = subprocess.run(  # noqa: S602  the pipe is what is tested
        command, shell=True, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stderr == b""


def test_closed_streams_are_no_error(tmp_path: Path) -> None:
    path = sheet(tmp_path, CLEAN)
    command = f"{sys.executable} -m factsheet validate {path} >&- 2>&- <&-"
    done = subprocess.run(  # noqa: S602  the shell closes the streams
        command, shell=True, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0


@pytest.mark.parametrize("command", [["derive"], ["render"], ["validate"]])
def test_no_sheet_to_be_found_says_where_it_looked(command: list[str], tmp_path: Path) -> None:
    done = factsheet(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert b"factsheet.yaml" in done.stderr


def test_the_only_sheet_in_the_usual_places_is_found(tmp_path: Path) -> None:
    (tmp_path / "sheets").mkdir()
    sheet(tmp_path / "sheets", BERT.read_text(encoding="utf-8"), "mine.yaml")
    assert factsheet("derive", cwd=tmp_path).returncode == 0


def test_several_sheets_are_listed(tmp_path: Path) -> None:
    (tmp_path / "sheets").mkdir()
    for name in ("one.yaml", "two.yaml"):
        sheet(tmp_path / "sheets", CLEAN, name)
    done = factsheet("derive", cwd=tmp_path)
    assert done.returncode == 2
    assert b"one.yaml" in done.stderr
    assert b"two.yaml" in done.stderr


def test_the_configured_sheet_is_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    sheet(tmp_path, BERT.read_text(encoding="utf-8"), "model.yaml")
    sheet(tmp_path, '[tool.factsheet]\nsheet = "model.yaml"\n', "pyproject.toml")
    done = factsheet("render", "--role", "data-scientist", cwd=tmp_path / "deep" / "er")
    assert done.returncode == 0
    assert done.stdout.startswith(b"# ")


@pytest.mark.parametrize(
    "text",
    ["[tool.factsheet]\nshet = 'x'\n", "[tool.factsheet]\nsheet = 3\n", "[tool\n", "tool = 1\n[tool.x]\n"],
)
def test_a_wrong_configuration_says_so(tmp_path: Path, text: str) -> None:
    sheet(tmp_path, text, "pyproject.toml")
    done = factsheet("derive", cwd=tmp_path)
    assert done.returncode == 2
    assert b"pyproject.toml" in done.stderr


def test_output_goes_to_a_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    target.write_text("# Old\n\nFactSheet of B, as it was\n", encoding="utf-8")
    done = factsheet("render", str(BERT), "-o", str(target))
    assert (done.returncode, done.stdout) == (0, b"")
    assert target.read_text(encoding="utf-8").startswith("# ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page-figures", "page.md"]


def test_output_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    done = factsheet("render", str(BERT), "-o", str(tmp_path / "none" / "page.md"))
    assert done.returncode == 2
    assert b"page.md" in done.stderr


def test_schema_is_json() -> None:
    done = factsheet("schema")
    assert json.loads(done.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_bug_of_ours_exits_3_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import factsheet.checks.engine as engine\ndef fail(*a, **k): raise RuntimeError('planted')\n"
        "engine.read_sheet_as = fail\n",
        encoding="utf-8",
    )
    done = factsheet("validate", str(BERT), PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert done.returncode == 3
    assert b"planted" in done.stderr
    assert b"report" in done.stderr


def test_hostile_bytes_on_standard_input() -> None:
    for raw in (
        b"",
        b"\x00",
        b"\xff\xfe",
        b"a: [",
        b"{" * 5000,
        b"factsheet: 1\n\x1b[31m",
        b"&a [*a]",
        b"? [a]\n: b",
    ):
        assert factsheet("validate", "-", stdin=raw).returncode == 1


def test_help_names_the_commands() -> None:
    done = factsheet("--help")
    assert done.returncode == 0
    for command in (b"validate", b"derive", b"render", b"schema"):
        assert command in done.stdout


@pytest.mark.parametrize("command", ["validate", "render", "derive"])
def test_a_full_disk_is_said(command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "factsheet", command, str(BERT)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr
