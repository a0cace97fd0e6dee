"""Read back the properties in which an export of ours keeps a sheet's answers, `factsheet:parameters.power`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from factsheet.authoring.importing.answers import facts_in, template_of
from factsheet.authoring.importing.bills.named_values import NamedValue, named_data, path_named
from factsheet.authoring.importing.collected import fault_of
from factsheet.authoring.importing.reading import line_of
from factsheet.sheet_templates.known_templates import model_of
from factsheet.source.characters import make_value_safe
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from factsheet.authoring.found import Found
    from factsheet.authoring.importing.collected import Collected

PREFIX: Final = "factsheet:"
"""What the names of our properties begin with."""
_VERSION: Final = f"{PREFIX}factsheet"
"""The property that says that the others are a whole sheet: its version of the schema."""
_ABOUT_THE_BILL: Final = frozenset({f"{PREFIX}used-for"})
_MOST: Final = 100_000

Pairs = list[tuple[str, str]]


def holds_a_sheet(pairs: Iterable[tuple[str, str]]) -> bool:
    """Return whether properties are those of a sheet that was exported."""
    return any(name == _VERSION for name, _ in pairs)


def take_sheet(collected: Collected, pairs: Sequence[tuple[str, str]], native: Collected) -> None:
    """Take the answers in properties, and what only the format's own fields have.

    Args:
        collected: what is taken goes here.
        pairs: names and texts of properties.
        native: what the format's own fields were read as; of these, only answers that they hold exactly are taken.
    """
    values = []
    for name, text in pairs[:_MOST]:
        path = path_named(name.removeprefix(PREFIX))
        if path is None:
            collected.leave(f"{collected.name} {line_of(name) or 'a property'}", text, "its name is no path")
        else:
            values.append(NamedValue(path, make_value_safe(text)))
    if len(pairs) > _MOST:
        collected.leave(collected.name, "further properties", f"only {_MOST:,} are read")
    data, left = named_data(values)
    for one in left:
        collected.leave(f"{collected.name} {PREFIX}{one.name}", one.text, "another property contradicts it")
    model = model_of(data)
    collected.template = template_of(model)
    # What stands in the place of an answer stood there in the sheet.
    for found in facts_in(data, lambda path: f"{collected.name} {PREFIX}{dotted(path)}", model):
        fault = fault_of(found.path, found.value, model)
        if fault is None:
            collected.facts.append(found)
        else:
            collected.leave(found.where, found.value, f"the schema does not take it: {fault}")
    _take_native(collected, native)


def _take_native(collected: Collected, native: Collected) -> None:
    """Take answers of the format's own fields that no property has; tell where a field and a property differ."""
    own = {found.path: found for found in collected.facts}
    for found in native.facts:
        name = dotted(found.path)
        if name not in HELD:
            continue
        known = next(
            (one for path, one in own.items() if path[: len(found.path)] == found.path[: len(path)]), None
        )
        if known is None:
            collected.facts.append(replace(found, source=None))
        elif known.path == found.path and not _agree(known, found):
            collected.leave(found.where, found.value, f"the property {PREFIX}{name} says otherwise")


HELD: Final = frozenset(
    {
        *("overview.model", "overview.version", "overview.summary", "overview.organisation"),
        *("overview.licence", "overview.licence_link", "overview.homepage"),
        *("setup.weights", "setup.implementation", "setup.weights_digest"),
        *("model_architecture.family", "model_architecture.summary"),
        *("purpose.intended_users", "purpose.applications", "limitations.known", "limitations.challenges"),
    }
)
"""Fields of a sheet that a format's own fields can hold exactly; the others are restated there, and are not read."""


def _agree(one: Found, other: Found) -> bool:
    value = one.value.get("value") if isinstance(one.value, dict) else one.value
    if isinstance(value, list) or isinstance(other.value, list):
        return _lines(value) == _lines(other.value)
    return value is None or line_of(str(value)) == line_of(str(other.value))


def _lines(value: object) -> list[str | None]:
    return [line_of(str(one)) for one in (value if isinstance(value, list) else [value])]


def own_pairs(properties: object, name: str = "name", value: str = "value") -> Pairs:
    """Return those of a list of properties that are of a sheet.

    Args:
        properties: what the file has where a list of objects should be.
        name: the key of a property's name.
        value: the key of its text.
    """
    found = []
    for one in properties if isinstance(properties, list) else ():
        called, text = (one.get(name), one.get(value)) if isinstance(one, dict) else (None, None)
        if not isinstance(called, str) or not isinstance(text, str):
            continue
        if called.startswith(PREFIX) and called not in _ABOUT_THE_BILL:
            found.append((called, text))
    return found
