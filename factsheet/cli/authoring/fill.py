"""`factsheet fill`: what can be worked out, put into a sheet after a look at the difference."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factsheet.cli import exits
from factsheet.cli.editing import difference
from factsheet.cli.exits import located
from factsheet.cli.gathering import read_one
from factsheet.cli.network import for_chips_alone
from factsheet.cli.options import BatchSize, ExecutionStructure, Hardware, Model, SeqLen
from factsheet.cli.request_options import takes_request
from factsheet.cli.sheets import open_sheet, the_sheet
from factsheet.cli.terminal import complain, say
from factsheet.cli.usage.completions import complete_fields
from factsheet.errors import CostError, DeriveError, SourceUnreadableError, UsageError, WorkloadError
from factsheet.recompute.request import Request
from factsheet.reports.text import one_line
from factsheet.source.document import dotted
from factsheet.source.loader import load_bytes
from factsheet.source.writing import replace_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.authoring.computed import Computed
    from factsheet.authoring.filling import Filled
    from factsheet.authoring.found import Found
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_POINT = {"seq_len": SeqLen, "batch": BatchSize}
_CHIP = {"hardware": Hardware, "structure": ExecutionStructure}


@takes_request(_POINT, _CHIP, {"model": Model})
def command(
    *,
    sheet: Annotated[
        Path | None, typer.Argument(help="The sheet. [default: the only one there is]", show_default=False)
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="[KIND=]SOURCE",
            help="Take over what this states: a model, a card, results; repeated, the first has the say.",
            show_default=False,
        ),
    ] = None,
    request: Request,
    replace: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            autocompletion=complete_fields,
            help="Replace what the sheet states here, and below it: parameters.power; repeated for more.",
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; the exit status is 1 where something would change."),
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the difference and write nothing.")] = False,
) -> None:
    """Fill a sheet with all that can be computed, estimated or imported, each fact with its provenance.

    It shows the difference and asks. What the sheet states already stays, and is listed where it differs; comments and
    layout stay as they are.

    Example:
        factsheet fill sheets/bert.yaml --diff
        factsheet fill sheets/bert.yaml --from model/config.json --diff
        factsheet fill sheets/bert.yaml --replace parameters.power --yes
    """
    path = sheet or the_sheet()
    document = read_one(path).document
    if document is None:
        raise SourceUnreadableError(path, "it is no text that could be edited; `factsheet validate` says why")
    name = str(path)
    open_sheet(name)  # what is no sheet is refused with the places of its faults
    filled = _filled(
        document.text, name, for_chips_alone(request), sources=sources or (), replace=replace or ()
    )
    _tell(name, filled)
    if filled.text == document.text:
        complain(f"factsheet: {one_line(name)}: there is nothing to fill")
        raise typer.Exit(exits.CLEAN)
    if not check or diff:
        say(difference(document.text, filled.text, name))
    if check or diff:
        raise typer.Exit(exits.FINDINGS if check else exits.CLEAN)
    if not yes and not _agreed(len(filled.added) + len(filled.replaced), name):
        complain("factsheet: nothing was written")
        raise typer.Exit(exits.CLEAN)
    replace_text(path, document.text, filled.text)
    raise typer.Exit(exits.CLEAN)


def _filled(
    text: str, name: str, request: Request, *, sources: Sequence[str], replace: Sequence[str]
) -> Filled:
    """Put in what the sources state, then what follows from all of it."""
    from factsheet.api.fact_sheet import sheet_of
    from factsheet.authoring.filling import check_replacements, fill, names  # the checks are loaded for it

    imported = _imported(sources, request, _references(text, name)) if sources else []
    done = fill(text, name, imported, replace=replace)
    data = load_bytes(done.text.encode(), name)
    with located(name, CostError, DeriveError, WorkloadError):
        computed = _computed(sheet_of(data, name), request)
    check_replacements(replace, [*imported, *(one.found for one in computed)])
    # Of two that are found for one place, what a source states comes before what is computed.
    taken = [found.path for found in (*done.added, *done.replaced)]
    left = [path for path in replace if not any(names(path, one) for one in taken)]
    tried: set[KeyPath] = set()
    for _ in range(_MOST_ROUNDS):
        verdicts = {one.found.path: one.verdict for one in computed}
        again = fill(done.text, name, [one.found for one in computed], verdicts=verdicts, replace=left)
        done = again.with_earlier(done, text, name)
        # What was put in can be what other figures follow from, with other digits or for the first time.
        tried |= {one.found.path for one in computed}
        with located(name, CostError, DeriveError, WorkloadError):
            sheet = sheet_of(load_bytes(done.text.encode(), name), name)
            computed = [
                one
                for one in _computed(sheet, request)
                if one.found.path not in tried
                or (one.verdict.fits is False and _is_derived(sheet, one.found))
            ]
        if not computed:
            break
    return done


_MOST_ROUNDS = 8
"""Figures that follow from figures that follow from others; three or four rounds are usual."""


def _is_derived(sheet: SheetFields, found: Found) -> bool:
    from factsheet.authoring.found import fact_at

    stated = fact_at(sheet, found.path)
    return stated is not None and stated.source == "derived"


def _computed(sheet: SheetFields, request: Request) -> list[Computed]:
    from factsheet.authoring.computed import computed_with_verdicts

    return [*computed_with_verdicts(sheet, request), *_besides(sheet, request)]


def _besides(sheet: SheetFields, request: Request) -> list[Computed]:
    """Return what `new` says of a network and its chip besides, where the sheet says nothing else of it."""
    from factsheet.authoring.computed import Computed
    from factsheet.authoring.drafting import PROFILE, facts_in_words, profile_facts
    from factsheet.authoring.implied_answers import implied_answers
    from factsheet.hardware.profile import profile_names
    from factsheet.recompute.verdict import UNCLAIMED
    from factsheet.sheet.answers import as_written
    from factsheet.source.editing import value_at

    data = as_written(sheet.model_dump(exclude_none=True, warnings=False))
    profile = request.profile
    found = list(profile_facts(profile)) if profile is not None else []
    if profile is not None and profile.name not in profile_names():
        # A name that only this machine knows would let nobody recompute what was estimated.
        found = [one for one in found if one.path != PROFILE]
    found += [*implied_answers(data), *facts_in_words(sheet, request)]
    # Figures that are stated are compared as figures; words that were derived are made anew.
    return [
        Computed(one, UNCLAIMED)
        for one in found
        if value_at(data, one.path) is None or (isinstance(one.value, str | list) and _is_derived(sheet, one))
    ]


def _references(text: str, name: str) -> list[Any]:
    document = load_bytes(text.encode(), name).document
    data = document.data if document is not None else None
    listed = data.get("references") if isinstance(data, dict) else None
    return listed if isinstance(listed, list) else []


def _imported(sources: Sequence[str], request: Request, references: Sequence[Any]) -> list[Found]:
    """Return what sources state, each fact with its source, and say what none of the facts is taken from."""
    from factsheet.authoring.beginning import read_sources
    from factsheet.authoring.filling import rows_whole
    from factsheet.authoring.importing.imported import ImportOptions
    from factsheet.authoring.importing.merging import merge
    from factsheet.authoring.importing.reference_ids import with_own_references

    options = ImportOptions(request=request)
    imports = [one for named in sources for one in read_sources(named, options)]
    draft = merge(imports)
    for conflict in draft.conflicts:
        complain(
            f"factsheet: {one_line(dotted(conflict.path))}: {one_line(conflict.words)}; the first is taken"
        )
    for one in imports:
        for unclear in one.unclear:
            readings = ", or ".join(words for words, _ in unclear.readings)
            complain(
                f"factsheet: {one_line(dotted(unclear.path))}: {one_line(unclear.where)} has"
                f" `{one_line(unclear.what)}`, which may be {one_line(readings)}; not taken"
            )
        for left in one.left_out:
            complain(
                f"factsheet: {one_line(left.where)}: {one_line(left.what)} not taken: {one_line(left.why)}"
            )
    return with_own_references(rows_whole(draft, "factsheet fill"), references)


def _tell(name: str, filled: Filled) -> None:
    """Say what stayed, where it differs, and what a check finds that it did not find before."""
    differing = [one for one in filled.kept if one.agrees is False]
    others = [one for one in filled.kept if one.agrees is None]
    agreeing = len(filled.kept) - len(differing) - len(others)
    if filled.kept:
        complain(
            f"factsheet: {one_line(name)}: left alone: {agreeing} that agree, {len(differing)} that differ,"
            f" {len(others)} that cannot be compared"
        )
    for one in (*differing, *others):
        said = f" ({one.source})" if one.source else ""
        found = one.found.value
        value = found["value"] if isinstance(found, dict) and "value" in found else found
        complain(
            f"  {one_line(dotted(one.path))}: {one_line(one.stated)}{said} stays;"
            f" {one_line(one.found.where)} gives {one_line(str(value))}: {one_line(one.comparison)}"
        )
    from factsheet.authoring.generation import said_of_passes  # the network's families are loaded for it

    passes = said_of_passes((*filled.added, *filled.replaced))
    if passes:
        complain(f"factsheet: {one_line(name)}: {one_line(passes)}")
    for refused, why in filled.refused:
        complain(f"  {one_line(dotted(refused.path))}: not written: {one_line(why)}")
    if filled.new:
        complain(
            f"factsheet: {one_line(name)}: {len(filled.new)} new finding{'' if len(filled.new) == 1 else 's'}:"
        )
    for finding in filled.new:
        complain(f"  {one_line(str(finding))}")


def _agreed(count: int, name: str) -> bool:
    """Ask whether to write.

    Raises:
        UsageError: there is nobody to ask.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "nothing was written: there is no terminal to ask on",
            help="`--yes` writes without asking, `--check` and `--diff` write nothing",
            place=name,
        )
    try:
        return typer.confirm(
            f"Write {count} fact{'' if count == 1 else 's'} into {one_line(name)}?", err=True
        )
    except typer.Abort:  # Ctrl-C and Ctrl-D
        complain("")
        return False
