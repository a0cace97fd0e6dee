"""Read a template from its file, and keep the models that are generated from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from factsheet.errors import ConfigurationError, in_one_line
from factsheet.source.loader import read_sheet
from factsheet.source.problems import TEMPLATE, Problem

if TYPE_CHECKING:
    from factsheet.readers.audience import Audience
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet_templates.form import TemplateForm
    from factsheet.source.document import Document

    _Sheet = TypeVar("_Sheet", bound=SheetFields)

_SHOWN = 3
"""Faults in the text of an error, to stay on one screen."""
FOLDER = Path(__file__).with_name("shipped")
ANALOG = "analog-ai"
"""The template that the package itself is written for: its model is no file's."""


class SheetTemplate:
    """A template with the models of its sheets, each generated when the first sheet is read.

    Attributes:
        form: what its file says.
        document: the file's text.
    """

    def __init__(self, form: TemplateForm, document: Document) -> None:
        self.form, self.document = form, document
        self._models: dict[type[SheetFields], type[SheetFields]] = {}
        self._audience: Audience | None = None

    @property
    def name(self) -> str:
        """What sheets call it."""
        return self.form.name

    @property
    def audience(self) -> Audience:
        """The readers of its sheets."""
        if self._audience is None:
            from factsheet.sheet_templates.template_audience import TemplateAudience

            self._audience = TemplateAudience(self.form)
        return self._audience

    def model(self, base: type[_Sheet]) -> type[_Sheet]:
        """Return the model of its sheets, a subclass of `base`."""
        if base not in self._models:
            from factsheet.sheet_templates.generated_model import sheet_model

            self._models[base] = sheet_model(base, self.form, self.audience)
        model: type[_Sheet] = self._models[base]  # type: ignore[assignment]  # what `sheet_model` made of this base
        return model


def shipped_names() -> tuple[str, ...]:
    """Return the names of the templates that come with the program, that of the package's own sheet first."""
    return (ANALOG, *sorted(path.stem for path in FOLDER.glob("*.yaml")))


class CheckedTemplate(NamedTuple):
    """What became of a template's text: the template, or what is wrong with it, in the order of the text."""

    template: SheetTemplate | None
    problems: tuple[Problem, ...]
    document: Document | None


def read_template(path: Path) -> SheetTemplate:
    """Read a template from its file.

    Raises:
        SourceUnreadableError: the file cannot be read.
        ConfigurationError: it is no template; the first faults are named, with their lines.
    """
    checked = check_template(path)
    if checked.template is not None:
        return checked.template
    name = in_one_line(str(path))
    places = [
        f"{name}:{one.span.line}:{one.span.column}: {one.message}\n  = help: {one.help}"
        for one in checked.problems
    ]
    more = len(places) - _SHOWN
    rest = [f"and {more:,} more; `factsheet template check {name}` shows them all"] if more > 0 else []
    raise ConfigurationError("\n".join([*places[:_SHOWN], *rest]))


def _a_sheet(document: Document) -> Problem:
    return Problem(
        code="wrong-kind",
        message="this is a sheet, and not a template of sheets",
        why="a template says what sheets state, and a sheet states it",
        help="`factsheet validate` checks a sheet; `factsheet template new NAME` begins a template",
        span=document.locate(("factsheet",), prefer_key=True),
        path=("factsheet",),
    )


def check_template(path: Path) -> CheckedTemplate:
    """Read a template from its file, with all that is wrong with it.

    Raises:
        SourceUnreadableError: the file cannot be read.
    """
    from factsheet.sheet_templates.form_problems import form_of

    loaded = read_sheet(path, kind=TEMPLATE)
    document = loaded.document
    if loaded.problems or document is None or document.data is None:
        return CheckedTemplate(None, loaded.problems, document)
    keys = document.data.keys() if isinstance(document.data, dict) else ()
    if "factsheet" in keys and "factsheet_template" not in keys:
        return CheckedTemplate(None, (_a_sheet(document),), document)
    form, problems = form_of(document)
    if form is None or problems:
        return CheckedTemplate(None, problems, document)
    if form.name in shipped_names() and path.resolve() != (FOLDER / f"{form.name}.yaml").resolve():
        taken = Problem(
            code="taken-name",
            message=f"`{form.name}` is the name of a template that comes with the program",
            why="sheets would be read by another template than the one that they name",
            help=f"give this one a name of its own, such as `my-{form.name}`",
            span=document.locate(("name",)),
            path=("name",),
        )
        return CheckedTemplate(None, (taken,), document)
    return CheckedTemplate(SheetTemplate(form, document), (), document)
