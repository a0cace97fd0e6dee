"""Run every command over a broad set of inputs with two checkouts, and show where their behaviour differs.

    python benchmarks/behaviour.py BEFORE AFTER [--python PYTHON] [--only TEXT] [--details N]

Cases are in `behaviour.yaml`: the sheets, the tests' examples, the benchmarks' inputs, the README's commands and wrong
usage. Inputs are those of the checkout before, for both, so that only the program changes. Most cases run in one
interpreter a checkout, through the function that the console script calls; some run as processes of their own. What a
case puts out, its exit status and the files that it leaves are compared after paths, versions and times are taken out.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import difflib
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).with_name("behaviour.yaml")
CANNOT_RUN = 4
LIMIT_S = 300
"""What one case may take; a case that takes longer is reported as one that timed out."""
COPIED = ("sheets", "tests/examples", "tests/checks/published", "benchmarks/sheet_150.yaml", "examples")
EPOCH = "1764547200"
"""The time that pages and PDF files carry (SOURCE_DATE_EPOCH)."""
UNSET = ("PYTHON", "FORCE_COLOR", "NO_COLOR", "FACTSHEET_")
"""Variables, by how they begin, that no case sees."""
FIGURES = re.compile(r"FS\d+|\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?|[✓✗≈±–]")
SCRUBBED = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?"), "TIME"),
    (re.compile(r"\bfactsheet \d+\.\d+\.\d+\S*"), "factsheet VERSION"),
    (re.compile(rf"{re.escape(tempfile.gettempdir())}/\S*?(?=[\s:;,`'\")]|$)"), "PATH"),
    (re.compile(r"0x[0-9a-f]{6,}"), "ADDRESS"),
    (re.compile(r"sha256-[\w+/]{43}="), "sha256-HASH"),
    (re.compile(r'("fingerprint": )"[0-9a-f]{64}"'), r'\1"HASH"'),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One run of the program."""

    name: str
    arguments: list[str]
    stdin: str = ""
    copy: list[str] = field(default_factory=list)
    """Inputs that are copied into the working directory, because the command writes to them."""
    environment: dict[str, str] = field(default_factory=dict)
    process: bool = False


@dataclass(slots=True)
class Outcome:
    """The status, the output and the files of one run."""

    status: int | str
    stdout: str
    stderr: str
    files: dict[str, str]


class TimedOutError(BaseException):
    """A case took too long. Not an `Exception`: the program's last net would take it for a bug of its own."""


def main() -> int:
    """Compare two checkouts; the exit status is 1 where something other than wording differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument(
        "--python", default=sys.executable, help="interpreter for both; it has the dependencies"
    )
    parser.add_argument("--only", default="", help="run the cases whose command line has this text")
    parser.add_argument("--details", type=int, default=12, help="lines of each difference that are shown")
    parser.add_argument(
        "--outcomes", type=Path, help="keep the outcomes before in this file, and take them from it"
    )
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run is not None:
        return work(given.run, given.before, int(str(given.after)))
    with tempfile.TemporaryDirectory() as scratch:
        inputs = Path(scratch) / "inputs"
        prepare(given.before, inputs)
        cases = [case for case in cases_of(inputs) if given.only in case.name]
        started = time.monotonic()
        before, after = both(given, Path(scratch), cases)
        print(f"{len(cases)} cases, {time.monotonic() - started:.0f} s\n")
        return report(cases, before, after, given.details)


def prepare(checkout: Path, inputs: Path) -> None:
    """Copy what commands read into a folder that no checkout can change."""
    for name in COPIED:
        source, target = checkout / name, inputs / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copy(source, target)
    written = data()
    for name, edit in written["edited"].items():
        text = (inputs / edit["of"]).read_text(encoding="utf-8")
        for old, new in edit["replace"]:
            if old not in text:
                raise SystemExit(f"{name}: {edit['of']} does not have {old!r}; correct {CASES.name}")
            text = text.replace(old, new)
        written["files"][name] = text
    for name, text in written["files"].items():
        file = inputs / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def data() -> dict[str, Any]:
    """Return the cases as written."""
    import yaml

    found: dict[str, Any] = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return found


def cases_of(inputs: Path) -> list[Case]:
    """Return every case, one for each combination of what its `$NAMES` stand for."""
    written = data()
    groups = {name: sorted(expanded(inputs, patterns)) for name, patterns in written["groups"].items()}
    cases = []
    for entry in written["cases"]:
        options: dict[str, Any] = {"run": entry} if isinstance(entry, str) else dict(entry)
        line = options.pop("run")
        every = int(options.pop("every", 1))
        names = [name for name in groups if re.search(rf"\${name}\b", line)]
        for values in list(product(*(groups[name] for name in names)))[::every]:
            full = line
            for name, value in zip(names, values, strict=True):
                full = re.sub(rf"\${name}\b", value.replace("\\", r"\\"), full)
            name = " ".join([full, *(f"[{option}: {value}]" for option, value in sorted(options.items()))])
            cases.append(Case(name, shlex.split(full.replace("@", "../../inputs/")), **options))
    return list({case.name: case for case in cases}.values())


def expanded(inputs: Path, patterns: list[str]) -> Iterator[str]:
    """Yield paths below the inputs, written `@path`, for each pattern that is one; other words as they are."""
    for pattern in patterns:
        if pattern.startswith("@"):
            yield from (f"@{file.relative_to(inputs).as_posix()}" for file in inputs.glob(pattern[1:]))
        else:
            yield pattern


def both(given: argparse.Namespace, scratch: Path, cases: list[Case]) -> tuple[list[Outcome], list[Outcome]]:
    """Run all cases with either checkout, side by side; those whose outcomes before are kept run only after."""
    kept: dict[str, Any] = {}
    if given.outcomes is not None and given.outcomes.is_file():
        kept = json.loads(given.outcomes.read_text(encoding="utf-8"))
    missing = [case for case in cases if case.name not in kept]
    with ThreadPoolExecutor() as pool:
        found = list(
            pool.map(
                lambda side: outcomes_of(*side, python=given.python),
                ((scratch / "first", given.before, missing), (scratch / "other", given.after, cases)),
            )
        )
    kept |= found[0]
    if given.outcomes is not None:
        given.outcomes.write_text(json.dumps(kept), encoding="utf-8")
    return [Outcome(**kept[case.name]) for case in cases], [Outcome(**found[1][case.name]) for case in cases]


def outcomes_of(folder: Path, checkout: Path, cases: list[Case], *, python: str) -> dict[str, Any]:
    """Run cases with a checkout in a folder; where a process dies, the next one goes on after that case."""
    folder.mkdir()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(UNSET)},
        "PYTHONPATH": str(checkout.resolve()),
        "SOURCE_DATE_EPOCH": EPOCH,
        "PYTHONHASHSEED": "0",
        "COLUMNS": "100",
    }
    (folder / "cases.json").write_text(json.dumps([asdict(case) for case in cases]), encoding="utf-8")
    written = folder / "outcomes.jsonl"
    written.touch()
    found: dict[str, Any] = {}
    while len(found) < len(cases):
        command = [python, __file__, "--run", str(folder), str(checkout.resolve()), str(len(found))]
        status = subprocess.run(command, env=environment, cwd=folder, check=False).returncode
        before = len(found)
        found |= dict(json.loads(line) for line in written.read_text(encoding="utf-8").splitlines())
        if status == CANNOT_RUN:
            raise SystemExit(status)
        if status and len(found) < len(cases):
            name = cases[len(found)].name
            died = Outcome(f"the process ended with {status}", "", "", {})
            with written.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps([name, asdict(died)]) + "\n")
            found[name] = asdict(died)
        elif len(found) == before:
            raise SystemExit(f"{checkout}: no case was run")
    return found


def work(folder: Path, checkout: Path, first: int) -> int:
    """Run the cases from the first on in this interpreter, and write what came of each."""
    with contextlib.suppress(OSError):
        os.nice(15)
    import factsheet

    if not str(Path(factsheet.__file__).resolve()).startswith(str(checkout)):
        print(f"{checkout}: its package was not imported, but {factsheet.__file__}", file=sys.stderr)
        return CANNOT_RUN
    entries = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    for number, entry in list(enumerate(entries))[first:]:
        case = Case(**entry)
        here = folder / f"case{number:05}"
        here.mkdir(exist_ok=True)
        for name in case.copy:
            shutil.copy(folder.parent / "inputs" / name, here / Path(name).name)
        outcome = (as_process if case.process else in_process)(case, here)
        outcome.stdout, outcome.stderr = (scrubbed(text, folder) for text in (outcome.stdout, outcome.stderr))
        outcome.files = dict(left_in(here, folder))
        with (folder / "outcomes.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps([case.name, asdict(outcome)]) + "\n")
        shutil.rmtree(here)
    return 0


def in_process(case: Case, here: Path) -> Outcome:
    """Call what the console script calls, with streams of our own."""
    from factsheet.cli.run import run

    buffers = {"stdin": io.BytesIO(case.stdin.encode()), "stdout": io.BytesIO(), "stderr": io.BytesIO()}
    streams = {
        name: io.TextIOWrapper(buffer, encoding="utf-8", newline=None if name == "stdin" else "\n")
        for name, buffer in buffers.items()
    }
    before = {name: getattr(sys, name) for name in streams}
    environment, path, signals = dict(os.environ), list(sys.path), signal.getsignal(signal.SIGINT)
    os.environ.update(case.environment)
    os.chdir(here)
    signal.signal(signal.SIGALRM, _time_is_up)
    signal.alarm(LIMIT_S)
    status: int | str
    try:
        for name, stream in streams.items():
            setattr(sys, name, stream)
        status = run(case.arguments)
    except TimedOutError:
        status = "timed out"
    except BaseException as error:  # noqa: BLE001  what gets this far is what a user would see as a traceback
        status = f"raised {type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
        for name, stream in before.items():
            setattr(sys, name, stream)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
        with contextlib.suppress(ValueError, TypeError):
            signal.signal(signal.SIGINT, signals)
        os.chdir(here.parent)
    for stream in streams.values():
        stream.flush()
    return Outcome(status, as_text(buffers["stdout"].getvalue()), as_text(buffers["stderr"].getvalue()), {})


def _time_is_up(*_: object) -> None:
    raise TimedOutError


def as_process(case: Case, here: Path) -> Outcome:
    """Run the program as users do."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "factsheet", *case.arguments],
            input=case.stdin.encode(),
            capture_output=True,
            check=False,
            cwd=here,
            env={**os.environ, **case.environment},
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return Outcome("timed out", "", "", {})
    return Outcome(done.returncode, as_text(done.stdout), as_text(done.stderr), {})


def left_in(here: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the files in a working directory, as text or else as a hash."""
    for file in sorted(
        path for path in here.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ):
        yield file.relative_to(here).as_posix(), scrubbed(as_text(file.read_bytes()), folder)


def as_text(raw: bytes) -> str:
    """Return the text, or size and hash of bytes that are none."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        kind = base64.b64encode(raw[:6]).decode()
        return f"{len(raw)} bytes, {kind}, {hashlib.sha256(raw).hexdigest()[:16]}"


def scrubbed(text: str, folder: Path) -> str:
    """Take out what differs from run to run: where the inputs are, versions, the time."""
    text = text.replace(str(folder.parent), "").replace(f"/{folder.name}/", "/here/")
    text = re.sub(r"/case\d{5}", "", text)
    for pattern, word in SCRUBBED:
        text = pattern.sub(word, text)
    return text


def report(cases: list[Case], before: list[Outcome], after: list[Outcome], details: int) -> int:
    """Print how many cases are the same, and the rest with like differences put together."""
    kinds: Counter[str] = Counter()
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for case, old, new in zip(cases, before, after, strict=True):
        kind = kind_of(old, new)
        kinds[kind] += 1
        for part, change in changes(old, new):
            groups[kind, f"{part}\n{change}"].append(case.name)
    for kind in ("identical", "wording only", "other"):
        print(f"{kinds[kind]:6}  {kind}")
    print()
    statuses = Counter(f"{one.status}" for one in before)
    print(
        "exit statuses before:", ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    )
    for kind in ("other", "wording only"):
        ordered = sorted(
            (item for item in groups.items() if item[0][0] == kind), key=lambda item: -len(item[1])
        )
        print(f"\n{'=' * 100}\n{kind}: {len(ordered)} different changes\n{'=' * 100}")
        for (_, change), names in ordered:
            print(
                f"\n{len(names)} x   {names[0][:200]}" + (f"   ...   {names[-1][:120]}" if names[1:] else "")
            )
            lines = change.splitlines()
            print("\n".join(f"    {line[:400]}" for line in lines[: details + 1]))
            if len(lines) > details + 1:
                print(f"    ... {len(lines) - details - 1} more lines")
    return 1 if kinds["other"] else 0


def kind_of(old: Outcome, new: Outcome) -> str:
    """Return `identical`, `wording only` (the same figures, ids, marks and JSON keys in the same order) or `other`."""
    if old == new:
        return "identical"
    if old.status != new.status or old.files.keys() != new.files.keys():
        return "other"
    pairs = [(old.stdout, new.stdout), (old.stderr, new.stderr)]
    pairs += [(text, new.files[name]) for name, text in old.files.items()]
    return "wording only" if all(skeleton(first) == skeleton(second) for first, second in pairs) else "other"


def skeleton(text: str) -> object:
    """Return what a text says besides its words."""
    with contextlib.suppress(ValueError):
        if text[:1] in "{[":
            return blanked(json.loads(text))
    return FIGURES.findall(text)


def blanked(value: object) -> object:
    """Return JSON with its words taken out of its texts."""
    if isinstance(value, dict):
        return {key: blanked(part) for key, part in value.items()}
    if isinstance(value, list):
        return [blanked(part) for part in value]
    return FIGURES.findall(value) if isinstance(value, str) else value


def changes(old: Outcome, new: Outcome) -> Iterator[tuple[str, str]]:
    """Yield each part that changed, with the lines that did."""
    if old.status != new.status:
        yield "exit status", f"- {old.status}\n+ {new.status}"
    for name in ("stdout", "stderr"):
        first, second = getattr(old, name), getattr(new, name)
        yield from ((name, change) for change in lines_of(first, second))
    for name in sorted({*old.files, *new.files}):
        first, second = old.files.get(name), new.files.get(name)
        if first is None or second is None:
            yield "files", f"{'+' if first is None else '-'} {name}"
        else:
            yield from ((f"file {name}", change) for change in lines_of(first, second))


def lines_of(first: str, second: str) -> Iterator[str]:
    """Yield each run of lines that differs, without where it is."""
    found = list(difflib.unified_diff(first.splitlines(), second.splitlines(), lineterm="", n=0))[2:]
    for within, lines in groupby(found, key=lambda line: not line.startswith("@@")):
        if within:
            yield "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
