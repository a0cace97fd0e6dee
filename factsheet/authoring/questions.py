"""The questions that a role is put about a sheet: what it still owes, each with what an answer may be."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.assignment import Assignment, absence_of, read_value, resolve, set_fact
from factsheet.authoring.field_catalogue import catalogue, entries_at
from factsheet.authoring.todo import owed_facts
from factsheet.errors import NoPlaceError, UnwritableDataError
from factsheet.facts.fact import ABSENCES
from factsheet.readers.roles import ROLE_NAMES
from factsheet.readers.suppliers import supplying_role
from factsheet.sheet.answers import put_answer
from factsheet.sheet.load import read_factsheet
from factsheet.source.dumping import dump_flow
from factsheet.source.editing import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.authoring.assignment import Edited
    from factsheet.authoring.field_catalogue import FieldEntry
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName
    from factsheet.sheet.model import SheetFields
    from factsheet.source.dumping import Data

_ABSENCE = re.compile(rf"(?is)({'|'.join(name.replace('_', '[ _]') for name in ABSENCES)})\b\s*:?\s*(.*)")
_WORDS = re.compile(r"`([^`]+)`")
_TEXTS = ("text, in Markdown", "one line of text", "an address: https://…")
_LISTS = "a list of texts, or one text"


class OpenQuestion(NamedTuple):
    """One question about a sheet.

    Attributes:
        path: where the answer goes; `[+]` at its end for a new row.
        entry: the field.
        asked_by: who asks for it, each with the source.
        how: the command that works it out; empty where somebody has to be asked.
    """

    path: str
    entry: FieldEntry
    asked_by: tuple[str, ...] = ()
    how: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that an answer can be, where it is one of a few."""
        if self.entry.form == "true or false":
            return ("true", "false")
        return tuple(_WORDS.findall(self.entry.form)) if self.entry.form.startswith("one of ") else ()

    @property
    def is_figure(self) -> bool:
        """Whether an answer is a figure, of which readers want to know how it came about."""
        form = self.entry.form
        return self.entry.is_fact and not self.choices and form not in (*_TEXTS, _LISTS)


class KnownFact(NamedTuple):
    """A fact that a sheet has, in words, and where it comes from."""

    path: str
    words: str
    source: str


def questions_for(
    sheet: SheetFields,
    data: Any,
    *,
    roles: Sequence[RoleName] = ROLE_NAMES,
    stage: StageName = "published",
    name: str = "SHEET",
) -> tuple[OpenQuestion, ...]:
    """Return what a sheet owes that these roles are likely to know, in the order of its fields.

    Args:
        sheet: the sheet.
        data: the same as plain data, for the rows that there are.
        roles: who is asked.
        stage: the stage that the sheet is to reach.
        name: its file, for the commands.
    """
    found: dict[str, OpenQuestion] = {}
    for fact in owed_facts(sheet, name=name, stage=stage):
        pattern = fact.path.partition(" or ")[0].replace("[…]", "[*]")
        if supplying_role(pattern.replace("[*]", "")) not in roles:
            continue
        for path in _places(data, pattern):
            entry = _entry(path)
            if entry is not None:
                found.setdefault(path, OpenQuestion(path, entry, fact.asked_by, fact.how))
    return tuple(found.values())


def _entry(path: str) -> FieldEntry | None:
    pattern = re.sub(r"\[(\d+|\+)\]$", "", path)
    return next(iter(entries_at(pattern)), None)


def _places(data: Any, pattern: str) -> Iterator[str]:
    """Yield where a field is missing: in each row that lacks it; as a new row, where the list has none."""
    holder, rows, rest = pattern.partition("[*]")
    if not rows:
        pattern = _whole(data, pattern)
        entry = _entry(pattern)
        yield f"{pattern}[+]" if entry is not None and entry.form == "a list of mappings" else pattern
        return
    listed = value_at(data, resolve(data, holder))
    if not listed:
        yield f"{holder}[+]"
        return
    for index in range(len(listed)):
        for place in _places(data, f"{holder}[{index}]{rest}"):
            if place.endswith("[+]") or value_at(data, resolve(data, place)) is None:
                yield place


def _whole(data: Any, path: str) -> str:
    """Return the record to ask for where a field alone would not fit: one that is not there and requires several."""
    above, _, name = path.rpartition(".")
    if not above or value_at(data, resolve(data, above)) is not None:
        return path
    required = [
        entry
        for entry in entries_at(above)
        if entry.required and entry.path.rpartition(".")[0] == re.sub(r"\[\d+\]", "[*]", above)
    ]
    return above if len(required) > 1 or not name else path


def known_facts(sheet: SheetFields, data: Any, roles: Sequence[RoleName]) -> tuple[KnownFact, ...]:
    """Return what a sheet states already of what these roles know, each with where it comes from."""
    known = []
    for entry in catalogue():
        if not entry.is_fact or "[*]" in entry.path or supplying_role(entry.path) not in roles:
            continue
        path = resolve(data, entry.path)
        stated = value_at(data, path)
        if stated is None:
            continue
        value = stated["value"] if isinstance(stated, dict) and "value" in stated else stated
        words = absence_of(stated) or dump_flow(value).strip()
        known.append(KnownFact(entry.path, words, _source(sheet, data, stated, str(path[0]))))
    return tuple(known)


def _source(sheet: SheetFields, data: Any, stated: Any, section: str) -> str:
    own = stated.get("source") if isinstance(stated, dict) else None
    nearest = own or value_at(data, (section, "provenance", "source"))
    whole = sheet.provenance.source if sheet.provenance is not None else None
    return str(nearest or whole or "")


def value_of(question: OpenQuestion, typed: str) -> Data:
    """Return the plain data that a typed answer means.

    `not disclosed: why` and its like are the reason why there is no value. Where text is asked for, what was typed is
    the text, unless it is in quotes; lines that were pasted are the entries of a list where one is asked for. Anything
    else is read as what would follow the key in the sheet.
    """
    typed = typed.strip()
    absent = _ABSENCE.fullmatch(typed)
    if absent is not None:
        kind = absent[1].lower().replace(" ", "_")
        return {kind: absent[2].strip()}
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if question.entry.form == _LISTS and len(lines) > 1:
        return [line.removeprefix("- ") for line in lines]
    if question.entry.form in _TEXTS and typed[:1] not in ("'", '"', "{"):
        return typed
    value: Data = read_value(typed)
    return value


def fault_of(question: OpenQuestion, typed: str, data: Any) -> str:
    """Return what is wrong with a typed answer, in the words of the check; empty where it fits."""
    value, path = value_of(question, typed), question.path
    if isinstance(value, dict):
        kind = next((kind for kind in ABSENCES if value.get(kind) == ""), None)
        if kind is not None:
            words = kind.replace("_", " ")
            return f"say why it is {words}: `{words}: the reason`"
    changed = deepcopy(data)
    if path.endswith("[+]"):
        listed = value_at(data, resolve(data, path[:-3])) or ()
        path = f"{path[:-3]}[{len(listed)}]"
    try:
        known = {(misfit.path, misfit.message) for misfit in read_factsheet(data)[1]}
        put_answer(changed, path, value)
    except (NoPlaceError, UnwritableDataError) as error:
        return error.message
    for misfit in read_factsheet(changed)[1]:
        if (misfit.path, misfit.message) not in known:
            return "; ".join(part for part in (misfit.message, misfit.help) if part)
    return ""


def answered(
    text: str, question: OpenQuestion, typed: str, *, name: str, provenance: Mapping[str, str] | None = None
) -> Edited:
    """Put a typed answer into a sheet's text.

    Args:
        text: the sheet.
        question: what was asked.
        typed: the answer.
        name: the sheet's name, for findings.
        provenance: of a figure: `source`, `evidence`.

    Raises:
        UsageError: the answer does not fit.
        NoPlaceError: the text is no sheet, or cannot be edited there.
    """
    value = value_of(question, typed)
    with_provenance = question.is_figure and not absence_of(value)
    assignment = Assignment(question.path, dump_flow(value).strip())
    return set_fact(text, name, assignment, provenance if with_provenance else None)


def stated_words(data: Any, question: OpenQuestion) -> str:
    """Return what a sheet states where a question's answer goes, in words; empty where it states nothing."""
    if question.path.endswith("[+]"):
        return ""
    stated = value_at(data, resolve(data, question.path))
    if stated is None:
        return ""
    value = stated["value"] if isinstance(stated, dict) and "value" in stated else stated
    return absence_of(stated) or (value if isinstance(value, str) else dump_flow(value).strip())
