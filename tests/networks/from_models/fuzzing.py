"""Configs and headers with one field changed to what nobody means: nothing, too much, another kind.

`python fuzzing.py` runs all of them, some thousands, and prints those that break a bound; the tests run some.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from configs import CONFIGS
from test_hub import MULTIMODAL, SIDE_BY_SIDE

from factsheet.errors import FactsheetError
from factsheet.networks.family import Run
from factsheet.networks.from_models import huggingface, safetensors_header

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUES: tuple[object, ...] = (0, -1, 10**18, "x", None, [])
MAX_SECONDS = 10.0
MAX_BYTES = 10**9
_MAX_MESSAGE = 1200


class Outcome(NamedTuple):
    """What came of a case."""

    message: str
    """Of the error; empty where the file was read."""
    seconds: float
    grown: int
    """Bytes that memory grew by."""

    @property
    def is_bounded(self) -> bool:
        """Whether it took no longer, no more memory and no more words than it may."""
        brief = "\n" not in self.message and len(self.message) <= _MAX_MESSAGE
        return brief and self.seconds <= MAX_SECONDS and self.grown <= MAX_BYTES


def config_cases(values: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield a config with each field changed, those that its type has by default among them."""
    import transformers

    kind = values["model_type"]
    whole = json.loads(json.dumps(transformers.CONFIG_MAPPING[kind].from_dict(values).to_dict(), default=str))
    whole |= {"model_type": kind, "architectures": values["architectures"]}
    for path in _paths(whole):
        for value in VALUES:
            yield f"{kind}: {'.'.join(path)} = {value!r}", _changed(whole, path, value)


def header_cases() -> Iterator[tuple[str, bytes]]:
    """Yield a safetensors file with each field of its header changed, and with other lengths of the header."""
    header = {
        "__metadata__": {"format": "pt"},
        "a.weight": {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]},
        "q.qweight": {"dtype": "I32", "shape": [2, 8], "data_offsets": [48, 112]},
        "q.scales": {"dtype": "F16", "shape": [1, 8], "data_offsets": [112, 128]},
        "q.qzeros": {"dtype": "I32", "shape": [1, 1], "data_offsets": [128, 132]},
    }
    further: tuple[object, ...] = (
        *VALUES,
        [0],
        [-1, 3],
        [10**18, 10**18],
        [0, 0],
        ["x"],
        [None],
        {},
        True,
        1.5,
        "F64",
    )
    for path in _paths(header):
        for value in further:
            yield f"{'.'.join(path)} = {value!r}", _file(json.dumps(_changed(header, path, value)).encode())
    for length in (0, 1, 7, 131, 2**31, 2**63, 2**64 - 1):
        yield f"a header of {length}", length.to_bytes(8, "little") + json.dumps(header).encode() + bytes(132)
    for text in (
        b"",
        b"[]",
        b"3",
        b'"x"',
        b"null",
        b"{",
        b"[" * 100_000,
        b'{"a": ' * 50_000,
        b'{"a": 1e999}',
        b"\xff",
    ):
        yield f"a header {text[:12]!r}", _file(text)


def run_config(folder: Path, values: dict[str, object]) -> Outcome:
    """Read a config."""
    (folder / "config.json").write_text(json.dumps(values), "utf-8")
    return _run(lambda: huggingface.read(folder / "config.json", Run(8)))


def run_header(folder: Path, content: bytes) -> Outcome:
    """Read a safetensors file."""
    (folder / "m.safetensors").write_bytes(content)
    return _run(lambda: safetensors_header.read(folder / "m.safetensors"))


def _run(read: object) -> Outcome:
    before, began, message = _memory(), time.monotonic(), ""
    try:
        read()  # type: ignore[operator]
    except FactsheetError as error:
        message = error.diagnostics()
    return Outcome(message, time.monotonic() - began, _memory() - before)


def _memory() -> int:
    """Return the bytes in memory, where the system says it; 0 elsewhere."""
    file = Path("/proc/self/statm")
    return int(file.read_text().split()[1]) * 4096 if file.exists() else 0


def _paths(values: dict[str, object], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in values.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))


def _changed(values: dict[str, object], path: tuple[str, ...], value: object) -> dict[str, object]:
    whole = json.loads(json.dumps(values))
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return dict(whole)


def _file(header: bytes) -> bytes:
    return len(header).to_bytes(8, "little") + header + bytes(132)


def main() -> int:
    """Run every case."""
    import tempfile

    count = broken = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, content in header_cases():
            count, broken = count + 1, broken + _said(what, run_header(folder, content))
        for values in (
            *CONFIGS.values(),
            *(values for values, _ in MULTIMODAL.values()),
            *SIDE_BY_SIDE.values(),
        ):
            run_config(folder, values)  # what is imported for it is no part of a case
            for what, changed in config_cases(values):
                count, broken = count + 1, broken + _said(what, run_config(folder, changed))
    return int(broken > 0)


def _said(what: str, outcome: Outcome) -> int:
    if not outcome.is_bounded:
        pass
    return int(not outcome.is_bounded)


if __name__ == "__main__":
    sys.exit(main())
