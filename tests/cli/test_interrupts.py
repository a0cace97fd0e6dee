"""Ctrl-C ends a command quietly with status 130 at whatever moment of its start-up it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pydantic_core import SchemaError, SchemaValidator

from factsheet.cli import run as cli

ROOT = Path(__file__).parents[2]
SHEET = ROOT / "sheets" / "bert.yaml"
# The second one is a process that the signal itself ended, late, when its handlers are gone; shells call both 130.
QUIET = {130, -signal.SIGINT}
# As the console script does it, and says when the interpreter has started and found the package: before, none of our
# lines runs that could quieten anything.
SCRIPT = "import os; from factsheet.__main__ import main; os.write(1, b'*'); main()"
# Between the last of those lines and the first of ours the interpreter itself answers.
TOO_EARLY = 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nKeyboardInterrupt\n'
STATUSES = {
    ("validate", str(SHEET)): 0,
    ("validate", "--fail-on", "info", str(SHEET)): 0,
    ("derive", str(SHEET)): 0,
}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends signals")


def started(command: tuple[str, ...], folder: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.read(1) == b"*"
    return process


def time_taken(command: tuple[str, ...], folder: Path) -> float:
    process = started(command, folder)
    start = time.perf_counter()
    process.communicate(timeout=60)
    assert process.returncode == STATUSES[command]
    return time.perf_counter() - start


@pytest.mark.parametrize("command", STATUSES, ids=lambda command: " ".join(command[:-1]))
def test_an_interrupt_at_any_moment_is_quiet(command: tuple[str, ...], tmp_path: Path) -> None:
    moments = 16
    whole = max(0.4, time_taken(command, tmp_path))
    ended = []
    for number in range(moments):
        process = started(command, tmp_path)
        # Denser at the beginning, where most of what is imported has callbacks that lose an exception.
        time.sleep(whole * ((number + 0.05) / moments) ** 1.5)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert errors.decode().replace(TOO_EARLY, "") == "", number
        assert process.returncode in {*QUIET, STATUSES[command]}, number
        ended.append(process.returncode)
    assert sum(status in QUIET for status in ended) > moments // 4


def test_an_ignored_interrupt_stays_ignored(tmp_path: Path) -> None:
    # As for what a shell runs in the background, or under nohup.
    script = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); {SCRIPT}"
    process = subprocess.Popen(
        [sys.executable, "-c", script, "validate", str(SHEET)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.read(1) == b"*"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")


def test_an_interrupt_in_a_class_body_is_no_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Field:
        def __set_name__(self, owner: type, name: str) -> None:
            raise KeyboardInterrupt  # Python 3.11 makes a RuntimeError of it

    def make_a_class(*_: object, **__: object) -> int:
        type("Sheet", (), {"field": Field()})
        return 0

    monkeypatch.setattr(cli, "_dispatch", make_a_class)
    assert cli.run(["validate"]) == 130
    assert capsys.readouterr() == ("", "")


def test_an_interrupt_in_the_building_of_a_validator_is_no_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Answer:
        def __repr__(self) -> str:
            raise KeyboardInterrupt

    def build(*_: object, **__: object) -> int:
        answer = {"type": "literal", "expected": [Answer()]}
        field = {"type": "model-field", "schema": answer}
        SchemaValidator({"type": "model-fields", "fields": {"rate": field}})
        return 0

    monkeypatch.setattr(cli, "_dispatch", build)
    with pytest.raises(SchemaError, match="KeyboardInterrupt"):
        build()
    assert cli.run(["validate"]) == 130
    assert capsys.readouterr() == ("", "")


LOST = """\
import sys, weakref
from factsheet.cli.interrupts import interruptible
class Thing: pass
def callback(_): raise KeyboardInterrupt
with interruptible():
    try:
        thing = Thing(); watched = weakref.ref(thing, callback); del thing
        import time; time.sleep(30)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def test_an_interrupt_that_a_callback_loses_comes_again(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOST],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (130, b"")
