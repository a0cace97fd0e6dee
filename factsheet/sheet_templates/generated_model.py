"""Generate the pydantic model of a template's sheets, on the same facts and kinds as the package's own sheet.

The model is a subclass of the sheet's. A section, or a field of one, that the template does not take over is no
field of the subclass any more: it is a class variable, `None`. Whatever reads a sheet therefore reads one of any
template; it finds nothing where the template has nothing, and what it takes over is checked and recomputed as
everywhere.
"""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar, cast

from pydantic import Field

from factsheet.facts.fact import Fact
from factsheet.facts.section import Record, Rows, Section, ask
from factsheet.sheet.model import SheetFields
from factsheet.sheet.references import Producer, Review
from factsheet.sheet_templates.template_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic.fields import FieldInfo

    from factsheet.readers.audience import Audience
    from factsheet.sheet_templates.form import CellForm, FactForm, SectionForm, TemplateForm, UsedForm

_Record = TypeVar("_Record", bound=Record)
_Sheet = TypeVar("_Sheet", bound=SheetFields)
ALWAYS = ("factsheet", "template", "overview", "provenance")
"""What every sheet begins with."""
ENDING = ("references", "figures", "producers", "reviews", "errata")
"""What every sheet ends with."""
TAKEN: dict[str, type[Section]] = {}
"""The sections of `analog-ai` that a template may take fields from, by name."""
_MOST_ROWS = 1000

for _name, _field in SheetFields.model_fields.items():
    _section = next(
        (
            one
            for one in (_field.annotation, *typing.get_args(_field.annotation))
            if isinstance(one, type) and issubclass(one, Section)
        ),
        None,
    )
    if _section is not None:
        TAKEN[_name] = _section


def sheet_model(base: type[_Sheet], form: TemplateForm, audience: Audience) -> type[_Sheet]:
    """Return the model of a template's sheets.

    Args:
        base: the class that it is to be one of, `SheetFields` or a subclass with methods.
        form: the template, without faults.
        audience: its readers.
    """
    fields: dict[str, tuple[Any, Any]] = {
        "template": (
            Literal[form.name],
            ask(
                "Template of this sheet: what can be stated, and for which readers.",
                "By which template is this sheet written?",
                form.name,
                default=...,
            ),
        )
    }
    for name, section in form.sections.items():
        fields[name] = _section_field(name, section)
    if "overview" not in fields:
        fields["overview"] = (
            SheetFields.model_fields["overview"].annotation,
            SheetFields.model_fields["overview"],
        )
    fields |= _people(audience.role_names)
    kept = {*ALWAYS, *ENDING, *fields}
    model = _subclass(
        base,
        base.__name__,
        fields,
        without=[name for name in SheetFields.model_fields if name not in kept],
        doc=form.description,
        shared={"audience": audience, "made_from": base},
    )
    order = dict.fromkeys((*ALWAYS, *form.sections, *ENDING))
    # The schema is not built yet: `Record` defers it until the first sheet is read.
    model.__pydantic_fields__ = {name: model.__pydantic_fields__[name] for name in order}
    return model


def _section_field(name: str, form: SectionForm) -> tuple[Any, Any]:
    taken = TAKEN.get(name)
    used = form.uses or {}
    fields = {key: _fact_field(key, fact) for key, fact in (form.facts or {}).items()}
    without: list[str] = []
    if taken is not None:
        for key, field in taken.model_fields.items():
            inherited = key in Section.model_fields
            if not inherited and key not in used and not field.is_required():
                without.append(key)
        for key, how in used.items():
            if how is not None and (
                how.without or how.description or how.question or how.example is not None
            ):
                fields[key] = _adapted(taken, key, how)
    model = _subclass(
        Section if taken is None else taken,
        f"{name.title().replace('_', '')}Section" if taken is None else taken.__name__,
        fields,
        without=without,
        doc=form.description or form.question,
        shared={"question": form.question},
    )
    order = [
        *(key for key in model.__pydantic_fields__ if key in Section.model_fields),
        *(key for key in model.__pydantic_fields__ if key not in Section.model_fields and key not in fields),
        *fields,
    ]
    model.__pydantic_fields__ = {key: model.__pydantic_fields__[key] for key in dict.fromkeys(order)}
    required = any(field.is_required() for field in model.__pydantic_fields__.values())
    example = {
        key: field.examples[0]
        for key, field in model.__pydantic_fields__.items()
        if field.examples and key not in Section.model_fields and (field.is_required() or not required)
    }
    if not required:
        example = dict(list(example.items())[:1])
    always = name == "overview"
    return (
        model if always else model | None,
        ask(
            form.description or f"{form.title}.",
            form.question,
            example,
            default=... if always else None,
            title=form.title,
        ),
    )


def _adapted(section: type[Section], key: str, how: UsedForm) -> tuple[Any, Any]:
    """Return a field of a section in the template's words, its record or rows without the keys that are left out."""
    field = section.model_fields[key]
    form: Any = field.annotation
    # What limits a field is beside its annotation there; a kind of answer is in it.
    form = Annotated[form, *field.metadata] if field.metadata else form
    example = how.example if how.example is not None else (field.examples or [None])[0]
    record, rows = record_in(field.annotation)
    if how.without and record is not None:
        gone = how.without
        narrow = _subclass(record, record.__name__, {}, without=gone, doc=record.__doc__ or "")
        form = (Rows[narrow] if rows else narrow) | None  # type: ignore[valid-type]  # a class made a line above
        if how.example is None:
            kept = [
                {name: value for name, value in row.items() if name not in gone}
                for row in (example if rows else [example])
            ]
            example = kept if rows else kept[0]
    return form, ask(
        how.description or field.description or "",
        how.question or question_of(field),
        example,
        default=... if field.is_required() else None,
    )


def question_of(field: FieldInfo) -> str:
    """Return the question that a field answers."""
    extra = field.json_schema_extra
    return str(extra.get("x-question", "")) if isinstance(extra, dict) else ""


def record_in(annotation: object) -> tuple[type[Record] | None, bool]:
    """Return the record that a field holds, and whether it holds a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation, False
    rows = typing.get_origin(annotation) is tuple
    for argument in typing.get_args(annotation):
        found, deeper = record_in(argument)
        if found is not None:
            return found, rows or deeper
    return None, False


def _fact_field(key: str, form: FactForm) -> tuple[Any, Any]:
    if form.type != "rows":
        return _cell_field(form)
    row = row_model(key, form)
    return (
        Annotated[Rows[row], Field(max_length=_MOST_ROWS)] | None,  # type: ignore[valid-type]  # as above
        ask(form.description, form.question, form.example, title=form.title),
    )


def row_model(key: str, form: FactForm) -> type[Record]:
    """Return the model of a row of a list."""
    fields = {name: _cell_field(cell) for name, cell in (form.facts or {}).items()}
    return _subclass(Record, f"{key.title().replace('_', '')}Row", fields, doc=form.description)


def _cell_field(form: CellForm) -> tuple[Any, Any]:
    return (
        Annotated[Fact, kind_of(form)] | None,
        ask(form.description, form.question, form.example, title=form.title),
    )


def _people(roles: tuple[str, ...]) -> dict[str, tuple[Any, Any]]:
    """Return the fields for producers and reviews, whose roles are those of the template."""
    found: dict[str, tuple[Any, Any]] = {}
    for name, row in (("producers", Producer), ("reviews", Review)):
        field = row.model_fields["role"]
        words: Any = Literal[roles]
        role = (
            words if field.is_required() else words | None,
            ask(
                field.description or "",
                question_of(field),
                roles[0],
                default=... if field.is_required() else None,
            ),
        )
        narrow = _subclass(row, row.__name__, {"role": role}, doc=row.__doc__ or "")
        whole = SheetFields.model_fields[name]
        example = [{**entry, "role": roles[0]} for entry in (whole.examples or [[]])[0]]
        found[name] = (
            Annotated[Rows[narrow], *whole.metadata] | None,  # type: ignore[valid-type]  # as above
            ask(whole.description or "", question_of(whole), example),
        )
    return found


def _subclass(
    base: type[_Record],
    name: str,
    fields: Mapping[str, tuple[Any, Any]],
    *,
    without: Iterable[str] = (),
    doc: str = "",
    shared: Mapping[str, Any] | None = None,
) -> type[_Record]:
    """Return a subclass of a model with further fields, without some of its own, and with some class variables."""
    shared = {**dict.fromkeys(without), **(shared or {})}
    namespace: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": doc,
        "__annotations__": {
            **dict.fromkeys(shared, ClassVar[Any]),
            **{key: annotation for key, (annotation, _) in fields.items()},
        },
        **shared,
        **{key: field for key, (_, field) in fields.items()},
    }
    make: Any = type(base)  # pydantic's metaclass
    return cast("type[_Record]", make(name, (base,), namespace))
