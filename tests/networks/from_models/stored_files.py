"""Write small safetensors files, whose data are a hole in the file unless they are given."""

from __future__ import annotations

import json
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BITS = {
    "F32": 32,
    "I32": 32,
    "U32": 32,
    "F16": 16,
    "BF16": 16,
    "I64": 64,
    "U8": 8,
    "I8": 8,
    "I16": 16,
    "BOOL": 8,
    "F8_E4M3": 8,
}

Stored = tuple[str, tuple[int, ...]] | tuple[str, tuple[int, ...], bytes]


def write(path: Path, tensors: dict[str, Stored], metadata: dict[str, str] | None = None) -> Path:
    """Write a file of these tensors: type, shape, and bytes where they matter."""
    header: dict[str, object] = {} if metadata is None else {"__metadata__": metadata}
    end, data = 0, []
    for name, stored in tensors.items():
        size = prod(stored[1]) * BITS[stored[0]] // 8
        header[name] = {"dtype": stored[0], "shape": list(stored[1]), "data_offsets": [end, end + size]}
        if len(stored) > 2:
            data.append((end, stored[2]))
        end += size
    raw = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(raw).to_bytes(8, "little") + raw)
        file.truncate(8 + len(raw) + end)
        for begin, content in data:
            file.seek(8 + len(raw) + begin)
            file.write(content)
    return path


def floats(**shapes: tuple[int, ...]) -> dict[str, Stored]:
    """Return plain tensors of 32 bits; `__` in a name is a dot."""
    return {name.replace("__", "."): ("F32", shape) for name, shape in shapes.items()}
