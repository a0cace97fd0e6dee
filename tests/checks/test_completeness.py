"""Completeness: what a role's needs and a stage's demands find in a sheet, need by need and field by field."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.checks.completeness import (
    STANDINGS,
    SaidWhyNot,
    answer,
    completeness,
    is_given,
    unmet_demands,
)
from factsheet.checks.engine import check_document
from factsheet.checks.registry import RULES
from factsheet.checks.rule import RuleContext
from factsheet.checks.rules.completeness.unanswered_for_role import TABLE_6, complaint
from factsheet.checks.settings import Settings
from factsheet.networks.declared import FAMILIES
from factsheet.readers.audience import STUDY
from factsheet.readers.needs import needs_of
from factsheet.readers.roles import ROLE_NAMES
from factsheet.readers.stages import DEMANDS, ROLE_CORE, STAGES, demands_at
from factsheet.readers.study import SCORES, VOTES
from factsheet.readers.suppliers import SUPPLIERS
from factsheet.recompute.comparisons.sheet_comparisons import SheetComparisons
from factsheet.sheet.load import read_factsheet
from factsheet.sheet.model import SheetFields
from factsheet.source.dumping import dump_yaml
from factsheet.source.loader import load_bytes, read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.checks.diagnostic import Finding, Severity
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName, StageRequirement

    Make = Callable[[str], SheetFields]

ROOT = Path(__file__).parents[2]
MINIMAL = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"
FIELDS = sorted(
    {
        field
        for role in ROLE_NAMES
        for asked in needs_of(role)
        for field in (*asked.need.core, *asked.need.more)
    }
    | {field for demand in DEMANDS for alternatives in demand.fields for field in alternatives}
)


def findings(
    sheet: SheetFields, rule_id: str, roles: tuple[RoleName, ...] = (), stage: StageName | None = None
) -> list[Finding]:
    rule = next(rule for rule in RULES if rule.id == rule_id)
    return list(
        rule.check(
            RuleContext(
                sheet=sheet, comparisons=SheetComparisons(sheet), options={}, roles=roles, stage=stage
            )
        )
    )


@pytest.fixture(scope="module")
def bert_data() -> dict[str, Any]:
    document = read_sheet(ROOT / "sheets" / "bert.yaml").document
    assert document is not None
    assert isinstance(document.data, dict)
    return document.data


def without(data: dict[str, Any], field: str) -> dict[str, Any]:
    """The data without a field; `[*]` takes it out of every row."""
    left = copy.deepcopy(data)
    nodes: list[Any] = [left]
    *above, last = field.replace("[*]", ".*").split(".")
    for part in above:
        nodes = [
            below
            for node in nodes
            for below in (
                node if part == "*" else [node[part]] if isinstance(node, dict) and part in node else []
            )
        ]
    for node in nodes:
        if isinstance(node, dict):
            node.pop(last, None)
    return left


@pytest.mark.parametrize("family", FAMILIES)
def test_a_network_of_any_family_is_what_reviewers_recompute_from(family: str) -> None:
    demanded = ("model_architecture.summary", "model_architecture.transformer_encoder")

    def missing(architecture: dict[str, Any]) -> list[tuple[str, ...]]:
        sheet = read(
            {
                "factsheet": 1,
                "overview": {"name": "A", "model": "B"},
                "model_architecture": architecture,
            }
        )
        return [fields for unmet in unmet_demands(sheet, "review") for fields in unmet.missing]

    assert demanded not in missing({family: FAMILIES[family].example})
    assert demanded in missing({"mapping": "One layer, one tile."})


def read(data: dict[str, Any]) -> SheetFields:
    sheet, misfits = read_factsheet(data)
    assert sheet is not None
    assert misfits == ()
    return sheet


def resolves(field: str) -> bool:
    """Whether the schema has a field of this path."""
    from factsheet.facts.section import Record

    def below(annotation: Any) -> list[Any]:
        found = [annotation] if isinstance(annotation, type) and issubclass(annotation, Record) else []
        return found + [record for part in getattr(annotation, "__args__", ()) for record in below(part)]

    records: list[Any] = [SheetFields]
    for part in field.replace("[*]", "").split("."):
        known = [record.model_fields[part].annotation for record in records if part in record.model_fields]
        if not known:
            return False
        records = [record for annotation in known for record in below(annotation)]
    return True


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_that_is_asked_for_exists(field: str) -> None:
    assert resolves(field)


@pytest.mark.parametrize("field", FIELDS)
def test_given_is_an_answer_or_a_reason(bert: SheetFields, field: str) -> None:
    assert is_given(bert, field) == answer(bert, field).given


def test_an_answer_distinguishes_values_from_reasons(make_sheet: Make) -> None:
    sheet = make_sheet(
        MINIMAL
        + "setup: {framework: PyTorch, weights: {not_disclosed: Not yet released.}, notes: An aside.}\n"
    )
    assert answer(sheet, "setup.framework") == (True, ())
    assert answer(sheet, "setup.weights") == (
        False,
        (SaidWhyNot("setup.weights", "not_disclosed", "Not yet released."),),
    )
    assert answer(sheet, "setup.interface") == (False, ())
    assert answer(sheet, "setup") == (
        True,
        (SaidWhyNot("setup.weights", "not_disclosed", "Not yet released."),),
    )
    assert not answer(sheet, "robustness").given


def test_notes_and_provenance_alone_answer_nothing(make_sheet: Make) -> None:
    sheet = make_sheet(MINIMAL + "setup: {notes: To be written., provenance: {source: declared}}\n")
    assert not is_given(sheet, "setup")
    assert not answer(sheet, "setup").given


def test_one_row_that_answers_will_do(make_sheet: Make) -> None:
    rows = "{seq_len: 32, batch: 4}, {seq_len: 64, batch: 4, total_ops: 44 G ops}"
    sheet = make_sheet(f"{MINIMAL}parameters: {{operating_points: [{rows}]}}\n")
    assert is_given(sheet, "parameters.operating_points[*].total_ops")
    assert not is_given(sheet, "parameters.operating_points[*].power")


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_every_core_field_is_answered_or_missing_or_has_its_reason(bert: SheetFields, role: RoleName) -> None:
    for need in completeness(bert, role).needs:
        reasons = {said.path for said in need.why_not}
        for field in need.asked.need.core:
            ways = [
                field in need.answered,
                field in need.missing,
                any(path == field or path.startswith((f"{field}.", f"{field}[")) for path in reasons)
                and field not in need.answered,
            ]
            assert ways.count(True) == 1, field
        assert need.standing in STANDINGS


def test_what_a_software_developer_finds_in_the_published_sheet(bert: SheetFields) -> None:
    standing = completeness(bert, "software-developer")
    setup = next(need for need in standing.needs if need.asked.need.key == "setup")
    # The published sheet has no set-up instructions, and says so of each field; the link to an implementation is no
    # answer to any of them.
    assert setup.standing == "said why not"
    assert setup.answered == setup.missing == ()
    assert {said.kind for said in setup.why_not} == {"not_disclosed"}
    assert setup.why == "asked for by 2 of 2 interviewed software developers (Table 3)"
    purpose = next(need for need in standing.needs if need.asked.need.key == "purpose")
    assert purpose.answered == ("purpose.summary", "purpose.trained_for", "purpose.applications")
    assert [said.path for said in purpose.why_not] == ["purpose.out_of_scope"]
    assert not standing.by_standing()["missing"]


def test_reasons_are_counted_apart_and_once(make_sheet: Make) -> None:
    sheet = make_sheet(
        MINIMAL
        + "robustness:\n  noise: {not_evaluated: No chip yet.}\n  drift: {not_evaluated: No chip yet.}\n"
        + "  temperature: {not_applicable: Simulated.}\nperformance: {refresh_interval: {not_disclosed: Secret.}}\n"
    )
    standing = completeness(sheet, "hardware-researcher")
    # The refresh interval belongs to two of this role's needs.
    assert standing.why_not_by_kind() == {"not_evaluated": 2, "not_applicable": 1, "not_disclosed": 1}
    by_key = {need.asked.need.key: need.standing for need in standing.needs}
    assert by_key["robustness"] == by_key["limitations"] == "said why not"
    assert by_key["setup"] == "missing"
    assert by_key["overview"] == "answered in part"


def test_fields_beside_the_core_answer_no_need(make_sheet: Make) -> None:
    sheet = make_sheet(MINIMAL + "hardware: {inference: {node: 14 nm, host: PCIe}}\n")
    standing = completeness(sheet, "hardware-researcher")
    by_key = {need.asked.need.key: need for need in standing.needs}
    assert by_key["inference"].standing == by_key["hardware_performance"].standing == "missing"
    assert [need.asked.need.key for need in standing.unmet("draft")] == [
        need.asked.need.key for need in standing.needs if need.asked.need.key != "overview"
    ]


def test_a_section_that_does_not_apply_is_not_asked_for_field_by_field(make_sheet: Make) -> None:
    sheet = make_sheet(MINIMAL + "hwa_training: {summary: {not_applicable: Trained as for a GPU.}}\n")
    missing = completeness(sheet, "algorithm-designer").missing
    assert not [field for field in missing if field.startswith("hwa_training.")]
    other = make_sheet(MINIMAL + "hwa_training: {summary: {not_disclosed: The maker does not say.}}\n")
    assert "hwa_training.non_idealities" in completeness(other, "algorithm-designer").missing


CORE = sorted({field for role in ROLE_NAMES for asked in needs_of(role) for field in asked.need.core})


@pytest.mark.parametrize("field", CORE)
def test_a_core_field_that_is_left_out_fails_the_gate_of_publication(
    bert_data: dict[str, Any], field: str
) -> None:
    if field in REQUIRED:
        return  # the schema itself asks for it
    # A tile needs both its sides, so that leaving out one of them leaves out the tile.
    text = dump_yaml(without(bert_data, "parameters.tile" if field.startswith("parameters.tile.") else field))
    stages: tuple[tuple[StageName | None, Severity], ...] = (
        ("published", "error"),
        ("review", "error"),
        (None, "warning"),  # the sheet calls itself published
    )
    for stage, severity in stages:
        settings = Settings(select=("FS401",), roles=ROLE_NAMES, stage=stage)
        found = check_document(load_bytes(text.encode(), "sheet.yaml"), "sheet.yaml", settings).diagnostics
        naming = [item for item in found if f"`{field.replace('[*]', '[…]')}`" in item.help]
        assert naming
        assert {item.severity for item in naming} == {severity}


def test_the_same_gap_of_several_roles_is_one_finding(make_sheet: Make) -> None:
    sheet = make_sheet(MINIMAL)
    found = findings(sheet, "FS401", ROLE_NAMES, stage="published")
    setup = [finding for finding in found if "“Set-up instructions”" in finding.message]
    assert len(setup) == 1
    assert "hardware or systems researchers and software developers find nothing" in setup[0].message


def test_what_a_stage_asks_for_grows(make_sheet: Make) -> None:
    sheet = make_sheet(MINIMAL)
    counts = [len(unmet_demands(sheet, stage)) for stage in STAGES]
    assert counts == sorted(counts)
    assert [len(demands_at(stage)) for stage in STAGES] == sorted(
        sum(STAGES.index(demand.stage) <= index for demand in DEMANDS) for index in range(len(STAGES))
    )
    assert [ROLE_CORE[stage] for stage in STAGES] == ["some", "all", "all"]


def test_every_need_stands_in_one_group(bert: SheetFields) -> None:
    for role in ROLE_NAMES:
        standing = completeness(bert, role)
        groups = standing.by_standing()
        assert tuple(groups) == STANDINGS
        assert sum(map(len, groups.values())) == len(standing.needs) == len(needs_of(role))


def test_the_published_sheet_leaves_no_role_without_a_word(bert: SheetFields) -> None:
    assert findings(bert, "FS401", ROLE_NAMES) == []


@pytest.mark.parametrize("stage", STAGES)
def test_the_published_sheet_is_complete_at_every_stage(bert: SheetFields, stage: StageName) -> None:
    assert findings(bert, "FS402", stage=stage) == []


def test_nothing_is_asked_of_a_sheet_without_role_or_stage(make_sheet: Make) -> None:
    sheet = make_sheet(MINIMAL)
    assert findings(sheet, "FS401") == findings(sheet, "FS402") == []


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_minimal_sheet_misses_what_a_role_needs(make_sheet: Make, role: RoleName) -> None:
    missing = [need for need in completeness(make_sheet(MINIMAL), role).needs if need.standing == "missing"]
    found = findings(make_sheet(MINIMAL), "FS401", (role,))
    assert len(found) == len(missing) > 0
    for finding, need in zip(found, missing, strict=True):
        assert f"“{need.title}”, {need.why}" in finding.message
        for field in need.missing:
            assert field.replace("[*]", "[…]") in finding.help


DEMANDED = [(demand, index) for demand in DEMANDS for index in range(len(demand.fields))]
REQUIRED = {"overview.name", "overview.model"}


@pytest.mark.parametrize(("demand", "index"), DEMANDED, ids=lambda value: getattr(value, "section", value))
def test_every_demand_is_missed_from_its_stage_on(
    bert_data: dict[str, Any], demand: StageRequirement, index: int
) -> None:
    alternatives = demand.fields[index]
    if REQUIRED & set(alternatives):
        return  # the schema itself asks for it
    if alternatives == ("overview.sheet_language",):
        return  # not asked of this sheet, whose texts are in English; the next test has others
    data = bert_data
    for field in alternatives:
        data = without(data, field)
    sheet = read(data)
    for stage in STAGES:
        asked_for = STAGES.index(stage) >= STAGES.index(demand.stage)
        found = [
            finding for finding in findings(sheet, "FS402", stage=stage) if finding.path == (demand.section,)
        ]
        if demand.section == "references":
            found = [
                finding
                for finding in findings(sheet, "FS402", stage=stage)
                if "references" in finding.message
            ]
        assert bool(found) == asked_for
        assert all(alternatives[0].replace("[*]", "[…]") in finding.message for finding in found)


# The Universal Declaration of Human Rights, article 1, in the translations that ohchr.org publishes.
ARTICLE_1 = {
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience "
    "and should act towards one another in a spirit of brotherhood.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt "
    "und sollen einander im Geist der Brüderlichkeit begegnen.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de "
    "conscience et doivent agir les uns envers les autres dans un esprit de fraternité.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y "
    "conciencia, deben comportarse fraternalmente los unos con los otros.",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и "
    "должны поступать в отношении друг друга в духе братства.",
    "zh": "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。",
    "ar": "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق، وقد وهبوا عقلاً "
    "وضميراً وعليهم أن يعامل بعضهم بعضاً بروح الإخاء.",
}


@pytest.mark.parametrize("language", ARTICLE_1)
def test_the_language_is_asked_of_sheets_that_are_not_in_english(make_sheet: Make, language: str) -> None:
    text = MINIMAL + f"purpose: {{summary: {ARTICLE_1[language]!r}}}\n"
    asked = [
        [
            alternatives
            for unmet in unmet_demands(make_sheet(sheet), "review")
            for alternatives in unmet.missing
        ]
        for sheet in (text, text.replace("overview: {", f"overview: {{sheet_language: {language}, "))
    ]
    field = ("overview.sheet_language",)
    assert [field in missing for missing in asked] == [language != "en", False]


def test_provenance_may_stand_anywhere(make_sheet: Make) -> None:
    def asked(text: str) -> bool:
        found = findings(make_sheet(MINIMAL + text), "FS402", stage="published")
        return any("provenance.source" in finding.message for finding in found)

    assert asked("")
    assert asked("parameters: {power: 3 W}\n")
    assert not asked("provenance: {source: declared}\n")
    assert not asked("parameters: {power: 3 W, provenance: {source: measured}}\n")
    assert not asked("parameters: {power: {value: 3 W, source: measured}}\n")


def test_the_stage_asked_for_goes_before_what_the_sheet_says(make_sheet: Make) -> None:
    sheet = make_sheet("factsheet: 1\noverview: {name: Example, model: BERT-base, status: published}\n")
    own = findings(sheet, "FS402")
    asked = findings(sheet, "FS402", stage="draft")
    assert len(own) > len(asked) == 2
    assert all(finding.related[0][0] == ("overview", "status") for finding in own)
    assert not any(finding.related for finding in asked)


def test_demands_tell_their_votes() -> None:
    assert {demand.need for demand in DEMANDS} - {""} <= set(VOTES)
    assert [STAGES.index(demand.stage) for demand in DEMANDS] == sorted(
        STAGES.index(d.stage) for d in DEMANDS
    )


def test_complaints_are_those_of_table_6() -> None:
    facts = {score.fact for score in SCORES}
    keys = {asked.need.key for role in ROLE_NAMES for asked in needs_of(role)}
    assert {fact for named in TABLE_6.values() for fact in named} == facts
    assert set(TABLE_6) <= keys
    # Table 6, completeness: P1-hw and P11-eng scored "Model Architecture" medium, P7-data did not.
    assert "Model Architecture" in complaint("hardware-researcher", "architecture")
    assert complaint("data-scientist", "architecture") == ""
    assert complaint("software-developer", "training") == ""
    assert complaint("data-scientist", "training").count("Training Data and Test Data") == 1


@pytest.mark.parametrize("field", FIELDS)
def test_somebody_could_supply_every_field(make_sheet: Make, field: str) -> None:
    assert resolves(field.partition(".")[0])
    assert STUDY.supplier(make_sheet(MINIMAL).producers, field) in {
        "a data scientist",
        "a hardware or systems researcher",
        "an AI-hardware algorithm designer",
        "an AI engineer",
        "a software developer",
        "a business expert",
    }
    assert all(resolves(path) for path in SUPPLIERS)


def test_the_producer_that_a_sheet_names_is_asked_first(bert: SheetFields) -> None:
    # `producers` of the published sheet: the hardware centre for performance, the study's authors for the purpose.
    assert STUDY.supplier(bert.producers, "performance.power").startswith("IBM AI Hardware Center,")
    assert STUDY.supplier(bert.producers, "purpose.summary").startswith("Authors of the FactSheet study,")
    assert STUDY.supplier(bert.producers, "setup.integration") == "an AI engineer"


def test_what_is_missing_altogether_can_be_silenced_at_the_first_key() -> None:
    settings = Settings(roles=("software-developer",), select=("FS4", "FS7"))
    text = "# A comment above.\nfactsheet: 1{}\noverview: {{name: Example, model: BERT-base}}\n"

    def lines(comment: str) -> list[tuple[int, str]]:
        loaded = load_bytes(
            text.replace("{}", comment).replace("{{", "{").replace("}}", "}").encode(), "sheet.yaml"
        )
        return [
            (item.line, item.rule_id) for item in check_document(loaded, "sheet.yaml", settings).diagnostics
        ]

    found = lines("")
    assert found
    assert set(found) == {(2, "FS401")}
    assert lines("  # factsheet: ignore[FS401] the sheet has just been begun") == []
