"""What a part of a sheet is, apart from how it is validated.

The models of the schema derive from these classes, and so do the stand-ins that `factsheet.sheet.precompiled`
builds when a sheet is checked without loading pydantic's model machinery: code that walks a sheet asks for
these and works on both.
"""

from __future__ import annotations


class Node:
    """A mapping of the sheet with known keys."""

    __slots__ = ()


class SectionNode(Node):
    """A top-level section."""

    __slots__ = ()


class ProvenanceNode(Node):
    """Where figures come from; also the base of what carries provenance beside its own keys."""

    __slots__ = ()


class SourcedNode(Node):
    """A mapping whose key `source` names references."""

    __slots__ = ()


MARKERS: tuple[type[Node], ...] = (Node, SectionNode, ProvenanceNode, SourcedNode)
