"""Kill an interview at random moments, as often as asked, and look at the sheet each time; run as a script.

It forks, so that the package is loaded once; prints what was found as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from factsheet.cli.authoring.interview import Interview
from factsheet.source.editing import value_at
from factsheet.source.loader import read_sheet

START = "factsheet: 1\noverview: {name: A, model: B}   # a comment that stays\n"
ANSWERS = {
    "purpose.intended_users": "Teams that sort short texts.",
    "purpose.benefits": "The weights stay where the multiplications happen.",
    "limitations.ethics": "Inherits the biases of its text: ü, 漢字, \N{GRINNING FACE}.",
    "limitations.obligations": "not applicable: nobody operates it",
}


class Scripted:
    """Answers in order; says on a pipe when it is asked, by when all answers before have to be in the file."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def ask(self, prompt: str, check: object, *, words: object = (), stated: str = "") -> str:
        os.write(self._pipe, b".")
        return next(answer for path, answer in ANSWERS.items() if path not in self._known())

    def _known(self) -> set[str]:
        return answered_in(Path(sys.argv[1]))


def answered_in(sheet: Path) -> set[str]:
    loaded = read_sheet(sheet)
    assert not loaded.problems
    assert loaded.document is not None
    assert "# a comment that stays" in loaded.document.text
    data = loaded.document.data
    return {path for path in ANSWERS if value_at(data, tuple(path.split("."))) is not None}


def interview(sheet: Path, pipe: int) -> None:
    sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  the process ends with it
    Interview(sheet, Scripted(pipe), roles=("business-expert",)).run()


def killed_after(sheet: Path, seconds: float) -> tuple[int, bool]:
    """Return how many questions were asked until the process was killed, and whether it was killed at work."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        interview(sheet, writing)
        os._exit(0)
    os.close(writing)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    asked = 0
    while piece := os.read(reading, 4096):
        asked += len(piece)
    os.close(reading)
    return asked, os.WIFSIGNALED(status)


def main() -> None:
    sheet, kills = Path(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(2026)  # noqa: S311  the moments of a test
    sheet.write_text(START)
    shown = sys.stdout
    interview(sheet, os.open(os.devnull, os.O_WRONLY))  # what is loaded once is loaded now
    sheet.write_text(START)
    started = time.monotonic()
    interview(sheet, os.open(os.devnull, os.O_WRONLY))
    whole = time.monotonic() - started
    sys.stdout = shown
    lost, at_work, saved = 0, 0, 0
    sheet.write_text(START)
    for _ in range(kills):
        before = answered_in(sheet)
        if len(before) == len(ANSWERS):
            sheet.write_text(START)
            before = set()
        asked, killed = killed_after(sheet, rng.uniform(0, whole))
        after = answered_in(sheet)
        lost += not before <= after or len(after) < len(before) + max(asked - 1, 0)
        at_work += killed
        saved += len(after - before)
    print(json.dumps({"lost": lost, "at_work": at_work, "saved": saved, "seconds": whole}))  # noqa: T201


if __name__ == "__main__":
    main()
