"""Read names and texts of JSON-LD as files of data sets have them, without following any context.

A key is the same with a prefix or as an address: `name`, `sc:name` and `https://schema.org/name`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.importing.reading import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST: Final = 10_000


def node_of_type(data: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """Return the object of a type: the file's own, or the first in its graph; empty where there is none."""
    graph = data.get("@graph")
    nodes = [data, *(graph[:_MOST] if isinstance(graph, list) else ())]
    of_kind = (
        node
        for node in nodes
        if isinstance(node, dict) and any(_short(str(one)) == kind for one in _listed(node.get("@type")))
    )
    return next(of_kind, {})


def items(node: Mapping[str, Any], key: str) -> Iterator[Any]:
    """Yield the values of a key, one by one where they are a list."""
    for name, value in node.items():
        if _short(str(name)) == key:
            yield from _listed(value)


def texts(node: Mapping[str, Any], key: str) -> Iterator[str]:
    """Yield the values of a key that are text: in English where they are by language, of an object its address."""
    for value in items(node, key):
        if (text := line_of(_text(value))) is not None:
            yield text


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, dict):
        return value
    for key in ("@value", "en", "url", "@id", "name"):
        if isinstance(value.get(key), str):
            return value[key]
    return next((one for one in value.values() if isinstance(one, str)), None)


def _listed(value: Any) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else [] if value is None else [value]


def _short(key: str) -> str:
    return re.split(r"[:/#]", key)[-1]
