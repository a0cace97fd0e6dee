"""Bring a sheet to the version of the schema that this program knows: keys that are called otherwise now, by edits.

There is one version so far. What can be brought up to date are names of drafts before it, and other spellings of keys;
comments and layout stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.checks.engine import check_document
from factsheet.checks.fixing import apply_fixes
from factsheet.errors import NoPlaceError
from factsheet.facts.plain_kinds import SchemaVersion
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.document import dotted
from factsheet.source.editing import Edit, apply_edits
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import Document, KeyPath
    from factsheet.source.loader import Loaded

VERSION = SchemaVersion.known
"""The version of the schema that sheets are brought to."""
DRAFT_NAMES: Mapping[str, tuple[str, ...]] = {"on": ("date", "side")}
"""Names of keys in drafts of version 1, and what became of them: the first that fits in its place."""
DRAFT_FACTS: Mapping[str, str] = {
    "tile_efficiency": "a draft had it for a tile or a chip; `tops_per_watt` is of the whole chip: move it if it is",
}
"""Keys of drafts that no key stands for any more, and what to do with what they hold."""


class Renaming(NamedTuple):
    """A key that is called otherwise now."""

    path: KeyPath
    name: str

    @property
    def words(self) -> str:
        """E.g. `overview.license → licence`."""
        return f"{dotted(self.path)} → {self.name}"


class MigratedText(NamedTuple):
    """A sheet after its migration.

    Attributes:
        version: what the sheet says that it is written in; `None` where it does not.
        text: the new text; the old one where nothing was to do.
        renamed: the keys that were.
        left: what does not fit the schema still, each with what to do.
    """

    version: object
    text: str
    renamed: tuple[Renaming, ...]
    left: tuple[str, ...]


def migrate(loaded: Loaded, name: str) -> MigratedText:
    """Return a sheet brought to this version of the schema, as far as that is a matter of names.

    Args:
        loaded: the sheet as it was read.
        name: what to call it.

    Raises:
        NoPlaceError: it is no text that could be edited.
    """
    document = loaded.document
    if document is None or not isinstance(document.data, dict):
        raise NoPlaceError(f"{name} is no sheet that could be read: run `factsheet validate {name}`")
    version = document.data.get("factsheet")
    if version is not True and version != VERSION:
        return MigratedText(version, document.text, (), ())
    text, renamed = document.text, list[Renaming]()
    while (step := _spellings(text, name) or _draft_names(text, name)) is not None:
        text, some = step
        renamed += some
    left = tuple(_advice(found) for found in _misfits(text, name))
    return MigratedText(version, text, tuple(renamed), left)


def _misfits(text: str, name: str) -> tuple[Diagnostic, ...]:
    """Return what does not fit the schema, the text's own faults included."""
    found = check_document(load_bytes(text.encode(), name), name, rules=()).diagnostics
    return tuple(diagnostic for diagnostic in found if diagnostic.rule_id.startswith("FS1"))


def _advice(found: Diagnostic) -> str:
    place, key = dotted(found.path), found.path[-1] if found.path else ""
    return f"line {found.span.line if found.span else '?'}: {place}: {DRAFT_FACTS.get(str(key)) or found.message}"


def _spellings(text: str, name: str) -> tuple[str, list[Renaming]] | None:
    """Return the text with its keys in this schema's spelling; `None` where there is none in another."""
    found = [
        (Renaming(one.path, one.fix.edits[0].text), one.fix)
        for one in _misfits(text, name)
        if one.fix is not None and one.fix.safe and one.slug == "unknown-key"
    ]
    # Two keys can be other spellings of one, and only one of them can have its name.
    chosen = {(*one.path[:-1], one.name): (one, fix) for one, fix in reversed(found)}
    edited, _ = apply_fixes(text, [fix for _, fix in chosen.values()])
    renamed = sorted((one for one, _ in chosen.values()), key=[one for one, _ in found].index)
    return None if edited == text else (edited, renamed)


def _draft_names(text: str, name: str) -> tuple[str, list[Renaming]] | None:
    """Return the text with keys of a draft by their names of today, where the schema takes them in their places."""
    document = load_bytes(text.encode(), name).document
    paths = [] if document is None else list(_draft_keys(document.data, ()))
    for rank in range(max(map(len, DRAFT_NAMES.values()))):
        tried = [
            (Renaming(path, names[rank]), Edit(key.start, key.end, names[rank]))
            for path in paths
            if document is not None
            and rank < len(names := DRAFT_NAMES[str(path[-1])])
            and (key := document.key_span(path)) is not None
            and not _holds(document, (*path[:-1], names[rank]))
        ]
        fitting = _fitting(text, name, tried, len(_fault_paths(text, name)) if tried else 0)
        if fitting:
            return apply_edits(text, [edit for _, edit in fitting]), [one for one, _ in fitting]
    return None


def _fitting(
    text: str, name: str, tried: Sequence[tuple[Renaming, Edit]], faults: int
) -> list[tuple[Renaming, Edit]]:
    """Return the renamings that each leave a fault less; many are tried at once, as reading a sheet takes long."""
    if not tried:
        return []
    after = _fault_paths(apply_edits(text, [edit for _, edit in tried]), name)
    if len(after) <= faults - len(tried):
        return list(tried)
    if len(tried) == 1:
        return []
    above = {path[:end] for path in after for end in range(len(path) + 1)}
    wrong = [one for one in tried if (*one[0].path[:-1], one[0].name) in above]
    right = [one for one in tried if one not in wrong]
    if not wrong or not right:
        if len(after) >= faults:
            return []
        right, wrong = list(tried[: len(tried) // 2]), list(tried[len(tried) // 2 :])
    return [*_fitting(text, name, right, faults), *_fitting(text, name, wrong, faults)]


def _fault_paths(text: str, name: str) -> set[KeyPath]:
    """Return where a text does not fit the schema, each place once: `on` is an unknown key and may be a truth value."""
    loaded = load_bytes(text.encode(), name)
    data = None if loaded.document is None else loaded.document.data
    misfits = () if data is None else read_any_sheet(data)[1]
    return {problem.path for problem in loaded.problems} | {misfit.path for misfit in misfits}


def _holds(document: Document | None, path: KeyPath) -> bool:
    return document is not None and document.key_span(path) is not None


def _draft_keys(node: Any, path: KeyPath) -> Iterator[KeyPath]:
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        if isinstance(key, str) and key in DRAFT_NAMES:
            yield (*path, key)
        yield from _draft_keys(value, (*path, key))
