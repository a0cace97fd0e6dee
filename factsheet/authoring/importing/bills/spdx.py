"""Read the model in a bill of materials, SPDX 3 in JSON-LD: its package of the AI profile, and its data sets.

Names are those of the model of SPDX 3.0.1 in the form that its JSON has, `ai_energyConsumption`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from factsheet.authoring.importing.bills.own_properties import Pairs, holds_a_sheet, own_pairs, take_sheet
from factsheet.authoring.importing.bills.spdx_graph import ElementGraph, lines_in, listed
from factsheet.authoring.importing.bills.spdx_licences import licence_name
from factsheet.authoring.importing.bills.spdx_profile import take_profile
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import line_of, read_json
from factsheet.authoring.importing.untouched import leave_untouched
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.bills.spdx_graph import Node
    from factsheet.authoring.importing.imported import Imported, ImportOptions
    from factsheet.authoring.importing.reading import SourceText

_OF_THE_FILE: Final = frozenset(
    {
        *("type", "@type", "spdxId", "@id", "creationInfo", "software_primaryPurpose", "externalRefType"),
        *("algorithm", "key", "ai_energyUnit"),
    }
)
"""Keys that say how the parts of a document hang together."""
_DIGESTS: Final = frozenset({"sha256", "sha384", "sha512"})
_ADDRESSES: Final = {
    "vcs": "setup.implementation",
    "license": "overview.licence_link",
    "support": "overview.contact",
}


def _recognises(path: Path, head: bytes) -> bool:
    if path.suffix.lower() in {".md", ".py", ".csv"} or not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
        b"{"
    ):
        return False
    return bool(re.search(rb'spdx\.org/rdf/3\.|"type"\s*:\s*"ai_AIPackage"|"spdxVersion"\s*:', head))


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  every reader is called alike
    """Return what a bill of materials says of its model.

    Raises:
        UsageError: it cannot be read, is of an earlier version than 3, or lists no model.
    """
    data, text = read_json(source)
    if version := line_of(data.get("spdxVersion")):
        raise UsageError(
            f"{text.name} is {version}",
            "before version 3, SPDX has no fields for models",
            "give the bill of materials in SPDX 3.0.1, as JSON-LD",
        )
    graph = ElementGraph(data, text)
    collected = Collected(text.name, KIND.words, text.left_out)
    models = graph.models()
    if not models:
        raise UsageError(
            f"{text.name} lists no model",
            "none of its elements is of the type ai_AIPackage",
            "give the bill of materials of the model",
        )
    if len(models) > 1:
        names = [name for model in models if (name := line_of(model.get("name")))]
        collected.ask(
            "overview.model",
            f"{text.name} @graph",
            f"{len(models):,} models",
            [(name, name) for name in names[:20]],
        )
        why = "the sheet is of one model; give a bill of materials of it alone, or name it as `rootElement`"
        collected.leave(text.name, f"what it says of {', '.join(names[:20])}", why)
        return collected.imported()
    (model,) = models
    pairs = _own_properties(graph, model)
    if holds_a_sheet(pairs):
        native = Collected(text.name, KIND.words)
        _package(native, graph, model, text)
        take_sheet(collected, pairs, native)
        return collected.imported()
    _package(collected, graph, model, text)
    take_profile(collected, graph, model, text)
    leave_untouched(collected, model, _OF_THE_FILE)
    return collected.imported()


def _own_properties(graph: ElementGraph, model: Node) -> Pairs:
    """Return the properties of an export of ours: of the model, its data sets and its hardware."""
    others = [node for node in graph.nodes if "extension" in node and node is not model]
    return [
        pair
        for node in (model, *others)
        for extension in listed(node.get("extension"))
        for pair in own_pairs(
            graph.node(extension).get("extension_cdxProperty"),
            "extension_cdxPropName",
            "extension_cdxPropValue",
        )
    ]


def _package(collected: Collected, graph: ElementGraph, model: Node, text: SourceText) -> None:
    """Take what the fields of a package hold as a sheet does."""
    for path, key in (
        ("overview.model", "name"),
        ("overview.version", "software_packageVersion"),
        ("overview.summary", "summary"),
        ("overview.homepage", "software_homePage"),
        ("setup.weights", "software_downloadLocation"),
    ):
        if (value := line_of(model.get(key))) is not None:
            collected.add(path, value, f"{text.name} {key}")
    makers = [graph.node(one) for key in ("suppliedBy", "originatedBy") for one in listed(model.get(key))]
    names = list(dict.fromkeys(name for one in makers if (name := line_of(one.get("name")))))
    if len(names) == 1:
        collected.add("overview.organisation", names[0], text.place("suppliedBy"))
    elif names:
        readings = [(name, name) for name in names]
        collected.ask("overview.organisation", text.place("suppliedBy"), ", ".join(names), readings)
    _licence(collected, graph, model, text)
    _addresses(collected, graph, model, text)
    for one in map(graph.node, listed(model.get("verifiedUsing"))):
        kind, digest = line_of(one.get("algorithm")), line_of(one.get("hashValue"))
        if kind in _DIGESTS and digest:
            collected.add("setup.weights_digest", f"{kind}:{digest}", f"{text.name} verifiedUsing")
        else:
            why = "the sheet holds the SHA-256, SHA-384 or SHA-512 of the weights"
            collected.leave(f"{text.name} verifiedUsing", kind, why)
    if kinds := lines_in(model.get("ai_typeOfModel")):
        collected.add("model_architecture.family", ", ".join(kinds), text.place("ai_typeOfModel"))
    if domains := lines_in(model.get("ai_domain")):
        collected.add("purpose.applications", domains, text.place("ai_domain"))


def _licence(collected: Collected, graph: ElementGraph, model: Node, text: SourceText) -> None:
    for kind in ("hasDeclaredLicense", "hasConcludedLicense"):
        ends = list(graph.related(model, kind))
        names = [name for end in ends if (name := licence_name(graph, end))]
        if names:
            collected.add("overview.licence", " AND ".join(names), text.place(kind))
            for end in ends:
                _addresses(collected, graph, graph.node(end), text)
            return


def _addresses(collected: Collected, graph: ElementGraph, node: Node, text: SourceText) -> None:
    for reference in map(graph.node, listed(node.get("externalRef"))):
        kind = line_of(reference.get("externalRefType")) or "other"
        where = f"{text.name} externalRef, {kind}"
        for address in lines_in(reference.get("locator")):
            if kind in _ADDRESSES:
                collected.add(_ADDRESSES[kind], address, where)
            else:
                collected.leave(where, address, "no field of a sheet holds an address of this type")


KIND = ImportKind("spdx", "a bill of materials in SPDX 3", _recognises, read)
