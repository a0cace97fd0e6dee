"""Put facts that were found into a sheet's text: what is missing is added, what somebody stated stays."""

from __future__ import annotations

from dataclasses import replace as replace_in
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.assignment import absence_of
from factsheet.authoring.drafting import OF_WORDS
from factsheet.authoring.field_catalogue import entries_at, has_field
from factsheet.authoring.found import Found, fact_at
from factsheet.authoring.importing.imported import NEW_ROW
from factsheet.authoring.importing.merging import put as put_into
from factsheet.authoring.importing.merging import same_row
from factsheet.checks.engine import check_document
from factsheet.errors import NoPlaceError, UnwritableDataError, UsageError
from factsheet.readers.parts import general
from factsheet.recompute.claims import claim_of
from factsheet.recompute.verdict import judge
from factsheet.sheet_templates.known_templates import model_of, read_any_sheet
from factsheet.source.characters import make_safe
from factsheet.source.document import dotted
from factsheet.source.editing import put, put_item, value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from factsheet.authoring.importing.merging import Draft
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.facts.fact import Fact
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import Document, KeyPath


class LeftAlone(NamedTuple):
    """What a sheet states and keeps, although a value for it was found.

    Attributes:
        path: where.
        stated: what the sheet has, in words.
        found: what was found.
        source: how the stated figure came about, as the sheet says; empty where it does not.
        agrees: whether the two agree; `None` where they cannot be compared.
        comparison: how they compare, in words.
    """

    path: KeyPath
    stated: str
    found: Found
    source: str
    agrees: bool | None
    comparison: str


class Filled(NamedTuple):
    """A text after it was filled.

    Attributes:
        text: the new text.
        added: what was put where nothing was.
        replaced: what took the place of another value: a stale derived one, or one that was to be replaced.
        kept: what stayed as the sheet has it.
        refused: what does not fit the sheet, each with the reason.
        new: findings of a check that the text before did not have.
    """

    text: str
    added: tuple[Found, ...]
    replaced: tuple[Found, ...]
    kept: tuple[LeftAlone, ...]
    refused: tuple[tuple[Found, str], ...]
    new: tuple[Diagnostic, ...]

    def with_earlier(self, earlier: Filled, before: str, name: str) -> Filled:
        """Return all that was filled into a text, after another filling of it; each fact as it is in the end."""
        put_now = {found.path for found in (*self.added, *self.replaced) if found.path[-1] != NEW_ROW}
        first = {found.path for found in earlier.added}
        return Filled(
            self.text,
            (
                *(found for found in earlier.added if found.path not in put_now),
                *self.added,
                *(found for found in self.replaced if found.path in first),
            ),
            (
                *(found for found in earlier.replaced if found.path not in put_now),
                *(found for found in self.replaced if found.path not in first),
            ),
            (*(one for one in earlier.kept if one.path not in put_now), *self.kept),
            (*(one for one in earlier.refused if one[0].path not in put_now), *self.refused),
            new_findings(before, self.text, name),
        )


def fill(
    text: str,
    name: str,
    facts: Iterable[Found],
    *,
    verdicts: Mapping[KeyPath, Verdict] | None = None,
    replace: Sequence[str] = (),
) -> Filled:
    """Put facts into a sheet's text; the rest of it stays, byte for byte.

    A fact that the sheet has stays, and so does a reason why it has none. A figure that says of itself that it is
    derived is brought up to date where it differs.

    Args:
        text: the sheet.
        name: its name, for findings.
        facts: what was found.
        verdicts: how facts of the sheet compare with what was computed, where that takes more than the two values.
        replace: paths whose facts are to be replaced all the same, each with all that is below it.

    Raises:
        NoPlaceError: the text is no sheet.
    """
    document = _document(text, name)
    sheet = read_any_sheet(document.data)[0]
    before = text
    added: list[Found] = []
    replaced: list[Found] = []
    kept: list[LeftAlone] = []
    refused: list[tuple[Found, str]] = []
    model = model_of(document.data)
    known = (found for found in facts if has_field(model, dotted(found.path)))
    for place, group in _joined(document.data, known):
        if len(group) > 1:
            try:
                text = _put_record(text, place, group)
            except (NoPlaceError, UnwritableDataError, UsageError):
                pass  # each by itself then, with its own reason
            else:
                added += group
                document = _document(text, name)
                continue
        for found in group:
            stated = _stated(document.data, found)
            if stated is not None:
                verdict = (verdicts or {}).get(found.path)
                compared = _compared(sheet, found, stated, verdict)
                asked = any(names(path, found.path) for path in replace)
                if not asked and not (compared.source == "derived" and compared.agrees is False):
                    kept.append(compared)
                    continue
            try:
                text = _put(text, found, stated)
            except (NoPlaceError, UnwritableDataError, UsageError) as error:
                refused.append((found, error.message))
                continue
            (added if stated is None else replaced).append(found)
            document = _document(text, name)
    return Filled(
        text, tuple(added), tuple(replaced), tuple(kept), tuple(refused), new_findings(before, text, name)
    )


def names(pattern: str, path: KeyPath) -> bool:
    """Return whether a path as it was typed names a place or something above it; `[*]` in it means every row."""
    place = dotted(path)
    shown = general(place) if "[*]" in pattern else place
    return shown == pattern or shown.startswith((f"{pattern}.", f"{pattern}["))


def check_replacements(replace: Sequence[str], facts: Sequence[Found]) -> None:
    """Refuse paths that nothing was found for, so that nobody takes a value for replaced that is as it was.

    Raises:
        UsageError: there is one.
    """
    for path in replace:
        if not any(names(path, found.path) for found in facts):
            raise UsageError(
                f"nothing was found for `{path[:80]}`",
                "what is to be replaced needs another value",
                "without --replace, the command lists what it has found",
                place="--replace",
                candidates=[dotted(found.path) for found in facts],
            )


def rows_whole(draft: Draft, by: str) -> Iterator[Found]:
    """Yield the facts of a draft; what is in rows of lists as whole rows, which have other numbers in another sheet.

    Args:
        draft: what sources say.
        by: the command that reads them; a fact that can carry provenance and has none says where it was read.
    """
    rows: set[KeyPath] = set()
    for taken in draft.taken:
        place = next((place for place, key in enumerate(taken.path) if isinstance(key, int)), None)
        if place is None:
            yield _cited(taken.found, f"Read from {make_safe(taken.name)} by `{by}`.")
            continue
        row = taken.path[: place + 1]
        if row not in rows:
            rows.add(row)
            yield Found((*row[:-1], NEW_ROW), value_at(draft.data, row), taken.found.where)


def _cited(found: Found, words: str) -> Found:
    """Return a fact with where it was read, unless it says itself where it comes from, or is about the sheet alone."""
    stated = isinstance(found.value, dict) and not {"value", "at"} & set(found.value)
    has_own = isinstance(found.value, dict) and "source" in found.value
    if (
        found.source not in (None, "declared")
        or stated
        or has_own
        or found.path[0] in OF_WORDS
        or not _is_fact(found.path)
    ):
        return found
    return replace_in(found, source="declared", note=" ".join(filter(None, (found.note, words))))


def _is_fact(path: KeyPath) -> bool:
    """Return whether a field can carry provenance."""
    entry = next(iter(entries_at(dotted(path))), None)
    return entry is not None and entry.is_fact


def _joined(data: Any, facts: Iterable[Found]) -> list[tuple[KeyPath, tuple[Found, ...]]]:
    """Group facts by the section, the record or the row that the sheet lacks and that they are in.

    What a record requires is there then, and each key of it is on a line of its own.
    """
    groups: dict[KeyPath, list[Found]] = {}
    for number, found in enumerate(facts):
        lengths = range(1, len(found.path) + 1)
        missing = next((n for n in lengths if value_at(data, found.path[:n]) is None), len(found.path))
        place = found.path[:missing]
        # Each new row of a list that there is may be one that it has.
        groups.setdefault((*place, number) if place[-1] == NEW_ROW else place, []).append(found)
    return [(place, tuple(group)) for place, group in groups.items()]


def _put_record(text: str, place: KeyPath, group: Sequence[Found]) -> str:
    """Return the text with a record of facts at a place where it has nothing.

    Raises:
        NoPlaceError: the text cannot be edited there.
        UsageError: they do not fit there, or not all of them together.
    """
    made: dict[str, Any] = {}
    for one in group:
        if not put_into(made, (_RECORD, *one.path[len(place) :]), one.answer()):
            raise UsageError(f"`{dotted(one.path)}` has no place beside the others")
    record = made[_RECORD]
    if isinstance(place[-1], int):
        return _fitting(text, put_item(text, place[:-1], record, same=lambda _: False))
    return _fitting(text, put(text, place, record))


_RECORD = "record"


def _stated(data: Any, found: Found) -> Any:
    """Return what a sheet has at the place of a fact; for a row, the one that is about the same thing."""
    if found.path[-1] != NEW_ROW:
        return value_at(data, found.path)
    rows = value_at(data, found.path[:-1])
    return next((row for row in rows or () if _is_same(row, found.value)), None)


def _is_same(row: Any, other: Any) -> bool:
    if row == other or same_row(other, row):
        return True
    points = [
        {key: one.get(key) for key in ("seq_len", "batch")} for one in (row, other) if isinstance(one, dict)
    ]
    return len(points) == 2 and "batch" in other and points[0] == points[1]  # noqa: PLR2004  both


def _put(text: str, found: Found, stated: Any) -> str:
    """Return the text with the fact in it.

    Raises:
        NoPlaceError: the text cannot be edited there.
        UsageError: the fact does not fit there.
    """
    document = _document(text, "")
    path, answer = found.path, found.answer()
    if isinstance(stated, dict) and "at" in stated and isinstance(answer, dict):
        answer = {**answer, "at": answer.get("at", stated["at"])}  # the point that it holds at stays with it
    if isinstance(stated, dict) and isinstance(answer, dict):
        answer = {
            key: answer[key] for key in (*stated, *answer) if key in answer
        }  # in the order that is there
    if stated is not None and stated == answer:
        return text
    rows = value_at(document.data, path[:-1]) or ()
    if path[-1] in (NEW_ROW, len(rows)) and isinstance(answer, dict):
        edited = put_item(text, path[:-1], answer, same=lambda _: False)
    else:
        edited = put(text, path, answer)
    return _fitting(text, edited)


def _fitting(before: str, edited: str) -> str:
    """Return an edited text, if it fits the schema as well as the one before.

    Raises:
        UsageError: it does not.
    """
    known = {_words(misfit) for misfit in read_any_sheet(_document(before, "").data)[1]}
    misfits = read_any_sheet(_document(edited, "").data)[1]
    new = next((misfit for misfit in misfits if _words(misfit) not in known), None)
    if new is not None:
        raise UsageError(new.message)
    return edited


def _words(misfit: Any) -> tuple[KeyPath, str]:
    return misfit.path, misfit.message


def _document(text: str, name: str) -> Document:
    document = load_bytes(text.encode(), name).document
    if document is None or not isinstance(document.data, dict):
        raise NoPlaceError(f"{name} is no sheet that could be read: run `factsheet validate {name}`")
    return document


def _compared(sheet: SheetFields | None, found: Found, stated: Any, verdict: Verdict | None) -> LeftAlone:
    """Compare what a sheet has with what was found for the same place."""
    fact = fact_at(sheet, found.path)
    other = fact_at(_with(found), found.path)
    source = _source_of(sheet, fact, found.path)
    words = fact.words() if fact is not None else _shown(stated)

    def result(agrees: bool | None, comparison: str) -> LeftAlone:
        return LeftAlone(found.path, words, found, source, agrees, comparison)

    if absence_of(stated):
        return result(None, "the reason why there is no value stays")
    if verdict is not None and verdict.kind != "unclaimed":
        return result(verdict.fits, verdict.why if verdict.fits is None else verdict.words)
    if fact is None or other is None:
        same = _bare(stated) == _bare(found.value)
        return result(same, "the same" if same else "another one")
    if fact.at is not None and other.at is not None and fact.at != other.at:
        return result(None, "it is of another operating point")
    claim = None if sheet is None else claim_of(sheet, fact, found.path)
    quantity = other.quantity
    if claim is None or quantity is None:
        same = fact.value == other.value
        return result(same, "the same" if same else "another one")
    if claim.quantity.dimension != quantity.dimension:
        return result(None, "they are of different kinds")
    judged = judge(claim, quantity.value, reach=None if quantity.exact else quantity.meant)
    return result(judged.fits, judged.words)


def _with(found: Found) -> SheetFields | None:
    """Return a sheet that states what was found and nothing else, to have it read as the schema reads it."""
    value: Any = found.answer()
    for part in reversed(found.path):
        value = [value] if isinstance(part, int) else {part: value}
    return read_any_sheet({"factsheet": 1, "overview": {"name": "x", "model": "x"}, **value})[0]


def _source_of(sheet: SheetFields | None, fact: Fact | None, path: KeyPath) -> str:
    """Return how a stated figure came about: its own word; else its section's or the sheet's."""
    if fact is not None and fact.source is not None:
        return fact.source
    section = getattr(sheet, str(path[0]), None)
    for holder in (section, sheet):
        provenance = getattr(holder, "provenance", None)
        if provenance is not None and provenance.source is not None:
            return str(provenance.source)
    return ""


def _bare(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _shown(value: Any) -> str:
    bare = _bare(value)
    return f"{len(bare)} entries" if isinstance(bare, dict | list) else str(bare)


def new_findings(before: str, after: str, name: str) -> tuple[Diagnostic, ...]:
    """Return what a check finds in a text that it did not find in the one before."""
    if before == after:
        return ()
    known = {
        (one.rule_id, one.path, one.message)
        for one in check_document(load_bytes(before.encode(), name), name).diagnostics
    }
    found = check_document(load_bytes(after.encode(), name), name).diagnostics
    return tuple(one for one in found if (one.rule_id, one.path, one.message) not in known)
