"""The elements of an SPDX 3 document by their identifiers, with what is said of each in relationships."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.importing.reading import line_of
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.authoring.importing.reading import SourceText

Node = dict[str, Any]

_MODEL: Final = "ai_AIPackage"
_NAMES: Final = frozenset({"spdxId", "@id", "type", "@type"})
_NAMED: Final = re.compile(r"([A-Za-z][\w.-]*):(?!//)(.*)", re.DOTALL)


class ElementGraph:
    """Elements by their identifiers. An element that is written inside another one is found as well."""

    def __init__(self, data: Mapping[str, Any], text: SourceText) -> None:
        """Index a document.

        Raises:
            UsageError: two elements have one identifier, and say different things.
        """
        self._prefixes = _prefixes_in(data.get("@context"))
        self._by_id: dict[str, Node] = {}
        self._relations: dict[str, list[Node]] = {}
        self.nodes: list[Node] = []
        for node in _nodes(data.get("@graph", [dict(data)])):
            name = self.id_of(node)
            if node.keys() <= _NAMES:  # a reference
                continue
            if name and (same := self._by_id.setdefault(name, node)) is not node:
                if same == node:
                    continue
                raise UsageError(
                    f"{text.name} has two elements of one identifier",
                    f"they say different things of {line_of(name) or 'one thing'}",
                    "give each element an `spdxId` of its own",
                )
            self.nodes.append(node)
            if "relationshipType" in node and (start := self.id_of(node.get("from"))):
                self._relations.setdefault(start, []).append(node)

    def id_of(self, value: object) -> str:
        """Return the identifier of an element or of a reference to one; empty where there is none."""
        if isinstance(value, dict):
            value = value.get("spdxId", value.get("@id"))
        if not isinstance(value, str):
            return ""
        named = _NAMED.fullmatch(value)
        return self._prefixes[named[1]] + named[2] if named and named[1] in self._prefixes else value

    def node(self, value: object) -> Node:
        """Return an element by a reference to it; what is written in its place; nothing where it is not there."""
        found = self._by_id.get(self.id_of(value))
        return found if found is not None else value if isinstance(value, dict) else {}

    def related(self, node: Node, kind: str) -> Iterator[object]:
        """Yield what an element is related to."""
        for relation in self._relations.get(self.id_of(node), ()):
            if relation.get("relationshipType") == kind:
                yield from listed(relation.get("to"))

    def relations(self, node: Node) -> Iterator[tuple[str, object]]:
        """Yield every relation of an element: its kind, and what it leads to."""
        for relation in self._relations.get(self.id_of(node), ()):
            for end in listed(relation.get("to")):
                yield line_of(relation.get("relationshipType")) or "relationship", end

    def models(self) -> list[Node]:
        """Return the model that the document is about; all that it has, where that is not one."""
        models = [node for node in self.nodes if type_of(node) == _MODEL]
        roots = [model for model in models if self.id_of(model) in self._roots()]
        return roots if len(roots) == 1 else models

    def _roots(self) -> set[str]:
        """Return what the document is about, and what its collections are about."""
        known: set[str] = set()
        tried = [root for node in self.nodes for root in listed(node.get("rootElement"))]
        while tried:
            name = self.id_of(tried.pop())
            if name not in known:
                known.add(name)
                tried += listed(self._by_id.get(name, {}).get("rootElement"))
        return known


def type_of(node: Mapping[str, Any]) -> str:
    """Return the class of an element in its short form, `ai_AIPackage`."""
    found = node.get("type", node.get("@type"))
    return found if isinstance(found, str) else ""


def listed(value: object) -> list[Any]:
    """Return the entries of a list; one that is written without its list is a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def lines_in(value: object) -> list[str]:
    """Return the texts of a list, each as one line."""
    return [line for one in listed(value) if (line := line_of(one))]


def _nodes(graph: object) -> Iterator[Node]:
    """Yield every object of JSON, in the order of the file."""
    places = [graph]
    while places:
        place = places.pop()
        if isinstance(place, dict):
            yield place
            places += reversed([inner for inner in place.values() if isinstance(inner, dict | list)])
        elif isinstance(place, list):
            places += reversed([inner for inner in place if isinstance(inner, dict | list)])


def _prefixes_in(context: object) -> dict[str, str]:
    return {
        prefix: meant
        for part in listed(context)
        if isinstance(part, dict)
        for prefix, meant in part.items()
        if isinstance(meant, str)
    }
