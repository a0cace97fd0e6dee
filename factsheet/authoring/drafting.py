"""Begin a sheet from what a team has: facts of its sources, what follows from them, and a question for each gap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from factsheet.authoring.computed import computed_facts
from factsheet.authoring.draft_text import draft_text
from factsheet.authoring.field_catalogue import has_field
from factsheet.authoring.found import Found
from factsheet.authoring.generation import OF_A_PASS, pass_in_words
from factsheet.authoring.implied_answers import implied_answers
from factsheet.authoring.importing.imported import NAME, NEW_ROW, Imported, LeftOut
from factsheet.authoring.importing.merging import Taken, annotation_at, merge, put, record_in
from factsheet.authoring.todo import OwedFact, owed_facts
from factsheet.checks.engine import check_document
from factsheet.errors import FactsheetError, UsageError
from factsheet.networks.declared import SECTION
from factsheet.networks.policy import Policy
from factsheet.readers.audience import STUDY
from factsheet.recompute.chip_estimate import on_chips
from factsheet.recompute.claims import ESTIMATED
from factsheet.recompute.engine import recompute
from factsheet.recompute.request import Request
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.characters import make_safe
from factsheet.source.document import dotted
from factsheet.source.editing import value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from factsheet.authoring.importing.merging import Conflict
    from factsheet.hardware.profile import Profile
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_ROUNDS = 20
"""A fact that is left out can uncover a fault of another; a draft of sources alone is through in two or three."""
_COMPUTED = "factsheet"
"""What computed facts are said to be from."""
OF_WORDS = frozenset({"overview", "purpose", "setup", "references", "limitations", "factsheet"})
"""Sections of words, which have no provenance of figures."""


@dataclass(frozen=True)
class NewSheet:
    """A sheet that was begun, and the account of it.

    Attributes:
        text: the YAML, with a comment for each question.
        sheet: what the text says.
        taken: each fact in it that a source states or that was computed, with the source.
        conflicts: what sources do not agree on; the one named first stands.
        left_out: what sources state and the sheet does not, with the reason.
        imports: what each source gave.
        questions: what is still owed.
    """

    text: str
    sheet: SheetFields
    taken: tuple[Taken, ...]
    conflicts: tuple[Conflict, ...]
    left_out: tuple[tuple[str, LeftOut], ...]
    imports: tuple[Imported, ...]
    questions: tuple[OwedFact, ...]


def begin_sheet(
    imports: Sequence[Imported],
    *,
    name: str | None,
    today: date,
    request: Request | None = None,
    roles: Sequence[RoleName],
    stage: StageName = "published",
    template: str = STUDY.template,
) -> NewSheet:
    """Return a sheet with all that sources state and that follows from it; the rest are questions.

    Args:
        imports: what sources gave, the one that has the say first.
        name: what to call the model where no source names it; without one, that is a question.
        today: the date of the sheet.
        request: sequence length, batch and chip that figures are computed at.
        roles: whose questions are asked.
        stage: the stage whose demands are asked.
        template: the template that the sheet is to name; what sources state beyond it is left out.

    Raises:
        UsageError: the sources contradict the schema in a way that leaving facts out does not heal.
    """
    draft = merge(imports)
    imports = draft.imports
    request = request or Request()
    data, taken = draft.data, list(draft.taken)
    called = next((one.called for one in imports if one.called), None)
    _begin(data, taken, name or called, today, template=template)
    if data["overview"]["model"] != UNNAMED:
        imports = tuple(
            replace(one, unclear=tuple(each for each in one.unclear if each.path != NAME)) for one in imports
        )
        draft = replace(draft, imports=imports)
    left: list[tuple[str, LeftOut]] = [(one.name, out) for one in imports for out in one.left_out]
    left += draft.repeated
    left += _without_misfits(data, taken)  # a section that goes as a whole is to leave no provenance behind
    _cite(data, taken, imports)
    left += _compute(data, taken, _for_draft(request, imports))
    left += _without_misfits(data, taken)
    left += _without_faults(data, taken)
    _open_unclear(data, imports)
    sheet = _sheet(data)
    questions = owed_facts(sheet, name="SHEET", roles=roles, stage=stage)
    text = draft_text(data, replace(draft, taken=tuple(taken)), questions)
    loaded = load_bytes(text.encode(), "sheet").document
    return NewSheet(
        text,
        sheet if loaded is None else _sheet(loaded.data),
        tuple(taken),
        draft.conflicts,
        tuple(left),
        draft.imports,
        questions,
    )


def _begin(data: dict[str, Any], taken: list[Taken], name: str | None, today: date, *, template: str) -> None:
    overview = data.setdefault("overview", {})
    stated = overview.get("model", name)
    stated = stated["value"] if isinstance(stated, dict) and "value" in stated else stated
    for key, value, where in (
        ("model", stated, "the name given"),
        (
            "name",
            stated and (f"{stated} on analog AI hardware" if template == STUDY.template else stated),
            "the name of the model",
        ),
    ):
        if key in overview:
            continue
        # The schema has no sheet without a name; what says nothing is a question for every command.
        overview[key] = value or UNNAMED
        if value:
            taken.append(Taken(("overview", key), Found(("overview", key), value, where), _COMPUTED))
    overview["status"] = "draft"
    overview.setdefault("date", today.isoformat())
    data["factsheet"] = 1
    if template != STUDY.template:
        data["template"] = template


UNNAMED = "TODO"
"""What stands for the name of a model that nothing names; `is_placeholder` knows it."""


def _for_draft(request: Request, imports: Sequence[Imported]) -> Request:
    """Return what is asked of the draft: a network that was read at the sizes asked for has them by now."""
    if not any(path[:1] == (SECTION,) for one in imports for path, _ in one.comments):
        return request
    return replace(
        request, image_size=None, dims=(), decode=False, cache_length=None, policy=Policy(), model=None
    )


def _cite(data: dict[str, Any], taken: list[Taken], imports: Sequence[Imported]) -> None:
    """Say of each section which files its figures were read from, unless a source says where they come from."""
    if "provenance" in data:
        return
    for section, stated in data.items():
        if section in OF_WORDS or not isinstance(stated, dict) or "provenance" in stated:
            continue
        names = dict.fromkeys(make_safe(one.name) for one in taken if one.path[0] == section)
        if names:
            assumed = [one.assumed[section] for one in imports if section in one.assumed]
            note = " ".join([f"Read from {', '.join(names)} by `factsheet new`.", *assumed])
            stated["provenance"] = {"source": "declared", "note": note}


def _open_unclear(data: dict[str, Any], imports: Sequence[Imported]) -> None:
    """Give what a source leaves unclear a key without a value, which is a question."""
    for path in (unclear.path for one in imports for unclear in one.unclear):
        if any(isinstance(step, int) for step in path) or value_at(data, path) is not None:
            continue
        put(data, path[: next(_incomplete(data, path), len(path))], None)


def _incomplete(data: dict[str, Any], path: KeyPath) -> Iterator[int]:
    """Yield the keys to a section that is not there and that would not fit with less than all that it needs."""
    for end in range(1, len(path)):
        record = record_in(annotation_at(path[:end]))
        needs = record is None or any(one.is_required() for one in record.model_fields.values())
        if needs and value_at(data, path[:end]) is None:
            yield end


def _sheet(data: Any) -> SheetFields:
    sheet, misfits = read_any_sheet(data)
    if sheet is None or misfits:
        first = misfits[0] if misfits else None
        raise UsageError(
            f"no sheet follows from these sources: {first.message if first else 'nothing usable is left'}",
            first.why if first else "",
            "leave out the source that states it, or give the answer with --answers",
            place=dotted(first.path) if first else "",
        )
    return sheet


def _having_a_field(computed: Iterable[Found], sheet: SheetFields) -> Iterator[Found]:
    """Yield the facts that a sheet of this template can state."""
    return (found for found in computed if has_field(type(sheet), dotted(found.path)))


def _compute(data: dict[str, Any], taken: list[Taken], request: Request) -> Iterator[tuple[str, LeftOut]]:
    """Add what follows from the facts, on a chip where one is named; yield what cannot be computed, with the reason."""
    if request.profile is not None:
        for found in profile_facts(request.profile):
            _add(data, taken, found)
    sheet, misfits = read_any_sheet(data)
    if sheet is None or misfits:
        return
    asked = replace(request, profile=None)
    for found in implied_answers(data):
        _add(data, taken, found)
    try:
        for found in _having_a_field(computed_facts(sheet, asked), sheet):
            _add(data, taken, found)
        chip = recompute(sheet, asked).chip
        if request.profile is not None and chip.problem:
            yield _COMPUTED, LeftOut("factsheet derive", "what the network takes on the chip", chip.problem)
        sheet, _ = read_any_sheet(data)
        if sheet is not None:
            for found in facts_in_words(sheet, asked):
                _add(data, taken, found)
    except FactsheetError as error:
        why = "; ".join(filter(None, (error.message, error.help)))
        yield _COMPUTED, LeftOut("factsheet derive", "what follows from the network", why)


PROFILE: KeyPath = ("hardware", "inference", "profile")
"""Where a sheet names the hardware profile."""


def profile_facts(profile: Profile) -> Iterator[Found]:
    """Yield what a sheet says of the chip that its figures are estimated on."""
    yield Found(
        PROFILE,
        profile.name,
        f"profile {profile.name}",
        "derived",
        "The profile that time, power, energy and area are estimated on.",
    )
    from factsheet.hardware.chip import description_of  # only where a chip is named

    technology = description_of(profile).technology
    if technology:
        place = ("hardware", "inference", "technology")
        note = f"That of the profile {profile.name}."
        yield Found(place, technology, f"profile {profile.name}", "derived", note)
    note = f"That of the profile {profile.name}."
    for name, side in zip(("rows", "cols", "devices_per_weight"), profile.geometry.sides, strict=True):
        yield Found(("parameters", "tile", name), int(side.value), f"profile {profile.name}", "derived", note)


def facts_in_words(sheet: SheetFields, request: Request) -> Iterator[Found]:
    """Say what the operators are in a sentence, and the chip's figures where readers look for them first."""
    derivation = recompute(sheet, request)
    totals, tile, point = derivation.totals, derivation.tile, derivation.point
    computed = "factsheet derive"
    if totals.parameters is not None and totals.analog_weights is not None:
        family = sheet.model_architecture and sheet.model_architecture.family
        words = f"{totals.parameters:,} parameters, {totals.analog_weights:,} of them in matrices on tiles"
        begin = f"{family.words()}: " if family else ""
        yield Found(("model_architecture", "summary"), f"{begin}{words}.", computed, "derived")
    if totals.tiles is not None and tile is not None and totals.utilisation is not None:
        mapping = (
            f"Each matrix on tiles of its own: {totals.tiles:,} tiles of {tile.rows} x {tile.cols},"
            f" {totals.utilisation:.1%} of their cells hold a weight. Everything else is digital."
        )
        yield Found(
            ("model_architecture", "mapping"), mapping, computed, "derived", "As the cost model places it."
        )
    if derivation.chip.profile is None or point.batch is None:
        return
    length = {} if point.without_length or point.seq_len is None else {"seq_len": point.seq_len}
    at = {**length, "batch": point.batch}
    passes = pass_in_words(sheet, point)
    for fact in derivation.chip_facts:
        place = _FIRST_LOOKED_FOR.get(fact.name)
        if place is not None and fact.text and fact.derived is not None:
            chips = on_chips(derivation.chip, together=fact.name == "chip.power")
            note = f"{ESTIMATED} {derivation.chip.profile.name}{chips}."
            note += f" {passes[:1].upper()}{passes[1:]}." if passes and fact.name in OF_A_PASS else ""
            yield Found(place, {"value": fact.text, "at": at}, computed, "derived", note)


_FIRST_LOOKED_FOR: dict[str, KeyPath] = {
    "chip.power": ("parameters", "power"),
    "chip.latency": ("performance", "classification_time"),
    "chip.energy_efficiency": ("performance", "energy_efficiency"),
    "chip.throughput": ("performance", "throughput"),
}
"""Where a sheet has figures of its operating point once more, for whoever looks for one figure."""


def _add(data: dict[str, Any], taken: list[Taken], found: Found) -> None:
    if value_at(data, found.path) is None and put(data, found.path, found.answer()):
        taken.append(Taken(found.path, found, _COMPUTED))


def _without_misfits(data: dict[str, Any], taken: list[Taken]) -> Iterator[tuple[str, LeftOut]]:
    """Take out the facts that do not fit the schema, and yield each with the reason."""
    left: list[tuple[str, LeftOut]] = []
    for _ in range(_ROUNDS):
        _, misfits = read_any_sheet(data)
        if not misfits:
            break
        for misfit in misfits:
            left += _taken_out(data, taken, misfit.path, misfit.message)
    return iter(left)


def _without_faults(data: dict[str, Any], taken: list[Taken]) -> Iterator[tuple[str, LeftOut]]:
    """Take out the facts that a check at the stage of a draft calls errors, and yield each with the reason."""
    from factsheet.source.dumping import dump_yaml

    left: list[tuple[str, LeftOut]] = []
    for _ in range(_ROUNDS):
        found = check_document(load_bytes(dump_yaml(data).encode(), "sheet"), "sheet").diagnostics
        errors = [one for one in found if one.severity == "error"]
        if not errors:
            break
        before = len(left)
        left += _taken_out(data, taken, errors[0].path, errors[0].message)
        if len(left) == before:
            break
    return iter(left)


def _taken_out(
    data: dict[str, Any], taken: list[Taken], path: KeyPath, why: str
) -> Iterator[tuple[str, LeftOut]]:
    """Take out the innermost fact that a path leads through, or all that are below it."""
    above = [one for one in taken if path[: len(one.path)] == one.path]
    concerned = (
        [max(above, key=lambda one: len(one.path))]
        if above
        else [one for one in taken if one.path[: len(path)] == path]
    )
    for one in concerned:
        taken.remove(one)
        _remove(data, one.path)
        yield one.name, LeftOut(one.found.where, dotted(one.path), why)


def _remove(data: Any, path: KeyPath) -> None:
    holder = value_at(data, path[:-1])
    if isinstance(holder, dict):
        holder.pop(path[-1], None)
    elif (
        isinstance(holder, list)
        and isinstance(path[-1], int)
        and path[-1] != NEW_ROW
        and path[-1] < len(holder)
    ):
        del holder[path[-1]]
    if not holder and len(path) > 1:
        _remove(data, path[:-1])
