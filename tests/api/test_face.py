"""`import factsheet`: the sheet as an object, and what can be done with it."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from generated_sheets import sheets
from hypothesis import HealthCheck, given, settings

import factsheet
from factsheet.sheet.walk import facts
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
BERT = ROOT / "sheets" / "bert.yaml"


def test_what_is_loaded_is_the_model() -> None:
    sheet = factsheet.load(BERT)
    assert isinstance(sheet, factsheet.FactSheet)
    assert factsheet.FactSheet.model_validate(sheet.model_dump()) == sheet
    assert factsheet.FactSheet.model_validate_json(sheet.model_dump_json()) == sheet


def test_its_json_schema_is_the_shipped_one() -> None:
    shipped = (ROOT / "schemas" / "factsheet-1.schema.json").read_text(encoding="utf-8")
    assert factsheet.FactSheet.model_json_schema() == json.loads(shipped)
    assert "$defs" in factsheet.FactSheet.model_json_schema(mode="serialization")


def test_a_copy_that_was_changed_is_another_sheet() -> None:
    sheet = factsheet.load(BERT)
    changed = sheet.model_copy(update={"purpose": None})
    assert sheet.purpose is not None
    assert changed.purpose is None
    assert changed != sheet
    assert sheet.model_copy() == sheet


def test_a_text_that_is_no_sheet_is_refused_with_every_fault() -> None:
    with pytest.raises(factsheet.errors.InvalidSheetError) as caught:
        factsheet.loads("factsheet: 1\noverview: {nme: x}", "mine.yaml")
    assert {fault.path for fault in caught.value.faults} == {("overview",), ("overview", "nme")}
    assert "mine.yaml:2:12: overview.nme: `nme` is not a field" in caught.value.diagnostics()
    assert "did you mean `name`?" in caught.value.diagnostics()


def test_the_faults_of_a_long_list_stay_on_one_screen() -> None:
    text = "factsheet: 1\noverview: {name: x, model: z}\n" + "".join(f"key_{n}: 1\n" for n in range(30))
    with pytest.raises(
        factsheet.errors.InvalidSheetError, match=r"^mine.yaml:3:1: key_0: .*\(and 29 more\)$"
    ) as caught:
        factsheet.loads(text, "mine.yaml")
    assert len(caught.value.faults) == 30
    assert len(caught.value.diagnostics().splitlines()) < 24
    assert caught.value.diagnostics().endswith("and 25 more")


MADE = {
    "factsheet": 1,
    "overview": {"name": "A perceptron", "model": "MLP", "date": "2026-01-31", "version": "1.10"},
    "model_architecture": {"mlp": {"sizes": [784, 256, 10]}},
    "parameters": {"tile": {"rows": 256, "cols": 256}, "parameters": {"value": 203530, "source": "derived"}},
}


def test_a_sheet_made_in_python_is_saved_as_yaml_that_validates(tmp_path: Path) -> None:
    sheet = factsheet.FactSheet.from_data(MADE)
    file = sheet.save(tmp_path / "made.yaml")
    assert factsheet.load(file) == sheet
    assert not [found for found in factsheet.check(file) if found.severity == "error"]
    with pytest.raises(factsheet.errors.WriteError, match=r"made\.yaml"):
        sheet.save(file)
    changed = sheet.updated("overview.version", "1.11")
    assert factsheet.load(changed.save(file, overwrite=True)) == changed


def test_a_change_keeps_the_comments_of_the_text() -> None:
    text = BERT.read_text(encoding="utf-8")
    changed = factsheet.load(BERT).updated("parameters.area", {"value": "780.5 mm²", "note": "A note."})
    before, after = text.splitlines(), changed.to_yaml().splitlines()
    assert [line for line in before if "#" in line] == [line for line in after if "#" in line]
    assert len(set(before) - set(after)) < 6
    assert "780.5 mm²" in changed.to_yaml()
    assert factsheet.loads(changed.to_yaml()) == changed
    removed = changed.updated("parameters.area", None)
    assert "780.5 mm²" not in removed.to_yaml()
    assert factsheet.loads(removed.to_yaml()) == removed
    assert {one.span for one in removed.check()} == {one.span for one in removed.check() if one.span}


@settings(suppress_health_check=list(HealthCheck), max_examples=15)
@given(sheets())
def test_any_sheet_made_in_python_reads_back_from_its_yaml(data: dict[str, Any]) -> None:
    sheet = factsheet.FactSheet.from_data(data)
    assert factsheet.loads(sheet.to_yaml()) == sheet
    assert factsheet.FactSheet.model_validate(sheet.model_dump(mode="json")) == sheet


def test_facts_and_sections_of_other_sheets_are_answers() -> None:
    sheet = factsheet.load(BERT)
    made = factsheet.FactSheet.from_data(MADE)
    changed = made.updated("performance", sheet.performance)
    assert changed.performance == sheet.performance
    assert sheet.parameters is not None
    assert factsheet.loads(changed.to_yaml()) == changed
    assert sheet.updated("parameters.tiles", made.parameters and made.parameters.parameters) != sheet


def test_data_that_is_no_sheet_is_refused_in_our_words() -> None:
    with pytest.raises(factsheet.errors.InvalidSheetError, match="has no `overview`"):
        factsheet.FactSheet.from_data({"factsheet": 1})


def test_a_sheet_travels_with_its_text() -> None:
    sheet = factsheet.load(BERT)
    for other in (pickle.loads(pickle.dumps(sheet)), copy.deepcopy(sheet), sheet.model_copy()):  # noqa: S301  our own bytes
        assert other == sheet
        assert other.to_yaml() == sheet.to_yaml()


def test_a_sheet_that_was_read_is_written_as_it_was() -> None:
    assert factsheet.load(BERT).to_yaml() == BERT.read_text(encoding="utf-8")


def test_an_unchecked_copy_that_is_no_sheet_is_not_written() -> None:
    changed = factsheet.load(BERT).model_copy(update={"purpose": "a text"})
    with pytest.raises(factsheet.errors.InvalidSheetError, match="purpose"):
        changed.to_yaml()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("parameters.power", "3.2 W", "3.2 W"),
        ("parameters.power.value", "3.3 W", "3.3 W"),
        ("performance.results[0].tasks[0].scores.analog", "64.10 %", "64.10 %"),
        ("robustness.over_time[0]", {"after": "1 week", "score": "80.1 %"}, None),
        ("purpose", None, None),
    ],
)
def test_an_answer_is_changed_by_its_path(path: str, value: object, words: str | None) -> None:
    sheet = factsheet.load(BERT)
    changed = sheet.updated(path, value)
    assert changed != sheet
    assert sheet == factsheet.load(BERT)
    stated = {dotted(placed.path): placed.fact.words() for placed in facts(changed)}
    assert stated.get(path.removesuffix(".value")) == words


@pytest.mark.parametrize(
    "path", ["", "parameters..power", "overview.name.first", "references[99].title", "a[x]"]
)
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(factsheet.errors.FactsheetError):
        factsheet.load(BERT).updated(path, "text")


def test_a_sheet_without_text_is_checked_by_path() -> None:
    sheet = factsheet.load(BERT)
    broken = sheet.updated("parameters.operating_points[0].analog_ops", "30 G ops")
    found = [one for one in broken.check() if one.severity == "error"]
    assert ("parameters", "operating_points", 0, "analog_ops") in {one.path for one in found}
    assert all(one.span is not None for one in found)  # its text was edited, and has the figure
    made = factsheet.FactSheet.model_validate(broken.model_dump())
    assert [(one.rule_id, one.path) for one in made.check()] == [
        (one.rule_id, one.path) for one in broken.check()
    ]
    assert all(one.span is None for one in made.check())
    assert not [one for one in sheet.check() if one.severity == "error"]


def test_what_follows_from_a_sheet_is_derived() -> None:
    derivation = factsheet.load(BERT).derive(seq_len=64, batch=1)
    ops = next(fact for fact in derivation.facts if fact.name == "analog_ops")
    assert ops.derived == 2 * 84_934_656 * 64  # two operations a weight and token


def test_a_network_is_inspected_from_a_sheet_or_its_path() -> None:
    by_path = factsheet.inspect(BERT)
    assert by_path.rows == factsheet.inspect(factsheet.load(BERT)).rows
    assert (by_path.run.seq_len, by_path.batch, by_path.tile.rows) == (32, 4, 512)
    assert sum(row.tiles or 0 for row in by_path.rows) == 12 * (
        4 * 4 + 2 * 12
    )  # 768 and 3072 in tiles of 512


def test_a_sweep_is_a_table(tmp_path: Path) -> None:
    table = factsheet.sweep(BERT, seq_len="16:64:*2", batch=[1, 4], hardware="ibm-2022")
    assert len(table) == len(list(table)) == 3 * 2
    assert {(row["seq_len"], row["batch"]) for row in table} == {(s, b) for s in (16, 32, 64) for b in (1, 4)}
    lines = table.save(tmp_path / "sweep.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 6
    with pytest.raises(factsheet.errors.SweepError, match="ending"):
        table.save(tmp_path / "sweep.txt")
    for ending in ("csv", "json", "parquet"):
        mine = tmp_path / f"mine.{ending}"
        mine.write_text("precious")
        with pytest.raises(factsheet.errors.WriteError, match="overwrite=True"):
            table.save(mine)
        assert mine.read_text() == "precious"
        assert table.save(mine, overwrite=True).stat().st_size > len("precious")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "mine.csv",
        "mine.json",
        "mine.parquet",
        "sweep.csv",
    ]


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n"])
def test_lines_end_alike_whatever_system_a_text_is_from(line_break: str, tmp_path: Path) -> None:
    prose = {"value": f"One.{line_break}Two.", "note": f"A{line_break}B", "source": "measured"}
    made = factsheet.FactSheet.from_data({**MADE, "purpose": {"summary": prose}})
    read = factsheet.load(BERT)
    for sheet in (made, made.updated("purpose.summary", prose), read.updated("purpose.summary", prose)):
        assert sheet.purpose is not None
        assert sheet.purpose.summary is not None
        assert (sheet.purpose.summary.text, sheet.purpose.summary.note) == ("One.\nTwo.", "A\nB")
        assert factsheet.load(sheet.save(tmp_path / "s.yaml", overwrite=True)) == sheet


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1b", "\x1f", "\x7f", "\x85", "\ufffe", "\ud800"])
def test_a_character_that_no_file_may_hold_is_refused_with_its_place(character: str) -> None:
    made, text = factsheet.FactSheet.from_data(MADE), f"a{character}b"
    with pytest.raises(factsheet.errors.InvalidSheetError, match=r"overview\.name: .*U\+"):
        made.updated("overview.name", text)
    with pytest.raises(factsheet.errors.InvalidSheetError, match=r"overview\.name\.note: .*U\+"):
        factsheet.load(BERT).updated("overview.name", {"value": "A name", "note": text})
    assert made.overview.name is not None
    fact = dataclasses.replace(made.overview.name, value=text)
    with pytest.raises(factsheet.errors.InvalidSheetError, match=r"overview\.name: .*U\+"):
        made.updated("overview.name", fact)
    unseen = made.model_copy(update={"overview": made.overview.model_copy(update={"name": fact})})
    with pytest.raises(factsheet.errors.InvalidSheetError, match=r"overview\.name: .*U\+"):
        unseen.to_yaml()


def test_a_number_that_no_file_may_hold_is_refused() -> None:
    made = factsheet.FactSheet.from_data(MADE)
    assert made.updated("parameters.parameters", 10**39).to_yaml()
    with pytest.raises(factsheet.errors.InvalidSheetError, match=r"parameters\.parameters: .*40 digits"):
        made.updated("parameters.parameters", 10**40)


def test_every_use_of_an_unchecked_copy_says_that_it_is_no_sheet() -> None:
    changed = factsheet.load(BERT).model_copy(update={"overview": 3})
    uses: tuple[Callable[[], object], ...] = (
        *(changed.check, changed.derive, changed.render, changed.render_pdf, changed.to_yaml),
        lambda: factsheet.inspect(changed),
    )
    for use in uses:
        with pytest.raises(factsheet.errors.InvalidSheetError, match="overview"):
            use()


def test_a_folder_is_no_place_for_a_sheet(tmp_path: Path) -> None:
    for overwrite in (False, True):
        with pytest.raises(factsheet.errors.WriteError, match="a folder"):
            factsheet.load(BERT).save(tmp_path, overwrite=overwrite)


def test_a_sweep_without_a_single_row_is_an_error(tmp_path: Path) -> None:
    gone = [str(tmp_path / f"gone-{number}.yaml") for number in range(8)]
    with pytest.raises(factsheet.errors.SweepError) as caught:
        factsheet.sweep(*gone, hardware="hermes-64")
    assert [line.partition(": ")[0] for line in str(caught.value).splitlines()] == gone
    assert "path" in caught.value.help
    with pytest.raises(factsheet.errors.SweepError, match="no source"):
        factsheet.sweep()


def test_a_sweep_says_that_it_takes_paths() -> None:
    with pytest.raises(
        factsheet.errors.SweepError, match="takes paths of sheets or models, not a FactSheet"
    ) as caught:
        factsheet.sweep(factsheet.load(BERT))  # type: ignore[arg-type]  # the point of the test
    assert "save the sheet" in caught.value.help


def test_a_source_that_a_sweep_cannot_use_is_warned_of(tmp_path: Path) -> None:
    gone = tmp_path / "gone.yaml"
    with pytest.warns(UserWarning, match=r"gone\.yaml: it cannot be read"):
        table = factsheet.sweep(gone, BERT, seq_len=16, hardware="ibm-2022")
    assert len(table) == 1
    assert table.unusable == (str(gone),)


@pytest.mark.parametrize("field", ["select", "ignore", "severities", "options"])
@pytest.mark.parametrize(
    ("prefix", "hint"), [("ZZ", "ids look"), ("fs204", "`FS204`"), ("unknow-key", "`FS152`")]
)
def test_settings_that_name_no_rule_are_refused(field: str, prefix: str, hint: str) -> None:
    given: Any = {prefix: {}} if field in {"severities", "options"} else (prefix,)
    settings = factsheet.Settings(**{field: given})
    read = factsheet.load(BERT)
    made = factsheet.FactSheet.model_validate(read.model_dump())
    for check in (read.check, made.check, lambda with_: factsheet.check(BERT, settings=with_)):
        with pytest.raises(factsheet.errors.ConfigurationError, match=hint):
            check(settings)


def test_ids_that_are_no_tuple_are_refused() -> None:
    text: Any = "FS2"
    with pytest.raises(factsheet.errors.ConfigurationError, match="in a tuple"):
        factsheet.load(BERT).check(factsheet.Settings(select=text))


@pytest.mark.parametrize("asked", [{"seq_len": "x"}, {"batch": 2.5}, {"seq_len": True}])
def test_a_point_that_is_no_whole_number_is_refused(asked: dict[str, Any]) -> None:
    sheet = factsheet.load(BERT)
    for call in (sheet.derive, lambda **given: sheet.derive(factsheet.Request(**given))):
        with pytest.raises(factsheet.errors.DeriveError, match="no whole number"):
            call(**asked)


def test_a_page_for_nobody_or_in_no_format_is_refused() -> None:
    sheet, none = factsheet.load(BERT), cast("Any", "nope")
    for kind in (factsheet.errors.UsageError, ValueError):
        with pytest.raises(kind, match="no role `nope`"):
            sheet.render(role=none)
        with pytest.raises(kind, match="no format `nope`"):
            sheet.render(none)


def test_errors_of_files_and_sheets_say_why_and_what_to_do(tmp_path: Path) -> None:
    sheet = factsheet.load(BERT)
    for call in (
        lambda: factsheet.load(tmp_path / "gone.yaml"),
        lambda: sheet.save(tmp_path / "no" / "folder.yaml"),
        lambda: sheet.updated("overview.nmae", "x"),
        lambda: factsheet.loads("a: ["),
    ):
        with pytest.raises(factsheet.errors.FactsheetError) as caught:
            call()
        assert caught.value.why
        assert caught.value.help


def test_profiles_are_listed_and_read() -> None:
    assert "ibm-2022" in factsheet.profiles()
    assert factsheet.profile("ibm-2022").geometry.rows.value == 512
    with pytest.raises(factsheet.errors.UnknownProfileError):
        factsheet.profile("ibm-1911")


def test_a_sheet_shows_itself_in_a_notebook() -> None:
    shown = factsheet.load(BERT)._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "sandbox" in shown
    assert "<script" not in shown  # what is in the frame is escaped


def test_a_model_is_simulated() -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    model, inputs = torch.nn.Linear(8, 4), torch.rand(16, 8)
    wanted = model(inputs).detach()

    def score(module: Any) -> float:
        return -float((module(inputs) - wanted).norm())

    ideal, drifting = (
        factsheet.simulate(model, score, times=["1 s", "1 year"], repeats=2, hardware=device)
        for device in ("ideal", "pcm")
    )
    assert ideal.digital == pytest.approx(0, abs=1e-5)
    assert drifting.series.points[1].mean < ideal.series.points[1].mean


def test_every_name_of_the_face_is_there() -> None:
    assert dir(factsheet) == sorted(factsheet.__all__)
    for name in factsheet.__all__:
        assert getattr(factsheet, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'loadd'"):
        _ = factsheet.loadd  # not there, which is the point


def test_importing_the_face_loads_nothing() -> None:
    program = "import sys, factsheet; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "factsheet" in loaded
    assert not {"pydantic", "yaml", "factsheet.api"} & loaded


@pytest.mark.parametrize(
    "call",
    [
        lambda sheet, _: sheet.check(factsheet.Settings(roles=cast("Any", ("nosuch",)))),
        lambda sheet, _: sheet.check(factsheet.Settings(stage=cast("Any", "nosuch"))),
        lambda sheet, _: sheet.save("a" * 5000),
        lambda sheet, _: sheet.save(Path("/")),
        lambda sheet, _: sheet.save(Path("/"), overwrite=True),
        lambda sheet, deep: sheet.updated("overview.name", deep),
        lambda _, deep: factsheet.FactSheet.from_data({"factsheet": 1, "overview": {"name": deep}}),
        lambda *_: factsheet.inspect("a" * 5000),
        lambda *_: factsheet.sweep("a" * 5000),
        lambda *_: factsheet.load("a" * 5000),
        lambda *_: factsheet.FactSheet.from_data(cast("Any", [3])),
        lambda sheet, _: sheet.derive(hardware=1),
        lambda *_: factsheet.sweep(BERT, seq_len=cast("Any", 1.5)),
        lambda *_: factsheet.sweep(BERT, hardware=cast("Any", 1)),
    ],
)
def test_names_too_long_data_too_deep_and_settings_of_nothing_are_refused_in_our_words(call: Any) -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(factsheet.errors.FactsheetError):
        call(factsheet.load(BERT), deep)
