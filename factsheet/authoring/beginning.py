"""Read the sources of a new sheet and begin it: what `factsheet.new` and the command of that name call."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from factsheet.authoring.drafting import NewSheet, begin_sheet
from factsheet.authoring.importing.answers import read_answers
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import kind_of, sources_in
from factsheet.readers.roles import ROLE_NAMES
from factsheet.recompute.request import Request, request_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

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
    roles: Sequence[RoleName] = ROLE_NAMES,
    stage: StageName = "published",
) -> NewSheet:
    """Read sources and begin a sheet from them; `begin_sheet` says how.

    Args:
        sources: files, folders, `package.module:callable`, each perhaps with its kind: `card=about.md`.
        answers: answers, or a file of them, which go before what sources say.
        name: as for `begin_sheet`, and so are the rest.
        today: likewise.
        request: likewise.
        roles: likewise.
        stage: likewise.

    Raises:
        FactsheetError: a source cannot be read.
    """
    request = request or Request()
    options = ImportOptions(request=request, run_code=True)
    imports = [read_answers(answers)] if answers is not None else []
    for source in (one for named in sources for one in sources_in(named)):
        kind, place = kind_of(source)
        imports.append(kind.read(place, options))
    return begin_sheet(imports, name=name, today=today, request=request, roles=roles, stage=stage)
