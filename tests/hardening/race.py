"""Let an editor save while a command edits the same file: what was saved is never lost.

    python tests/hardening/race.py                            a minute, from a seed that is printed
    python tests/hardening/race.py --seconds 600 --seed 7
    python tests/hardening/race.py --seed 7 --trial 123       one again, as far as a race can be had again

The editor has the whole text and never looks at the file: whatever it saved last has to be in the file afterwards,
be it alone or as what the command went on from.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "shared"), str(ROOT / "tests" / "hardening")]

from writes import (  # noqa: E402  the line above finds it
    COMMANDS,
    EDITED,
    EDITS,
    attempt_for,
    contents,
    main_of,
    prepare,
    split,
    start,
    wait,
    warm,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RACED = tuple(name for name in EDITS if name != "new")
"""All but what is to replace whatever it finds: a save before it looks is not lost, but was meant."""
MARK = "edit-17"
_PAUSE_S = 0.002


def as_vim(file: Path, text: str) -> None:
    """The old file goes aside, a new one is written, the old one goes."""
    aside = file.with_name(file.name + "~")
    file.rename(aside)
    file.write_text(text, encoding="utf-8")
    aside.unlink()


def as_nano(file: Path, text: str) -> None:
    """In place: cut to nothing and written, a moment later on a slow disk."""
    descriptor = os.open(file, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o644)
    time.sleep(_PAUSE_S)
    os.write(descriptor, text.encode())
    os.close(descriptor)


def as_code(file: Path, text: str) -> None:
    """In place, in one go, as VS Code does."""
    file.write_text(text, encoding="utf-8")


def as_kate(file: Path, text: str) -> None:
    """A new file in the old one's place, as kate, gedit and `sed -i` do."""
    new = file.with_name("save.tmp")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


EDITORS: tuple[Callable[[Path, str], None], ...] = (as_vim, as_nano, as_code, as_kate)


class Race(NamedTuple):
    """Who edits, who saves, and when: a share of the time that the edit takes."""

    name: str
    editor: Callable[[Path, str], None]
    when: float


def race_of(seed: int, number: int, names: Sequence[str]) -> Race:
    """Return a race, the same for the same seed, number and names."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311  moments of a test
    return Race(dice.choice(names), dice.choice(EDITORS), dice.random())


def fault_of(race: Race, seconds: float, folder: Path) -> str:
    """Run a race and return what is wrong with what it left; nothing where all is well."""
    prepare(folder)
    file = folder / EDITED.get(race.name, "s.yaml")
    text = file.read_text(encoding="utf-8")
    # A comment, or a space in JSON: what the file says is the same.
    saved = text.rstrip("}\n") + f', "{MARK}": 1}}\n' if file.suffix == ".json" else f"{text}# {MARK}\n"
    child = start(folder, COMMANDS[race.name])
    time.sleep(race.when * seconds)
    race.editor(file, saved)
    ended = wait(child, folder)
    now = file.read_text(encoding="utf-8")
    if MARK not in now:
        return f"the save is lost; status {ended.status}: {ended.said[-200:]}"
    if "Traceback" in ended.said or ended.status not in {0, 1, 2}:
        return f"status {ended.status}: {ended.said[-300:]}"
    _, left = split(contents(folder))
    return f"left behind: {left}" if left else ""


def run(seed: int, trials: range, seconds: float, names: Sequence[str] = RACED) -> tuple[int, list[str]]:
    """Run races for a time, after all was loaded; return how many were run, and the faults."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "work"
        warm(folder, names)
        taken = {}
        for name in names:
            prepare(folder)
            begun = time.perf_counter()
            wait(start(folder, COMMANDS[name]), folder)
            taken[name] = time.perf_counter() - begun

        def attempt(number: int) -> str:
            race = race_of(seed, number, names)
            fault = fault_of(race, taken[race.name], folder)
            return fault and f"--seed {seed} --trial {number}: {race.name}, {race.editor.__name__}: {fault}"

        return attempt_for(seconds, trials, attempt)


if __name__ == "__main__":
    raise SystemExit(main_of(__doc__, run, "races"))
