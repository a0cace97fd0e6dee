"""Writes the schema's validator down as data, so that checking a sheet need not build it from the models.

Building the models takes longer than all else that `factsheet validate` does. Pydantic's own intermediate form,
the core schema, is plain data but for the classes to instantiate and the functions to call; here these are
replaced by their names. `factsheet.sheet.precompiled` reads the result.
"""

from __future__ import annotations

import json
import re
from typing import Any

from factsheet.facts.kind import Kind
from factsheet.facts.section import MARKERS, Node
from factsheet.sheet.model import FactSheet
from factsheet.sheet.precompiled import CLASS, FUNCTION

_ADDRESS = re.compile(r"(?<=\w):\d{6,}$")
"""What pydantic appends to a definition's name: the class's address, another in every run."""
_DROPPED = frozenset({"metadata", "serialization"})


def precompiled_text() -> str:
    """The core schema as JSON: a list of its nodes, each once and after those that it holds, one a line.

    A node names another one by its position, `#12`. Most fields are alike, so that this is a quarter of the nested
    form, and read in a quarter of the time.

    Raises:
        TypeError: the models use a feature of pydantic that can not be written down.
    """
    FactSheet.model_rebuild()
    nodes: dict[str, int] = {}
    _store(_plain(FactSheet.__pydantic_core_schema__), nodes)
    return "[\n" + ",\n".join(nodes) + "\n]\n"


def _store(node: Any, nodes: dict[str, int]) -> Any:
    """Put a node behind those that it holds; what stands for it where it is held."""
    if isinstance(node, dict):
        text = json.dumps({key: _store(value, nodes) for key, value in node.items()}, ensure_ascii=False)
        return f"#{nodes.setdefault(text, len(nodes))}"
    if isinstance(node, list):
        return [_store(entry, nodes) for entry in node]
    return node


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items() if key not in _DROPPED}
    if isinstance(node, list | tuple):
        return [_plain(entry) for entry in node]
    if isinstance(node, str):
        return _ADDRESS.sub("", node)
    if node is None or isinstance(node, int | float):
        return node
    if isinstance(node, type) and issubclass(node, Node):
        marker = next(base for base in node.__mro__ if base in MARKERS)
        return {CLASS: [node.__name__, marker.__name__]}
    kind = getattr(node, "__self__", None)
    if isinstance(kind, Kind):
        slots: tuple[str, ...] = type(kind).__slots__
        arguments = [getattr(kind, slot) for slot in slots]
        return {FUNCTION: [type(kind).__name__, node.__name__, *arguments]}
    raise TypeError(f"the schema uses {node!r}, which can not be written down as data")


if __name__ == "__main__":
    from pathlib import Path

    from factsheet.source.writing import write_atomic

    write_atomic(Path(__file__).with_name("precompiled.json"), precompiled_text())
