"""Write the files of a catalogue into a folder, and leave those that would be the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeAlias

from factsheet.catalog.building import SheetReading, describe, digest_of_bytes
from factsheet.catalog.index import GENERATOR, Listed, read_index, write_index
from factsheet.catalog.site import write_site
from factsheet.errors import SourceUnreadableError, UsageError, reason_of
from factsheet.pages.options import DEFAULT_OPTIONS
from factsheet.reports.output_kinds import kind_of
from factsheet.review.reading import review_file_of
from factsheet.source.characters import safe_stem
from factsheet.source.loader import load_bytes, read_bytes
from factsheet.source.writing import write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from factsheet.pages.options import RenderOptions
    from factsheet.review.summary import ReviewSummary
    from factsheet.sheet.model import SheetFields

INDEX: Final = "catalog.json"
SITE: Final = "index.html"
PAGES: Final = "pages"
"""Folder of the sheets' own pages."""
PAGE_KIND: Final = "a page in HTML"
MOST_PAGES: Final = 100
"""Sheets whose pages are written without being asked for: each takes longer than its entry by far."""


DuePage: TypeAlias = "tuple[int, Listed]"
"""The place of a sheet, and its entry with the page that it is to have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRequest:
    """What a catalogue is made of.

    Attributes:
        files: the sheets, each with the path that readers see.
        folder: where it goes.
        title: of the catalogue.
        pages: whether each sheet's own pages are written; by default where there are not too many.
        anew: whether what an earlier run made is left aside.
        options: how pages are written.
        directions: which direction of a metric is better, where a sheet does not say.
        reviews: gives what reviewers said of the sheet in a file, for its pages.
    """

    files: Sequence[tuple[Path, str]]
    folder: Path
    title: str
    pages: bool | None = None
    anew: bool = False
    options: RenderOptions = field(default=DEFAULT_OPTIONS)
    directions: Mapping[str, bool] = field(default_factory=dict)
    reviews: Callable[[Path, SheetFields], ReviewSummary | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogReport:
    """What was done.

    Attributes:
        sheets: how many there are.
        invalid: paths of those that are not valid.
        read: how many were read and recomputed, as they are new or have changed.
        pages: how many pages were written.
        without_pages: how many valid sheets have none.
        removed: pages of an earlier run that were taken away.
    """

    sheets: int
    invalid: tuple[str, ...]
    read: int
    pages: int
    without_pages: int
    removed: tuple[str, ...] = ()


def publish(
    request: CatalogRequest, track: Callable[[Sequence[DuePage]], Iterable[DuePage]] = iter
) -> CatalogReport:
    """Write a catalogue: its site, its index, and the pages of its sheets.

    Args:
        request: what it is made of.
        track: called with the sheets whose pages are to be written; gives them one after the other.

    Raises:
        UsageError: there is no sheet, or a file of another kind is in the way.
        WriteError: a file cannot be written.
        TemplateFaultError: a template of the user's is wrong.
    """
    if not request.files:
        raise UsageError("there is no sheet to list", help="name sheets, or directories that hold some")
    made_by = _made_by(request)
    before = {} if request.anew else read_index(request.folder / INDEX, made_by)
    names = page_names([path for _, path in request.files])
    listed, fresh = _listed(request, names, before)
    valid = sum(one.entry.valid for one in listed)
    wanted = valid <= MOST_PAGES if request.pages is None else request.pages
    due = [
        (place, one.with_page(name, _reviews(request, place)))
        for place, (one, name) in enumerate(zip(listed, names, strict=True))
        if wanted and one.entry.valid and not (one.page and (request.folder / one.page).is_file())
    ]
    _make(request.folder / PAGES if due else request.folder)
    for place, one in track(due):
        raw = fresh[place] if place in fresh else read_bytes(request.files[place][0])
        write_atomic(request.folder / one.page, _page(raw, one, request, request.files[place][0]))
        listed[place] = one
    if not wanted:
        listed = [one.with_page("") for one in listed]
    _write(request.folder / SITE, write_site(listed, request.title, request.options.overrides))
    _write(request.folder / INDEX, write_index(listed, request.title, made_by))
    stale = {one.page for one in before.values() if one.page} - {one.page for one in listed}
    return CatalogReport(
        sheets=len(listed),
        invalid=tuple(one.entry.path for one in listed if not one.entry.valid),
        read=len(fresh),
        pages=len(due),
        without_pages=sum(one.entry.valid and not one.page for one in listed),
        removed=tuple(_removed(request.folder, stale)),
    )


def _made_by(request: CatalogRequest) -> str:
    """Return what made the entries and pages: this version of the program, with the user's settings that they show."""
    told = sha256()
    for name, higher in sorted(request.directions.items()):
        told.update(f"{name}={higher}\0".encode())
    overrides = request.options.overrides
    files = [] if overrides is None else sorted(file for file in overrides.rglob("*") if file.is_file())
    for file in files:
        told.update(f"{file}\0".encode("utf-8", "surrogateescape") + read_bytes(file))
    return f"{GENERATOR}, settings {told.hexdigest()[:12]}" if request.directions or files else GENERATOR


def _listed(
    request: CatalogRequest, names: Sequence[str], before: Mapping[tuple[str, str], Listed]
) -> tuple[list[Listed], dict[int, bytes]]:
    """Return the sheets in their order, and by their place the bytes of those that were worked out now."""
    listed: list[Listed] = []
    fresh: dict[int, bytes] = {}
    for place, (file, shown) in enumerate(request.files):
        raw, reason = _content(file)
        known = None if reason else before.get((shown, digest_of_bytes(raw)))
        if known is not None:
            same = known.page == names[place] and known.reviews == _reviews(request, place)
            listed.append(known if same else known.with_page(""))
            continue
        entry = describe(raw, shown, request.directions)
        listed.append(Listed(replace(entry, faults=(reason,)) if reason else entry))
        fresh[place] = raw
    return listed, fresh


def _reviews(request: CatalogRequest, place: int) -> str:
    """Return the digest of the reviews beside a sheet, by which its page is known to show them; empty without any."""
    file = review_file_of(request.files[place][0])
    if request.reviews is None or not file.is_file():
        return ""
    raw, reason = _content(file)
    return digest_of_bytes(reason.encode() if reason else raw)


def _content(file: Path) -> tuple[bytes, str]:
    """Return what a file holds, or why it cannot be read."""
    try:
        return read_bytes(file), ""
    except SourceUnreadableError as error:
        return b"", error.diagnostics()


def page_names(paths: Sequence[str]) -> list[str]:
    """Return the name of each sheet's page in the folder: of its own file's name, told apart where two are alike."""
    found: list[str] = []
    taken: set[str] = set()
    for path in paths:
        stem = safe_stem(path)
        name, number = stem, 2
        while name.casefold() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.casefold())
        found.append(f"{PAGES}/{name}.html")
    return found


def _page(raw: bytes, one: Listed, request: CatalogRequest, file: Path) -> str:
    sheet = SheetReading(load_bytes(raw, one.entry.path), one.entry.path, directions=request.directions).sheet
    if sheet is None:
        raise SourceUnreadableError(one.entry.path, "it changed while the catalogue was made")
    from factsheet.pages.rendering import PageSet  # only where pages are written

    reviews = None if request.reviews is None else request.reviews(file, sheet)
    options = replace(request.options, digest=one.entry.digest, reviews=reviews)
    made = PageSet(sheet, options).render("full", "html")
    return made if isinstance(made, str) else made.decode()


def _write(file: Path, content: str) -> None:
    """Write a file unless it holds just that already."""
    data = content.encode("utf-8", "replace")
    try:
        if file.stat().st_size == len(data) and file.read_bytes() == data:
            return
    except OSError:
        pass
    write_atomic(file, data)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot be made: {reason_of(error)}", place=f"--output {folder}") from None


def _removed(folder: Path, names: Iterable[str]) -> Iterable[str]:
    """Take away pages that an earlier run wrote and that no sheet has any more; nothing that is not such a page."""
    for name in sorted(names):
        if not re.fullmatch(rf"{PAGES}/[\w-]+\.html", name):
            continue
        file = folder / name
        try:
            if file.is_symlink() or not file.is_file() or kind_of(file.read_bytes()) != PAGE_KIND:
                continue
            file.unlink()
        except OSError:
            continue
        yield name
