"""Plain data to YAML text: block style, keys in their order, digits as written, and nothing that reads differently."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from factsheet.source.scalars import NUMBER_FIRST, WORDS, WrittenFloat, WrittenInt, resolve_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import ScalarNode
    from ruamel.yaml.representer import BaseRepresenter

_WIDTH = 100
_LONG = 80
"""Characters from which a text goes below its key."""
_MOST_DIGITS = 300
_TEXT, _INT, _FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float"))


def dump_yaml(data: Mapping[str, object]) -> str:
    """Write a mapping of mappings, lists and scalars as YAML; an empty line separates its top-level sections.

    What `factsheet.source.loader` reads from the text is this data again.
    """
    blocks: list[str] = []
    for key, value in data.items():
        stream = io.StringIO()
        _yaml().dump({key: value}, stream)
        separated = isinstance(value, dict | list | tuple) and bool(value)
        blocks.append(f"\n{stream.getvalue()}" if separated and blocks else stream.getvalue())
    return "".join(blocks)


def _yaml() -> YAML:
    from ruamel.yaml import YAML  # only where YAML is written

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = _WIDTH
    yaml.allow_unicode = True
    yaml.representer.ignore_aliases = lambda _data: True  # equal parts are written out each time
    for kind in (tuple, list):
        yaml.representer.add_representer(
            kind, lambda representer, data: representer.represent_list(list(data))
        )
    yaml.representer.add_representer(str, _text)
    yaml.representer.add_representer(float, _float)
    for number in (WrittenInt, WrittenFloat):
        yaml.representer.add_representer(number, _written)
    return yaml


def _text(representer: BaseRepresenter, text: str) -> ScalarNode:
    """Return a scalar in the plainest style that reads back as this text."""
    style = None
    if "\n" in text and _is_simple_block(text):
        style = "|"
    elif _reads_otherwise(text):
        style = '"'
    elif len(text) > _LONG and text == text.strip() and "  " not in text:
        style = ">"
    return representer.represent_scalar(_TEXT, text, style=style)


def _is_simple_block(text: str) -> bool:
    """Return whether every line can be written below its key as it is."""
    return all(line == line.strip() and line.isprintable() for line in text.split("\n"))


def _reads_otherwise(text: str) -> bool:
    """Return whether a plain scalar would be read as something else, or is refused for what others make of it."""
    if text in WORDS or not text.isprintable():
        return True
    return text[:1] in NUMBER_FIRST and resolve_number(text, _MOST_DIGITS) is not text


def _written(representer: BaseRepresenter, number: WrittenInt | WrittenFloat) -> ScalarNode:
    return representer.represent_scalar(_INT if isinstance(number, WrittenInt) else _FLOAT, number.text)


def _float(representer: BaseRepresenter, number: float) -> ScalarNode:
    return representer.represent_scalar(_FLOAT, repr(number))
