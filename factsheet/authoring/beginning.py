"""Read the sources of a new sheet and begin it: what `factsheet.new` and the command of that name call."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.authoring.drafting import NewSheet, begin_sheet
from factsheet.authoring.importing.answers import read_answers
from factsheet.authoring.importing.imported import Imported, ImportOptions, LeftOut
from factsheet.authoring.importing.kinds import kind_of, sources_in
from factsheet.errors import FactsheetError, UsageError
from factsheet.readers.audience import STUDY
from factsheet.recompute.request import Request, request_with
from factsheet.sheet_templates.known_templates import model_named
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.hardware.profile import Profile
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName


def new(
    *sources: str | Path,
    answers: Mapping[str, object] | str | Path | None = None,
    name: str | None = None,
    seq_len: int | None = None,
    batch: int | None = None,
    hardware: str | Path | Profile | None = None,
) -> NewSheet:
    """Begin a sheet from what a team has; its `text` is the YAML, its `sheet` what the text says.

    Args:
        sources: files, folders or `package.module:callable`; the one named first has the say.
        answers: answers that go before all sources, `path: value`, or a file of them.
        name: what the model is called where no source says so; without one, that is a question.
        seq_len: tokens in one sequence, for what is computed.
        batch: sequences run together, likewise.
        hardware: name or file of the profile that time, power, energy and area are estimated for.

    Raises:
        FactsheetError: a source cannot be read, or the figures contradict each other.
    """
    return begin_from(
        tuple(map(str, sources)),
        answers=answers,
        name=name,
        today=datetime.now(UTC).date(),
        request=request_with(None, seq_len=seq_len, batch=batch, hardware=hardware),
    )


def begin_from(
    sources: Sequence[str],
    *,
    answers: Mapping[str, object] | str | Path | None = None,
    name: str | None,
    today: date,
    request: Request | None = None,
    roles: Sequence[RoleName] = (),
    stage: StageName = "published",
    template: str | None = None,
) -> NewSheet:
    """Read sources and begin a sheet from them; `begin_sheet` says how.

    Args:
        sources: files, folders, `package.module:callable`, each perhaps with its kind: `card=about.md`.
        answers: answers, or a file of them, which go before what sources say.
        name: as for `begin_sheet`, and so are the rest.
        today: likewise.
        request: likewise.
        roles: whose questions are asked; every one's of the template where none is named.
        stage: as for `begin_sheet`.
        template: likewise; if left out, that of the first source that is a sheet of another one than the study's.

    Raises:
        UsageError: the template has no such role.
        FactsheetError: a source cannot be read.
    """
    request = request or Request()
    options = ImportOptions(request=request, run_code=True)
    imports = [read_answers(answers)] if answers is not None else []
    for named in sources:
        imports += read_sources(named, options)
    if template is None:
        template = next((one.template for one in imports if one.template), STUDY.template)
    known = model_named(template).audience.role_names
    for role in roles:
        if role not in known:
            raise UsageError(
                f"`{role}` is no role of the template {template}",
                "the sources are of this template, and so is the sheet",
                f"its roles are {', '.join(known)}; `--template` names another one",
                place="--role",
            )
    return begin_sheet(
        imports, name=name, today=today, request=request, roles=roles or known, stage=stage, template=template
    )


def read_sources(named: str, options: ImportOptions) -> Iterator[Imported]:
    """Yield what a source gives, or each of those in a folder; of several, one that cannot be read is listed as such.

    Args:
        named: a file, a folder or `package.module:callable`, perhaps with its kind: `card=about.md`.
        options: how to read it.

    Raises:
        FactsheetError: it cannot be read.
    """
    several = sources_in(named)
    for source in several:
        kind, place = kind_of(source)
        try:
            yield kind.read(place, options)
        except FactsheetError as error:
            if len(several) == 1 or source == named:
                raise
            file = make_safe(Path(source).name)
            why = "; ".join(filter(None, (error.message, error.why)))
            yield Imported(file, kind.words, left_out=(LeftOut(file, "the whole file", why),))
