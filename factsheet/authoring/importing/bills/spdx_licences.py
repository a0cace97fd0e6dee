"""Name the licence that an SPDX 3 document gives a package: an expression, a listed or a custom licence, or a set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from factsheet.authoring.importing.bills.spdx_graph import listed, type_of
from factsheet.authoring.importing.reading import line_of

if TYPE_CHECKING:
    from factsheet.authoring.importing.bills.spdx_graph import ElementGraph

_DEEPEST: Final = 8
_JOINTS: Final = {
    "expandedlicensing_ConjunctiveLicenseSet": " AND ",
    "expandedlicensing_DisjunctiveLicenseSet": " OR ",
}


def licence_name(graph: ElementGraph, value: object, depth: int = 0) -> str | None:
    """Return a licence as people name it; `None` where nothing is known of it.

    Args:
        graph: the document.
        value: the licence, or a reference to it.
        depth: how many sets of licences it is in.
    """
    node, name = graph.node(value), graph.id_of(value)
    joint = _JOINTS.get(type_of(node))
    if joint and depth < _DEEPEST:
        members = listed(node.get("expandedlicensing_member"))
        named = [licence_name(graph, member, depth + 1) for member in members]
        said = joint.join(dict.fromkeys(filter(None, named)))
        return f"({said})" if said and depth and len(members) > 1 else said or None
    called = line_of(node.get("name"))
    expression = line_of(node.get("simplelicensing_licenseExpression"))
    if expression:
        return called if called and expression.startswith("LicenseRef-") else expression
    if "spdx.org/licenses/" in name:
        return line_of(name.rstrip("/").rpartition("/")[2])
    return called
