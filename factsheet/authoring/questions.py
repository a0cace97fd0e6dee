"""The questions that a role is put about a sheet: what it still owes, each with what an answer may be."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.assignment import (
    Assignment,
    absence_of,
    add_rows,
    resolve,
    set_fact,
)
from factsheet.authoring.field_catalogue import catalogue, entries_at
from factsheet.authoring.todo import owed_facts
from factsheet.authoring.typed_values import begins_a_list, read_value
from factsheet.errors import NoPlaceError, UnwritableDataError, UsageError
from factsheet.facts.fact import ABSENCES
from factsheet.facts.placeholders import is_placeholder
from factsheet.readers.audience import STUDY
from factsheet.sheet.answers import put_answer
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.document import dotted
from factsheet.source.dumping import dump_flow
from factsheet.source.editing import value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.authoring.assignment import Edited
    from factsheet.authoring.field_catalogue import FieldEntry
    from factsheet.readers.audience import Audience
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName
    from factsheet.source.document import Document
    from factsheet.source.dumping import Data

_ABSENCE = re.compile(rf"(?is)({'|'.join(name.replace('_', '[ _]') for name in ABSENCES)})\b\s*:?\s*(.*)")
_WORDS = re.compile(r"`([^`]+)`")
_TEXTS = ("text, in Markdown", "one line of text", "an address: https://…")
_LISTS = "a list of texts, or one text"
_ROWS = "a list of mappings"
_STRUCTURES = ("a mapping", _ROWS)
_NEW = "[+]"
_REFERENCES = "references"


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
    def takes_rows(self) -> bool:
        """Whether each answer is one or several rows of a list."""
        return self.path.endswith(_NEW)

    @property
    def example(self) -> str:
        """An answer as it would be typed."""
        example = self.entry.example
        return example if isinstance(example, str) else dump_flow(example).strip()

    @property
    def is_figure(self) -> bool:
        """Whether an answer is a figure, of which readers want to know how it came about."""
        form = self.entry.form
        return self.entry.is_fact and not self.choices and form not in (*_TEXTS, _LISTS)


def remark_above(document: Document, question: OpenQuestion) -> str:
    """Return what the comment above a question's key says besides the question: what a source could mean, a hint.

    Args:
        document: the sheet, as it was read.
        question: what is asked; where the sheet has no key for it, there is no comment either.
    """
    place = question.path.removesuffix(_NEW)
    key = document.key_span(resolve(document.data, place))
    if key is None:
        return ""
    lines = document.text[: key.start].splitlines()[:-1]  # without the indent of the key
    above = list(takewhile(lambda line: line.strip().startswith("#"), reversed(lines)))
    said = " ".join(line.strip().lstrip("#").strip() for line in reversed(above))
    _, asked, rest = said.partition(question.entry.question)
    if not asked:
        return said
    rest = rest.strip().removeprefix("Example:").strip()
    example = " ".join(question.entry.example_line.partition(": ")[2].split())
    return rest.removeprefix(example).strip()


class KnownFact(NamedTuple):
    """A fact that a sheet has, in words, and where it comes from."""

    path: str
    words: str
    source: str


def questions_for(
    sheet: SheetFields,
    data: Any,
    *,
    roles: Sequence[RoleName] | None = None,
    stage: StageName = "published",
    name: str = "SHEET",
) -> tuple[OpenQuestion, ...]:
    """Return what a sheet owes that these roles are likely to know, in the order of its fields.

    References are asked for before the first answer that can cite one.

    Args:
        sheet: the sheet.
        data: the same as plain data, for the rows that there are.
        roles: who is asked; every reader of such a sheet by default.
        stage: the stage that the sheet is to reach.
        name: its file, for the commands.
    """
    found: dict[str, OpenQuestion] = {}
    audience, model = sheet.audience, type(sheet)
    asked = audience.role_names if roles is None else roles
    for fact in owed_facts(sheet, name=name, stage=stage):
        pattern = fact.path.partition(" or ")[0].replace("[…]", "[*]")
        if not _may_know(audience, pattern, asked):
            continue
        for path in _places(data, pattern, model):
            entry = _entry(path, model)
            if entry is not None:
                found.setdefault(path, OpenQuestion(path, entry, fact.asked_by, fact.how))
    return tuple(_references_first(list(found.values())))


def _may_know(audience: Audience, path: str, roles: Sequence[RoleName]) -> bool:
    """Return whether one of these roles is likely to know a field; where a template names nobody, each is."""
    role = audience.supplying_role(path.replace("[*]", ""))
    return role in roles if role is not None else audience is not STUDY


def question_at(path: str) -> OpenQuestion:
    """Return the question that a field of every sheet answers; for a path that ends in `[+]`, a new row of it.

    Raises:
        UsageError: there is no such field.
    """
    entry = _entry(path, SheetFields)
    if entry is None:
        raise UsageError(f"a sheet has no field `{path[:80]}`")
    return OpenQuestion(path, entry)


def _references_first(questions: list[OpenQuestion]) -> list[OpenQuestion]:
    asked = [question for question in questions if question.path.partition("[")[0] == _REFERENCES]
    others = [question for question in questions if question not in asked]
    first = next((place for place, one in enumerate(others) if one.is_figure or one.takes_rows), len(others))
    return [*others[:first], *asked, *others[first:]]


def _entry(path: str, model: type[SheetFields]) -> FieldEntry | None:
    pattern = re.sub(r"\[(\d+|\+)\]$", "", path)
    return next(iter(entries_at(pattern, model)), None)


def _places(data: Any, pattern: str, model: type[SheetFields]) -> Iterator[str]:
    """Yield where a field is missing: in each row that lacks it; as a new row, where the list has none."""
    holder, rows, rest = pattern.partition("[*]")
    if not rows:
        pattern = _whole(data, pattern, model)
        entry = _entry(pattern, model)
        yield f"{pattern}{_NEW}" if entry is not None and entry.form == _ROWS else pattern
        return
    listed = value_at(data, resolve(data, holder))
    if not listed:
        yield f"{holder}{_NEW}"
        return
    for index in range(len(listed)):
        for place in _places(data, f"{holder}[{index}]{rest}", model):
            if place.endswith(_NEW) or value_at(data, resolve(data, place)) is None:
                yield place


def _whole(data: Any, path: str, model: type[SheetFields]) -> str:
    """Return the record to ask for where a field alone would not fit: one that is not there and requires several."""
    above, _, name = path.rpartition(".")
    if not above or value_at(data, resolve(data, above)) is not None:
        return path
    required = [
        entry
        for entry in entries_at(above, model)
        if entry.required and entry.path.rpartition(".")[0] == re.sub(r"\[\d+\]", "[*]", above)
    ]
    return above if len(required) > 1 or not name else path


def known_facts(
    sheet: SheetFields, data: Any, roles: Sequence[RoleName] | None = None
) -> tuple[KnownFact, ...]:
    """Return what a sheet states already of what these roles know, each with where it comes from."""
    known = []
    asked = sheet.audience.role_names if roles is None else roles
    for entry in catalogue(type(sheet)):
        if not entry.is_fact or "[*]" in entry.path or not _may_know(sheet.audience, entry.path, asked):
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
    the text, unless it is in quotes; lines that were pasted are the entries of a list where one is asked for. Mappings
    and rows may lack their outer braces, or be pasted as lines. Anything else is read as what would follow the key in
    the sheet; with its key before it, as examples have it, it means the same.

    Raises:
        UsageError: it begins as a mapping or a list and cannot be read as one.
    """
    typed = _without_key(question, typed.strip())
    absent = _ABSENCE.fullmatch(typed)
    if absent is not None:
        kind = absent[1].lower().replace(" ", "_")
        return {kind: absent[2].strip()}
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if question.entry.form == _LISTS and len(lines) > 1:
        return [line.removeprefix("- ") for line in lines]
    if question.entry.form in _TEXTS and typed[:1] not in ("'", '"', "{") and not begins_a_list(typed):
        return typed
    value: Data = _structure(typed) if question.entry.form in _STRUCTURES else read_value(typed)
    return value


def _without_key(question: OpenQuestion, typed: str) -> str:
    """Return an answer without the field's own key, with which sheets and the examples of `fields` write it."""
    key, colon, rest = typed.partition(":")
    if not colon or key != question.entry.path.rpartition(".")[2] or rest[:1] not in (" ", "\n"):
        return typed
    rest = rest.strip("\n").rstrip()
    within = question.entry.form not in _STRUCTURES or rest.lstrip()[:1] in ("{", "[", "-") or "\n" in rest
    return rest.strip() if within and rest.strip() else typed


def _structure(typed: str) -> Data:
    """Return the mapping or the list that was typed, in flow style or as the lines of a block; else the text."""
    if typed[:1] in ("{", "["):
        try:
            flow: Data = read_value(typed)
        except UsageError:
            several = _read_yaml(f"value: [{typed}]") if typed[:1] == "{" else None
            if several is None:
                raise
            return several
        return flow
    block = _read_yaml("value:\n" + "\n".join(f"  {line}" for line in typed.splitlines()))
    if block is not None:
        return block
    bare = _read_yaml(f"value: {{{typed}}}")
    return bare if isinstance(bare, dict) and None not in bare.values() else typed


def _read_yaml(text: str) -> dict[str, Any] | list[Any] | None:
    """Return the mapping or the list below the key of one-key YAML; `None` where it is something else."""
    loaded = load_bytes(text.encode(), "answer")
    data = loaded.document.data if loaded.document is not None and not loaded.problems else None
    value = data.get("value") if isinstance(data, dict) and set(data) == {"value"} else None
    return value if isinstance(value, dict | list) else None


def rows_of(value: Data) -> list[dict[str, Any]]:
    """Return the rows that an answer gives: one mapping, or a list of them; none where it is something else."""
    rows = value if isinstance(value, list) else [value]
    found = [dict(row) for row in rows if isinstance(row, dict) and row]
    return found if len(found) == len(rows) else []


def fault_of(question: OpenQuestion, typed: str, data: Any) -> str:
    """Return what is wrong with a typed answer, in the words of the check; empty where it fits."""
    try:
        value = value_of(question, typed)
    except UsageError as error:
        return "; ".join(filter(None, (error.message, error.why, error.help)))
    return _form_fault(question, value) or _misfit(question, value, data)


def _form_fault(question: OpenQuestion, value: Data) -> str:
    """Return what is wrong with an answer whatever the rest of the sheet says."""
    if absence_of(value) and not question.entry.is_fact:
        return "only facts can say why they have no value: an empty line leaves this one open"
    if isinstance(value, str) and is_placeholder(value):
        return f"`{value}` says nothing: skip the question, or say why not: `not disclosed: the reason`"
    if question.entry.form in _STRUCTURES and not (
        rows_of(value) if question.takes_rows else isinstance(value, dict) and value
    ):
        return f"{_expected(question)}, for example `{question.example}`"
    if isinstance(value, dict):
        kind = next((kind for kind in ABSENCES if value.get(kind) == ""), None)
        if kind is not None:
            words = kind.replace("_", " ")
            return f"say why it is {words}: `{words}: the reason`"
    return ""


def _misfit(question: OpenQuestion, value: Data, data: Any) -> str:
    """Return what the schema says against a sheet with the answer in it that it does not say without."""
    changed, path = deepcopy(data), question.path
    if question.takes_rows:
        path = path.removesuffix(_NEW)
        value = [*(value_at(data, resolve(data, path)) or ()), *rows_of(value)]
    try:
        known = {(misfit.path, misfit.message) for misfit in read_any_sheet(data)[1]}
        put_answer(changed, path, value)
    except (NoPlaceError, UnwritableDataError) as error:
        return error.message
    for misfit in read_any_sheet(changed)[1]:
        if (misfit.path, misfit.message) not in known:
            place = dotted(misfit.path)
            inside = f"{place}: " if place.startswith((f"{path}[", f"{path}.")) else ""
            return inside + "; ".join(part for part in (misfit.message, misfit.help) if part)
    return ""


def _expected(question: OpenQuestion) -> str:
    if question.takes_rows:
        return "a row is a mapping: write it in braces, or several in brackets"
    return "this is a mapping: write it in braces"


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
    rows = rows_of(value) if question.takes_rows else []
    if rows:
        return add_rows(text, name, question.path.removesuffix(_NEW), rows)
    with_provenance = question.is_figure and not absence_of(value)
    assignment = Assignment(question.path, dump_flow(value).strip())
    return set_fact(text, name, assignment, provenance if with_provenance else None)


def stated_words(data: Any, question: OpenQuestion) -> str:
    """Return what a sheet states where a question's answer goes, in words; empty where it states nothing."""
    if question.takes_rows:
        return ""
    stated = value_at(data, resolve(data, question.path))
    if stated is None:
        return ""
    value = stated["value"] if isinstance(stated, dict) and "value" in stated else stated
    return absence_of(stated) or (value if isinstance(value, str) else dump_flow(value).strip())
