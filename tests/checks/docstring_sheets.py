"""Snippets of the rules' docstrings made into whole sheets, so that they can be checked.

A snippet shows as little as a reader needs. A whole sheet, which begins with `factsheet:`, is taken as it is.
Otherwise each of its keys goes to the place nearest the top where the schema has a field of that name, and a list to
the list nearest the top whose entries have such keys; what else it takes to make the point stands in `CONTEXT`.
"""

from __future__ import annotations

import typing
from datetime import date
from typing import TYPE_CHECKING

import yaml

from factsheet.checks.settings import Settings
from factsheet.facts.section import Record
from factsheet.sheet.model import SheetFields

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Path = tuple[str | int, ...]

MINIMAL = """\
factsheet: 1
overview:
  name: Example
  model: BERT-base
"""

_TABLE = """\
performance:
  results:
    - name: GLUE
      systems: [{id: digital, name: Digital, kind: digital}, {id: analog, name: Analog, kind: analog}]
      tasks:
        - {task: MNLI, scores: {digital: 83.49 %, analog: 82.12 %}}
        - {task: STS-B, scores: {digital: 78.97 %, analog: 79.02 %}}
"""
_AVERAGES = """\
      averages: {digital: 81.23 %, analog: 80.57 %}
"""
_ENCODER = """\
model_architecture:
  transformer_encoder:
    {layers: 12, hidden_size: 768, heads: 12, intermediate_size: 3072, vocabulary: 30522, positions: 512,
     token_types: 2, pooler: true}
"""
_REFERENCES = """\
references:
  - {id: devlin-2019, title: BERT, doi: 10.18653/v1/N19-1423}
"""

_DEEPEST = 12

CONTEXT: dict[str, str] = {
    "FS201": _TABLE,
    "FS202": _TABLE + _AVERAGES,
    "FS204": _TABLE,
    "FS210": _TABLE,
    "FS211": _TABLE,
    "FS217": _TABLE,
    "FS3": _ENCODER,
    "FS308": "",  # it brings its own networks
    "FS501": _REFERENCES,
}
"""What the snippets of a rule take for granted, by id or by the beginning of ids."""

SETTINGS: dict[str, Settings] = {
    "FS252": Settings(today=date(2026, 11, 30)),
    "FS401": Settings(roles=("business-expert",)),
}
"""Settings that a rule waits for, by id."""

NOT_RUN: dict[str, str] = {
    "FS507": "asks the network; its own tests answer in the network's place",
}
"""Rules whose snippets cannot be run, by id, each with the reason."""


def sheet_of_text(snippet: str) -> str:
    """A whole sheet out of a snippet that is refused, or that lives by its comments: text behind text."""
    begins_a_sheet = snippet.removeprefix("%YAML 1.1\n---\n").lstrip("#- ").startswith("factsheet:")
    first_line = MINIMAL.partition("\n")[0] + "\n"
    return snippet if begins_a_sheet else (first_line if "overview:" in snippet else MINIMAL) + snippet + "\n"


def sheet_of_snippet(snippet: str, rule_id: str) -> str:
    """A whole sheet that holds a snippet of a rule's docstring."""
    if snippet.startswith("factsheet:"):
        return snippet
    context = CONTEXT.get(rule_id, CONTEXT.get(rule_id[:3], ""))
    sheet = _node(MINIMAL + context)
    fragment = _node(snippet)
    if isinstance(fragment, yaml.SequenceNode):
        _put(sheet, _home_of_entries(fragment), fragment)
    else:
        assert isinstance(fragment, yaml.MappingNode), snippet
        for key, value in fragment.value:
            _put(sheet, _home_of_key(key.value), value)
    text: str = yaml.serialize(sheet, Dumper=yaml.SafeDumper, allow_unicode=True, width=1000)
    return text


def _home_of_key(key: str) -> Path:
    homes = [(*path, key) for path, record in _records() if key in record.model_fields]
    return _nearest(homes, key)


def _home_of_entries(entries: yaml.SequenceNode) -> Path:
    keys = {key.value for entry in entries.value for key, _ in entry.value}
    homes = [
        path[:-1] for path, record in _records() if path[-1:] == (0,) and keys <= set(record.model_fields)
    ]
    return _nearest(homes, ", ".join(sorted(keys)))


def _nearest(homes: Sequence[Path], what: str) -> Path:
    assert homes, f"the schema has no place for {what}"
    depth = min(map(len, homes))
    nearest = [home for home in homes if len(home) == depth]
    assert len(nearest) == 1, f"{what} could go to {nearest}; name the section in the snippet"
    return nearest[0]


def _records() -> Iterator[tuple[Path, type[Record]]]:
    """Every record of the schema with the place of its first occurrence; 0 for the entries of a list."""
    found: list[tuple[Path, type[Record]]] = [((), SheetFields)]
    for path, record in found:  # grows as it is read
        assert len(path) < _DEEPEST, "a record of the schema holds itself"
        yield path, record
        for name, field in record.model_fields.items():
            for below, many in _records_in(field.annotation):
                found.append(((*path, name, 0) if many else (*path, name), below))


def _records_in(annotation: object, *, many: bool = False) -> Iterator[tuple[type[Record], bool]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation, many
    many = many or typing.get_origin(annotation) is tuple
    for argument in typing.get_args(annotation):
        yield from _records_in(argument, many=many)


def _node(text: str) -> yaml.Node:
    node = yaml.compose(text, yaml.SafeLoader)
    assert node is not None, "a snippet holds no YAML"
    return node


def _put(node: yaml.Node, path: Path, value: yaml.Node) -> None:
    """Put a value at a path below a node; an old value is joined if both are mappings, and replaced if not."""
    part, *rest = path
    if isinstance(node, yaml.SequenceNode):
        assert isinstance(part, int), path
        _put(node.value[part], tuple(rest), value)
        return
    assert isinstance(node, yaml.MappingNode), path
    for position, (key, old) in enumerate(node.value):
        if key.value == part:
            if rest:
                _put(old, tuple(rest), value)
            elif isinstance(old, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
                for below, inner in value.value:
                    _put(old, (below.value,), inner)
            else:
                node.value[position] = (key, value)
            return
    assert not any(isinstance(name, int) for name in rest), f"the context has no list at {path}"
    for name in reversed(rest):
        value = yaml.MappingNode("tag:yaml.org,2002:map", [(_name(str(name)), value)])
    node.value.append((_name(str(part)), value))


def _name(text: str) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text)
