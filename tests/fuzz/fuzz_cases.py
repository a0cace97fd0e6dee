"""What is tried: a case, a target that makes and runs cases, and a case kept as a file to be tried again."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import traceback
from base64 import b64decode, b64encode
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli.run import run
from factsheet.errors import FactsheetError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).parent / "cases"
"""Cases that broke something once, as small as they could be made."""
MOST_CPU_S = 5.0
MOST_BYTES = 500 * 10**6
"""Memory that a case may take over what is imported."""
MOST_OUTPUT = 20 * 10**6
MOST_MESSAGE = 4000
"""Characters of a message that says why a file is refused."""

DRIVES_A_TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
"""Control characters but for tab and line feed, and what turns the direction of a line round."""


class Case(NamedTuple):
    """Files by name, and the arguments of a command where one is run on them."""

    files: Mapping[str, bytes]
    arguments: tuple[str, ...] = ()


class Target(NamedTuple):
    """A kind of input: how a case is made, and what has to hold of it.

    Attributes:
        name: what it is called on the command line.
        make: a case, from what draws at random.
        run: tries it in a folder that holds its files, and raises `Fault`, or anything else, if something is wrong.
        cpu_s: how long one case may take.
    """

    name: str
    make: Callable[[random.Random], Case]
    run: Callable[[Path, Case], None]
    cpu_s: float = MOST_CPU_S


class Fault(Exception):  # noqa: N818  it is what is looked for
    """Something that must not happen; `key` is the same for all cases that show the same."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"{key}\n{detail}" if detail else key)
        self.key = key


def fault_of(error: BaseException) -> Fault:
    """Return the fault that an exception is: its kind, and the last place in the package or in the tests."""
    if isinstance(error, Fault):
        return error
    trace = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in trace if f"{os.sep}factsheet{os.sep}" in frame.filename] or list(trace)
    last = ours[-1] if ours else None
    place = f"{Path(last.filename).name}:{last.name}" if last is not None else "nowhere"
    return Fault(
        f"{type(error).__name__} in {place}", "".join(traceback.format_exception(error, limit=-12))[-3000:]
    )


def put(folder: Path, case: Case) -> None:
    """Write the files of a case into a folder."""
    for name, content in case.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def try_case(target: Target, case: Case, folder: Path) -> Fault | None:
    """Run a case in a folder that is the working directory meanwhile; `None` where nothing is wrong."""
    put(folder, case)
    before = Path.cwd()
    os.chdir(folder)
    try:
        target.run(folder, case)
    except (SystemExit, Exception) as error:  # noqa: BLE001  whatever comes is what is looked for
        return fault_of(error)
    finally:
        os.chdir(before)
    return None


def text_of(case: Case, target: str, *, found: str = "", seed: str = "") -> str:
    """Return a case as the text of a file that `case_in` reads."""
    files = {}
    for name, content in case.files.items():
        try:
            files[name] = content.decode("utf-8")
            json.dumps(files[name])
        except UnicodeDecodeError:
            files[name] = {"base64": b64encode(content).decode()}  # type: ignore[assignment]
    data = {"target": target, "found": found, "seed": seed, "arguments": [*case.arguments], "files": files}
    return json.dumps(data, indent=1) + "\n"


def case_in(text: str) -> tuple[str, Case]:
    """Return the target's name and the case that a text holds."""
    data = json.loads(text)
    files = {
        name: content.encode() if isinstance(content, str) else b64decode(content["base64"])
        for name, content in data["files"].items()
    }
    return data["target"], Case(files, tuple(data["arguments"]))


class Ran(NamedTuple):
    """What a command came to."""

    status: int
    out: str
    err: str


@contextmanager
def _streams() -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    held = sys.stdin, sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.BytesIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(), "utf-8")
    sys.stdout, sys.stderr = (io.TextIOWrapper(one, "utf-8", write_through=True) for one in (out, err))
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = held


def run_command(*arguments: str) -> Ran:
    """Run the program in this process, and hold it to what it promises of any input.

    Raises:
        Fault: it called the input a fault of its own, showed a traceback, ended with a status that it does not have,
            or wrote what drives a terminal, or far too much.
    """
    os.environ["FACTSHEET_DEBUG"] = "1"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with _streams() as (out, err):
        status = run(arguments)
        ran = Ran(status, *(one.getvalue().decode("utf-8", "surrogateescape") for one in (out, err)))
    if ran.status == 3:
        raise Fault(_where(ran.err), f"factsheet {' '.join(arguments)}\n{ran.err[-3000:]}")
    if ran.status not in {0, 1, 2}:
        raise Fault(f"exit status {ran.status}", f"factsheet {' '.join(arguments)}\n{ran.err[-1000:]}")
    for name, text in (("output", ran.out), ("errors", ran.err)):
        driving = DRIVES_A_TERMINAL.search(text)
        if driving is not None and not _is_binary(arguments):
            around = text[max(driving.start() - 80, 0) : driving.end() + 40]
            raise Fault(
                f"{driving[0]!r} in the {name} of {arguments[0]}",
                f"factsheet {' '.join(arguments)}\n{around!r}",
            )
        if "Traceback (most recent call last)" in text:
            raise Fault(f"a traceback in the {name} of {arguments[0]}", text[-3000:])
        if len(text) > MOST_OUTPUT:
            raise Fault(f"{arguments[0]} writes {len(text) / 10**6:.0f} MB")
    return ran


def _is_binary(arguments: tuple[str, ...]) -> bool:
    return "pdf" in arguments or "parquet" in arguments


def _where(trace: str) -> str:
    """Return the key of a traceback in words, as `fault_of` has it."""
    frames = re.findall(r'File "([^"]*[/\\]factsheet[/\\][^"]*)", line \d+, in (\S+)', trace)
    frames = [frame for frame in frames if not frame[0].endswith(("cli/run.py", "cli/app.py"))] or frames
    kind = trace.rstrip().rpartition("\n")[2].partition(":")[0].rpartition(".")[2]
    kinds = re.findall(r"^([\w.]+(?:Error|Exception|Warning|Exit|Interrupt))\b", trace, re.MULTILINE)
    name = kinds[-1].rpartition(".")[2] if kinds else kind
    return f"{name} in {Path(frames[-1][0]).name}:{frames[-1][1]}" if frames else f"exit 3, {name}"


def refused(read: Callable[[], object]) -> str:
    """Return the message that a source is refused with, empty where it is read; it has to say what is wrong.

    Raises:
        Fault: the message is empty, or far too long, or holds what drives a terminal.
    """
    try:
        read()
    except FactsheetError as error:
        message = error.diagnostics()
        if not message.strip():
            raise Fault(f"an empty {type(error).__name__}") from error
        if len(message) > MOST_MESSAGE:
            raise Fault(f"a message of {type(error).__name__} is far too long", message[:500]) from error
        return message
    return ""
