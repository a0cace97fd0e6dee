"""Find the template that a sheet names, and read the sheet by it.

A sheet names a template and never a file: the templates that come with the program are known, and those of the user
where the user, or the user's settings, have named their files.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from factsheet.errors import UsageError
from factsheet.readers.roles import ROLE_NAMES
from factsheet.sheet.load import read_factsheet_as
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.template import ANALOG, FOLDER, SheetTemplate, read_template, shipped_names
from factsheet.sheet_templates.user_templates import add_templates, user_templates

if TYPE_CHECKING:
    from factsheet.facts.misfits import Misfit
    from factsheet.readers.roles import RoleName

_Sheet = TypeVar("_Sheet", bound=SheetFields)
_WIDEST = 60


@cache
def _shipped(name: str) -> SheetTemplate:
    return read_template(FOLDER / f"{name}.yaml")


def known_names() -> tuple[str, ...]:
    """Return the names of all templates that a sheet may name."""
    return (*shipped_names(), *(template.name for template in user_templates()))


def known_roles() -> tuple[RoleName, ...]:
    """Return the roles of all templates that a sheet may name, those of the study first."""
    templates = (template_named(name) for name in known_names())
    others = (template.audience.role_names for template in templates if template is not None)
    return tuple(dict.fromkeys((*ROLE_NAMES, *(role for names in others for role in names))))


def template_named(name: str) -> SheetTemplate | None:
    """Return the template of that name; `None` for `analog-ai`, which is the package's own model.

    Raises:
        UsageError: there is none.
        ConfigurationError: a file that the user named is no template.
    """
    if name == ANALOG:
        return None
    if name in shipped_names():  # also keeps a name that is a path away from the file system
        return _shipped(name)
    found = next((template for template in user_templates() if template.name == name), None)
    if found is None:
        raise UsageError(
            f"there is no template `{name[:_WIDEST]}`",
            help=f"the templates are {', '.join(known_names())}; a file of your own ends in .yaml or .yml",
            candidates=known_names(),
        )
    return found


def template_from(name_or_path: str) -> SheetTemplate | None:
    """Return the template of that name, or, where it ends in `.yaml` or `.yml`, that file; for what a user asks for.

    Sheets that name the file's template are read by it from here on.

    Raises:
        UsageError: there is none.
        SourceUnreadableError: the file cannot be read.
        ConfigurationError: it is no template.
    """
    if name_or_path.lower().endswith((".yaml", ".yml")):
        add_templates([name_or_path])
        return user_templates()[0]
    return template_named(name_or_path)


def model_named(name_or_path: str | None) -> type[SheetFields]:
    """Return the model of a template's sheets, by its name or its file; that of `analog-ai` for `None`.

    Raises:
        UsageError: there is no such template.
        SourceUnreadableError: the file cannot be read.
        ConfigurationError: it is no template.
    """
    template = None if name_or_path is None else template_from(name_or_path)
    return SheetFields if template is None else template.model(SheetFields)


def model_of(data: object) -> type[SheetFields]:
    """Return the model of the sheet that plain data holds; that of `analog-ai` where it names no template there is."""
    found = model_for(SheetFields, data)
    return found if isinstance(found, type) else SheetFields


def model_for(base: type[_Sheet], data: object) -> type[_Sheet] | Misfit:
    """Return the model of the sheet that plain data holds, by the template that it names; a misfit if there is none.

    Args:
        base: `SheetFields`, a subclass of it with methods, or a model that was generated from either.
        data: what `factsheet.source` read.

    Raises:
        ConfigurationError: a template file that the user named is none.
    """
    base = getattr(base, "made_from", base)
    name = data.get("template") if type(data) is dict else None
    if not isinstance(name, str) or name == ANALOG:
        return base  # anything else is refused there
    try:
        template = template_named(name)
    except UsageError as error:
        from factsheet.facts.misfits import Misfit  # start-up: only where something is wrong

        known = ", ".join(f"`{one}`" for one in error.candidates)
        return Misfit(
            "wrong-answer",
            ("template",),
            on_key=False,
            message=f"there is no template `{name[:_WIDEST]}`",
            why="the template says which sections and facts a sheet has, so that nothing else was checked",
            help=f"known are {known}; one of your own is given as `--template FILE`, or listed as `sheet-templates` "
            "under [tool.factsheet] in pyproject.toml",
        )
    return base if template is None else template.model(base)


def read_sheet_as(
    model: type[_Sheet], data: object, *, within_lists: bool = False
) -> tuple[_Sheet | None, tuple[Misfit, ...]]:
    """Validate plain data against the schema of the template that it names; `read_factsheet_as` says how.

    Args:
        model: the class of the sheet that comes back, or of which its class is a subclass.
        data: what `factsheet.source` read.
        within_lists: whether what does not fit leaves the rest of its list in, likewise.
    """
    found = model_for(model, data)
    if not isinstance(found, type):
        return None, (found,)
    return read_factsheet_as(found, data, within_lists=within_lists)


def read_any_sheet(
    data: object, *, within_lists: bool = False
) -> tuple[SheetFields | None, tuple[Misfit, ...]]:
    """Validate plain data against the schema of the template that it names; `read_sheet_as` says how."""
    return read_sheet_as(SheetFields, data, within_lists=within_lists)
