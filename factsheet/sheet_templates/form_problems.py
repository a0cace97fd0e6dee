"""Find what is wrong with a template beyond its form: names that are taken, missing roles, facts that cannot be."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from factsheet.errors import AnswerRefusedError
from factsheet.facts.fact import ABSENCES
from factsheet.facts.misfits import misfits
from factsheet.facts.section import Record, Section
from factsheet.readers.roles import ROLES
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.form import (
    FIGURES,
    CellForm,
    FactForm,
    SectionForm,
    TemplateForm,
    UsedForm,
)
from factsheet.sheet_templates.generated_model import ALWAYS, ENDING, TAKEN, record_in, row_model
from factsheet.sheet_templates.template_kinds import dimension_of, kind_of, number_in
from factsheet.sheet_templates.template_wording import TemplateWording
from factsheet.source.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.source.document import Document, KeyPath

_RESERVED = frozenset(
    {*ABSENCES, "value", "provenance", "notes", "note", "source", "evidence", "reference", "references", "id"}
    | {"systems", "audience", "made_from", "question"}
)
"""Keys that mean the same everywhere in a sheet."""
_NO_ROLES = ("full", "all")
_RESERVED_NAME = "it means the same everywhere in a sheet, or in the program"


class TemplateFault(NamedTuple):
    """Something wrong with a template, by its path."""

    path: KeyPath
    message: str
    why: str
    help: str
    on_key: bool = False


def form_of(document: Document) -> tuple[TemplateForm | None, tuple[Problem, ...]]:
    """Return the template in a text, or what is wrong with it, in the order of the text."""
    try:
        form = TemplateForm.model_validate(document.data)
    except ValidationError as error:
        found = [
            TemplateFault(one.path, one.message, one.why, one.help, one.on_key)
            for one in misfits(error, document.data, TemplateWording())
        ]
        return None, _placed(found, document)
    faults = list(faults_of(form))
    return (None if faults else form), _placed(faults, document)


def _placed(faults: Iterable[TemplateFault], document: Document) -> tuple[Problem, ...]:
    problems = [
        Problem(
            code="wrong-template",
            message=fault.message,
            why=fault.why,
            help=fault.help,
            span=document.locate(fault.path, prefer_key=fault.on_key),
            path=fault.path,
        )
        for fault in faults
    ]
    return tuple(sorted(problems, key=lambda problem: problem.span.start))


def faults_of(form: TemplateForm) -> Iterator[TemplateFault]:
    """Yield what is wrong with a template whose form is right."""
    yield from _of_roles(form)
    for name, section in form.sections.items():
        path: KeyPath = ("sections", name)
        yield from _of_section(name, section, path)
        yield from _of_concerns(form, section, path)


def _of_roles(form: TemplateForm) -> Iterator[TemplateFault]:
    for name, role in form.roles.items():
        if name in _NO_ROLES:
            yield TemplateFault(
                ("roles", name),
                f"`{name}` is no name for a role",
                "commands mean something else by it",
                "give the role another name",
                on_key=True,
            )
        elif role is None and name not in ROLES:
            yield TemplateFault(
                ("roles", name),
                f"the role `{name}` has no title and no description",
                f"only a role of the FactSheet study is known by its name: {', '.join(ROLES)}",
                "write `{title: …, description: …}` after it",
                on_key=True,
            )


def _of_concerns(form: TemplateForm, section: SectionForm, path: KeyPath) -> Iterator[TemplateFault]:
    """Yield roles that the template does not have."""
    places: list[tuple[KeyPath, SectionForm | CellForm | UsedForm | None]] = [(path, section)]
    places += [((*path, "uses", key), used) for key, used in (section.uses or {}).items()]
    places += [((*path, "facts", key), fact) for key, fact in (section.facts or {}).items()]
    for place, holder in places:
        if holder is None:
            continue
        named = [(("asked_by",), role) for role in holder.asked_by or ()]
        named += [(("supplied_by",), holder.supplied_by)] if holder.supplied_by else []
        for key, role in named:
            if role not in form.roles:
                close = get_close_matches(role, form.roles, 1)
                meant = f"did you mean `{close[0]}`? " if close else ""
                yield TemplateFault(
                    (*place, *key),
                    f"the template has no role `{role}`",
                    "nobody would be asked",
                    f"{meant}Its roles are {', '.join(form.roles)}; list it under `roles` to have it",
                )


def _of_section(name: str, section: SectionForm, path: KeyPath) -> Iterator[TemplateFault]:
    taken = TAKEN.get(name)
    if not section.facts and not section.uses:
        yield TemplateFault(
            path,
            f"`{name}` has no facts",
            "nobody could answer it",
            "give it `facts`, or `uses`",
            on_key=True,
        )
    if name in (*ENDING, "factsheet", "template", "provenance"):
        yield TemplateFault(
            path, f"every sheet has `{name}`", "it is the same in every template", "take it out", on_key=True
        )
    elif taken is None and (name in _RESERVED or hasattr(SheetFields, name)):
        yield TemplateFault(
            path, f"`{name}` is no name for a section", _RESERVED_NAME, "give it another name", on_key=True
        )
    if section.uses and taken is None:
        yield TemplateFault(
            (*path, "uses"),
            f"`analog-ai` has no section `{name}` to take fields from",
            "a field is taken over with all that is known of it",
            f"name the section as there ({', '.join(TAKEN)}), or give it `facts` alone",
            on_key=True,
        )
    elif section.facts and taken is not None and section.uses is None and name not in ALWAYS:
        yield TemplateFault(
            path,
            f"`{name}` is a section of `analog-ai`, and nothing is said of what is taken from it",
            "a key of a sheet means one thing, whatever its template",
            "list the fields that it takes under `uses`, or give the section another name",
            on_key=True,
        )
    if taken is not None:
        yield from _of_uses(name, taken, section, (*path, "uses"))
    for key, fact in (section.facts or {}).items():
        yield from _of_name(key, taken, (*path, "facts", key))
        yield from _of_fact(key, fact, (*path, "facts", key))


def _of_uses(name: str, taken: type[Section], section: SectionForm, path: KeyPath) -> Iterator[TemplateFault]:
    for key, how in (section.uses or {}).items():
        if key not in taken.model_fields or key in Section.model_fields:
            close = get_close_matches(key, taken.model_fields, 1)
            meant = f"did you mean `{close[0]}`? " if close else ""
            yield TemplateFault(
                (*path, key),
                f"`analog-ai` has no field `{name}.{key}`",
                "what is not there cannot be taken over",
                f"{meant}`factsheet fields {name}` lists them; a fact of your own goes under `facts`",
                on_key=True,
            )
            continue
        if how is None:
            continue
        if how.example is not None:
            yield from _of_used_example(taken, key, how, (*path, key))
        if not how.without:
            continue
        record, _ = record_in(taken.model_fields[key].annotation)
        for gone in how.without:
            if record is None or gone not in record.model_fields or record.model_fields[gone].is_required():
                why = (
                    f"`{name}.{key}` cannot do without `{gone}`"
                    if record is not None and gone in record.model_fields
                    else f"`{name}.{key}` has no key `{gone}`"
                )
                yield TemplateFault(
                    (*path, key, "without"), why, "it cannot be left out", f"take `{gone}` out of the list"
                )


def _of_used_example(taken: type[Section], key: str, how: UsedForm, path: KeyPath) -> Iterator[TemplateFault]:
    needed = {
        name: (field.examples or [None])[0]
        for name, field in taken.model_fields.items()
        if field.is_required()
    }
    try:
        taken.model_validate({**needed, key: how.example})
    except ValidationError as error:
        yield TemplateFault(
            (*path, "example"),
            f"the example does not fit: {_words(error)}",
            "authors copy it",
            "write one that does",
        )


def _words(error: ValidationError) -> str:
    """Return what the first of pydantic's errors says, with its place below."""
    detail: dict[str, Any] = dict(error.errors(include_url=False)[0])
    words = detail.get("ctx", {}).get("message") or detail["msg"]
    where = ".".join(map(str, detail["loc"]))
    return f"{where}: {words}" if where else str(words)


def _of_name(key: str, taken: type[Section] | None, path: KeyPath) -> Iterator[TemplateFault]:
    if taken is not None and key in taken.model_fields:
        yield TemplateFault(
            path,
            f"`{key}` is a field of this section of `analog-ai`",
            "a key of a sheet means one thing, whatever its template",
            "list it under `uses`, or give the fact another name",
            on_key=True,
        )
    elif key in _RESERVED or hasattr(Section, key):
        yield TemplateFault(
            path, f"`{key}` is no name for a fact", _RESERVED_NAME, "give it another name", on_key=True
        )


def _of_fact(key: str, fact: FactForm, path: KeyPath) -> Iterator[TemplateFault]:
    if (fact.type == "rows") != bool(fact.facts):
        yield TemplateFault(
            path,
            "`facts` go with the type `rows`, and `rows` with `facts`",
            "a list of rows holds facts, and a fact by itself none",
            "give it `type: rows` and `facts`, or another type",
            on_key=True,
        )
        return
    if fact.type != "rows":
        yield from _of_cell(fact, path)
        return
    cells = list((fact.facts or {}).items())
    found = [
        fault
        for name, cell in cells
        for fault in (*_of_name(name, None, (*path, "facts", name)), *_of_cell(cell, (*path, "facts", name)))
    ]
    yield from found
    if not found:
        yield from _of_rows_example(key, fact, path)


def _of_rows_example(key: str, fact: FactForm, path: KeyPath) -> Iterator[TemplateFault]:
    rows = fact.example if isinstance(fact.example, list) else [fact.example]
    model: type[Record] = row_model(key, fact)
    for row in rows:
        try:
            model.model_validate(row)
        except ValidationError as error:
            yield TemplateFault(
                (*path, "example"),
                f"the example is no list of such rows: {_words(error)}",
                "authors copy it",
                "write a list of rows, each a mapping of the facts above",
            )
            return


def _of_cell(cell: CellForm, path: KeyPath) -> Iterator[TemplateFault]:
    shape = next(_of_shape(cell, path), None)
    if shape is not None:
        yield shape
        return
    try:
        kind = kind_of(cell)
    except AnswerRefusedError as refusal:
        yield TemplateFault((*path, _unread_limit(cell)), refusal.message, refusal.why, refusal.help)
        return
    try:
        kind.parse(cell.example)
    except AnswerRefusedError as refusal:
        yield TemplateFault(
            (*path, "example"),
            f"the example does not fit: {refusal.message}",
            "authors copy it",
            refusal.help,
        )


def _of_shape(cell: CellForm, path: KeyPath) -> Iterator[TemplateFault]:
    """Yield what does not go together in a fact."""
    limited = cell.least is not None or cell.most is not None
    if cell.type == "quantity" and (cell.unit is None or dimension_of(cell.unit) is None):
        found = (
            "no `unit`" if cell.unit is None else f"a `unit` that no quantity of a sheet has: `{cell.unit}`"
        )
        yield TemplateFault(
            path if cell.unit is None else (*path, "unit"),
            f"a `quantity` with {found}",
            "a figure can only be compared when its unit is known",
            "write a unit such as `W`, `ms`, `GB`, `GB/s`, `TOPS`, `images/s`; a plain number has the type `number`",
        )
    if cell.type != "quantity" and cell.unit is not None:
        yield TemplateFault(
            (*path, "unit"),
            "only a `quantity` has a `unit`",
            "it would be ignored",
            "take it out, or change the type",
        )
    if (cell.type == "choice") != (cell.choices is not None):
        yield TemplateFault(
            path,
            "`choices` go with the type `choice`, and `choice` with `choices`",
            "an answer is one of words that are known",
            "give it `type: choice` and `choices: [one, another]`, or another type",
            on_key=True,
        )
    if cell.choices is not None and len(set(cell.choices)) < len(cell.choices):
        yield TemplateFault(
            (*path, "choices"),
            "a word is there twice",
            "readers would look for the difference",
            "take one out",
        )
    if (limited or cell.usual is not None) and cell.type not in FIGURES:
        yield TemplateFault(
            path,
            f"a fact of the type `{cell.type}` has no limits",
            "they would be ignored",
            "take out `least`, `most` and `usual`, or change the type",
            on_key=True,
        )
    if limited and cell.because is None:
        yield TemplateFault(
            path,
            "limits without `because`",
            "whoever is refused an answer has to be told why nothing else is possible",
            "say why: `because: no card takes more`",
            on_key=True,
        )


def _unread_limit(cell: CellForm) -> str:
    """Return the key of the limit that cannot be read; `least` where only their order is wrong."""
    for name in ("least", "most"):
        limit = getattr(cell, name)
        try:
            if limit is not None:
                number_in(cell, limit)
        except AnswerRefusedError:
            return name
    return "usual" if cell.usual is not None and cell.least is None and cell.most is None else "least"
