"""Where nodes are run: the values around them, and what runs a graph within a graph."""

from __future__ import annotations

from collections import ChainMap
from typing import TYPE_CHECKING, NamedTuple, Protocol

from factsheet.networks.from_models.graph.shapes import ShapeInference

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from onnx import AttributeProto, GraphProto

    from factsheet.errors import WorkloadError
    from factsheet.networks.from_models.graph.recorder import Recorder
    from factsheet.networks.from_models.graph.values import Value


class Scope(NamedTuple):
    """Where nodes are run."""

    values: MutableMapping[str, Value]
    path: str = ""
    """What the names of nodes without one start with."""
    inference: ShapeInference = ShapeInference({})
    attributes: Mapping[str, AttributeProto] = {}
    """Attributes of the function that is run."""
    depth: int = 0

    def inner(self, path: str, values: Mapping[str, Value]) -> Scope:
        """Return the scope of a subgraph, which sees the values around it."""
        return self._replace(values=ChainMap(dict(values), self.values), path=path, depth=self.depth + 1)


class GraphRunner(Protocol):
    """What runs the graphs of branches and loops."""

    recorder: Recorder
    notes: dict[str, None]
    """What is to be said of branches and loops."""

    def graph(self, graph: GraphProto, scope: Scope) -> list[Value]:
        """Run the nodes of a graph and return its outputs."""
        ...

    def wrong(self, what: str) -> WorkloadError:
        """Return the error of a graph that cannot be run."""
        ...
