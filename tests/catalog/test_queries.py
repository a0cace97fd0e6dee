"""The language of `factsheet find`: what it reads, what it refuses and where, and what it leaves open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.catalog.building import SheetReading
from factsheet.catalog.finding import find_json, find_sheets_like, find_text
from factsheet.catalog.query.evaluation import evaluate
from factsheet.catalog.query.reading import DEEPEST, LONGEST, read_query
from factsheet.cli.run import run
from factsheet.errors import UsageError
from factsheet.source.loader import load_bytes

SHEETS = Path(__file__).parents[2] / "sheets"
SHEET = """
factsheet: 1
overview: {name: Keyword spotter, model: DS-CNN, date: 2026-05-17, organisation: "Crème, Ltd"}
purpose: {trained_for: [keyword spotting (on device)], task_ids: [audio-classification]}
model_architecture: {family: convolutional}
parameters:
  parameters: 110 million
  tiles: up to 34
  power: 3 W
  area: 12 mm² to 14 mm²
  tile: {rows: 512, cols: 256, devices_per_weight: 2}
  operating_points: [{seq_len: 32, batch: 1, power: 2 W}, {seq_len: 64, batch: 1, power: 5 W}]
hwa_training: {noise_in_evaluation: true, accuracy: 91.3 %, accuracy_metric: accuracy}
hardware: {inference: {technology: PCM}}
performance:
  energy_efficiency: 6589 inferences/s/W
  tops_per_watt: 20 TOPS/W
  results:
    - name: Words
      metric: F1
      systems: [{id: a, name: Chip, kind: analog}, {id: d, name: Digital, kind: digital}]
      tasks:
        - {task: clean, scores: {a: 85.0 %, d: 99.0 %}}
        - {task: text, metric: BLEU, scores: {a: 27.3, d: 30.0}}
        - {task: share, metric: BLEU, scores: {a: 21.0 %, d: 25.0 %}}
"""
INVALID = "factsheet: 1\noverview: {name: Broken power, modle: M}\n"


def reading(text: str, path: str = "made/sheet.yaml") -> SheetReading:
    return SheetReading(load_bytes(text.encode(), path), path)


@pytest.fixture(scope="module")
def sheet() -> SheetReading:
    found = reading(SHEET)
    assert found.faults == ()
    return found


TRUE = [
    "keyword",
    "'Keyword spotter'",
    "creme",
    "name = 'keyword spotter'",
    "task = classification",
    "task = audio-classification",
    "task = 'keyword spotting (on device)'",
    "task ~ 'g (o'",
    "technology = PCM",
    "technology = phase-change memory",
    "device=pcm",
    "date >= 2026-05",
    "date < 2027",
    "date = 2026-05-17",
    "organisation = 'Crème, Ltd'",
    "efficiency > 5000",
    "efficiency > 5k inferences/s/W",
    "EFFICIENCY>=6589",
    "energy efficiency ≥ 6,589",
    "tops/w > 10",
    "tops_per_watt = 20 TOPS/W",
    "power = 3 W",
    "power < 4000 mW",
    "power != 5 W",
    "parameters = 110 million",
    "parameters = 112 million",  # 110 million are anything from 105 to 115
    "parameters > 100M",
    "tiles <= 34",
    "tiles < 40",
    "not tiles > 34",
    "area > 11 mm²",
    "accuracy > 90 %",
    "accuracy > 0.9",
    "parameters.tile.rows = 512",
    "parameters.tile.cols < 512",
    "parameters.operating_points.power > 4 W",
    "parameters.operating_points[0].power = 2 W",
    "parameters.operating_points[*].seq_len = 64",
    "hwa_training.noise_in_evaluation = yes",
    "performance.results.tasks.scores.a > 80 %",
    "F1 > 80 %",
    "f1 < 0.9",
    "BLEU > 27",
    "bleu > 25 and BLEU < 22",
    "has power and not has refresh",
    "valid = yes",
    "path ~ made/",
    "power < 1 W or power > 2 W",
    "power < 1 W or (power > 2 W and not power > 4 W)",
    "power > 2 W and power < 4 W or power < 1 W",
    "power < 1 W and power < 4 W or power > 2 W",
    "not power < 1 W and power < 4 W",
    "NOT (power < 1 W OR power > 9 W)",
]
FALSE = [
    "vision",
    "task = class",  # whole words
    "technology = SRAM",
    "technology = static memory",
    "date < 2026-05",
    "efficiency > 6589",
    "power = 3.4 W and power = 3.6 W",
    "power != 3 W",
    "parameters = 120 million",
    "tiles > 34",
    "area < 12 mm²",
    "area > 14 mm²",
    "accuracy < 90 %",
    "parameters.operating_points[1].power = 2 W",
    "F1 > 90 %",  # the digital system's 99 % is not the model's
    "BLEU > 28",
    "has refresh",
    "valid = no",
    "power < 1 W or power > 4 W",
    "not power > 1 W or power < 1 W",
]
OPEN = [
    "refresh > 1 day",
    "not refresh > 1 day",
    "domain = medicine",
    "domain != medicine",
    "tiles < 20",  # up to 34 may be fewer
    "tiles = 10",
    "area < 13 mm²",  # 12 to 14
    "word error rate < 5 %",
    "perplexity < 20",
    "parameters.devices > 3",
    "refresh > 1 day and power = 3 W",
    "refresh > 1 day or power = 9 W",
    "parameters.operating_points[7].power = 2 W",
    "performance.results.tasks.scores.nobody > 80 %",
]


@pytest.mark.parametrize(
    ("query", "truth"),
    [
        *((query, True) for query in TRUE),
        *((query, False) for query in FALSE),
        *((query, None) for query in OPEN),
    ],
)
def test_a_query_holds_fails_or_stays_open(query: str, truth: bool | None, sheet: SheetReading) -> None:
    assert evaluate(read_query(query), sheet).truth is truth


@pytest.mark.parametrize(
    ("query", "words", "at"),
    [
        ("", "the query is empty", ""),
        ("   ", "the query is empty", ""),
        ("eficiency > 3", "there is no field `eficiency`", "eficiency"),
        ("power < 3", "`3` has no unit", "3"),
        ("power < 3 km", "km", "3 km"),
        ("power < W", "`power`", "W"),
        ("power <", "no value behind `<`", "<"),
        ("power < and task = x", "no value behind `<`", "and"),
        ("power < 3 W)", "closes nothing", ")"),
        ("(power < 3 W", "this parenthesis is not closed", "("),
        ("power < 3 W and", "the query ends here", ""),
        ("and power < 3 W", "`and` has no place here", "and"),
        ("not", "the query ends here", ""),
        ("()", "has no place here", ")"),
        ("has", "`has` needs a field", ""),
        ("has colour", "there is no field `colour`", "colour"),
        ("< 3 W", "`<` has no place here", "<"),
        ("1 W < power < 3 W", "second comparison", "<"),
        ("task = 'x", "this quote is not closed", "'"),
        ("task > 3", "puts in no order", "3"),
        ("date > yesterday", "is no date", "yesterday"),
        ("power ~ 3", "is a quantity", "3"),
        ("power < 1 W to 3 W", "is a range", "1 W to 3 W"),
        ("power < at most 3 W", "is a bound", "at most 3 W"),
        ("accuracy > 90", "`90` is no share of one", "90"),
        ("F1 > 90", "`90` is no share of one", "90"),
        ("parameters.tile.rows > many", "is no number", "many"),
        ("parameters.tile.colour = red", "there is no field", "parameters.tile.colour"),
        ("parameters..tile = 3", "there is no field", "parameters..tile"),
        ("task = ''", "the value is empty", "''"),
        ("power < 3 W task = x", "second comparison", "="),
        ("'a' 'b'", "has no place here", "'b'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_below_its_place(query: str, words: str, at: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_query(query)
    first, line, carets = caught.value.message.split("\n")
    assert words in first
    start = carets.index("^") - 2
    assert line[2:] == query
    assert set(carets.strip()) == {"^"}
    assert query[start : start + len(carets.strip())] == at or not at
    assert caught.value.help


def test_a_close_name_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["find", "eficiency > 3", str(SHEETS)]) == 2
    assert "did you mean `efficiency`?" in capsys.readouterr().err


def test_long_and_deep_queries_are_refused() -> None:
    with pytest.raises(UsageError, match="characters"):
        read_query("a" * (LONGEST + 1))
    for deep in ("(" * 500 + "a" + ")" * 500, "not " * 400 + "a"):
        with pytest.raises(UsageError, match=f"more than {DEEPEST}"):
            read_query(deep)
    assert read_query("(" * (DEEPEST - 1) + "a" + ")" * (DEEPEST - 1)) == read_query("a")


PIECES = [
    "power",
    "tiles",
    "task",
    "F1",
    "and",
    "or",
    "not",
    "has",
    "(",
    ")",
    "<",
    ">=",
    "!=",
    "=",
    "~",
    "3 W",
    "34",
    "'a b'",
    "refresh",
    "x",
    "'",
]
WORDS = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=40), WORDS))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = read_query(text)
    except UsageError as error:
        message = error.message
    else:
        assert evaluate(query, SPOTTER).truth in (True, False, None)
        return
    assert message.count("\n") == 2
    assert message.endswith("^")


SPOTTER = reading(SHEET)
LEAVES = st.sampled_from(
    ["power = 3 W", "power = 9 W", "refresh > 1 day", "tiles < 20", "has refresh", "keyword"]
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map("({0[0]}) {0[1]} ({0[2]})".format),
    ),
    max_leaves=5,
)


@settings(max_examples=50)
@given(QUERIES, QUERIES)
def test_the_laws_of_three_valued_logic_hold(one: str, other: str) -> None:
    def truth(query: str) -> bool | None:
        return evaluate(read_query(query), SPOTTER).truth

    def opposite(value: bool | None) -> bool | None:
        return None if value is None else not value

    assert truth(f"not ({one})") is opposite(truth(one))
    assert truth(f"({one}) and ({other})") is truth(f"({other}) and ({one})")
    # De Morgan.
    assert truth(f"not (({one}) and ({other}))") is truth(f"not ({one}) or not ({other})")
    assert truth(f"not (({one}) or ({other}))") is truth(f"not ({one}) and not ({other})")


def test_what_does_not_say_and_what_is_not_valid_are_counted_apart() -> None:
    sheets = [
        reading(SHEET, "a.yaml"),
        reading(SHEET.replace("power: 3 W", "power: 9 W"), "b.yaml"),
        reading("factsheet: 1\noverview: {name: Silent, model: M}\n", "c.yaml"),
        reading(INVALID, "d.yaml"),
    ]
    text = "power < 4 W"
    report = find_sheets_like(read_query(text), text, sheets)
    assert [found.path for found in report.found] == ["a.yaml"]
    assert (report.others, [one.path for one in report.open], report.invalid) == (1, ["c.yaml"], ("d.yaml",))
    assert report.open[0].fields == ("power",)
    said = find_text(report)
    assert "1 of 4 sheets; 1 is not; 1 does not say; 1 is not valid" in said
    assert "does not say: c.yaml (power)" in said
    told = json.loads(find_json(report, "1"))
    assert told["schema"] == "factsheet.find/1"
    (answer,) = told["sheets"][0]["answers"]
    assert (answer["field"], answer["text"], answer["value"]) == ("power", "3 W", 3.0)
    assert answer["about"] == "chip; operating point not stated; provenance not stated"
    assert told["not_stated"] == [{"path": "c.yaml", "fields": ["power"]}]
    # By its name an invalid sheet is found all the same.
    named = find_sheets_like(read_query("broken"), "broken", sheets)
    assert [found.path for found in named.found] == ["d.yaml"]
    # What was not looked at in it is not taken for missing.
    for asked in ("not has power", "not has model", "not speech"):
        assert find_sheets_like(read_query(asked), asked, sheets).invalid == ("d.yaml",)


def test_figures_that_cannot_be_compared_are_sorted_apart_and_said() -> None:
    def one(name: str, efficiency: str, unit: str) -> SheetReading:
        return reading(
            f"factsheet: 1\noverview: {{name: {name}, model: M}}\nperformance: {{energy_efficiency: {efficiency} "
            f"inferences/s/W, inference_unit: {unit}}}\n",
            f"{name}.yaml",
        )

    sheets = [
        one("a", "10", "token"),
        one("b", "3", "image"),
        one("c", "20", "token"),
        one("d", "9", "image"),
    ]
    report = find_sheets_like(read_query("efficiency > 1"), "efficiency > 1", sheets, sort="efficiency")
    assert [found.path for found in report.found] == ["d.yaml", "b.yaml", "c.yaml", "a.yaml"]
    assert report.unlike == ("efficiency is not of one kind: per image, chip; per token, chip",)
    assert "careful: efficiency is not of one kind" in find_text(report)
    assert "read as: efficiency > 1 inferences/s/W" in find_text(report)
    turned = find_sheets_like(read_query("has efficiency"), "", sheets, sort="efficiency", reverse=True)
    assert [found.path for found in turned.found] == ["b.yaml", "d.yaml", "a.yaml", "c.yaml"]
    with pytest.raises(UsageError, match="nothing to sort by"):
        find_sheets_like(read_query("a"), "a", sheets, sort="task")


def test_the_command_finds_the_published_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    query = "task=classification and efficiency > 5000 and dataset=GLUE"
    assert run(["find", query, str(SHEETS / "bert.yaml"), str(SHEETS / "digits.yaml")]) == 0
    assert "BERT-base on analog AI hardware" in capsys.readouterr().out
    assert run(["find", query, str(SHEETS / "bert.yaml"), "--format", "paths"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("sheets/bert.yaml")
    assert run(["find", "vision", str(SHEETS / "digits.yaml")]) == 1
    assert run(["find", "power <", str(SHEETS)]) == 2


def test_a_table_in_markdown_has_what_goes_with_each_figure(capsys: pytest.CaptureFixture[str]) -> None:
    sheets = [str(SHEETS / name) for name in ("bert.yaml", "digits.yaml")]
    assert run(["find", "valid = yes", *sheets, "--format", "markdown"]) == 0
    header, _, bert, digits, *_ = capsys.readouterr().out.split("\n")
    columns = [cell.strip() for cell in header.strip("|").split("|")]
    cells = dict(zip(columns, (cell.strip() for cell in bert.strip("|").split("|")), strict=True))
    assert cells["sheet"].startswith("[BERT-base on analog AI hardware](")
    assert (
        cells["Efficiency"]
        == "6,589 inferences/s/W (per sequence, chip · batch not stated · declared · agrees)"
    )
    assert "| not stated |" in digits


def test_a_name_that_drives_a_terminal_does_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.yaml"
    file.write_text('factsheet: 1\noverview: {name: "Evil \\u202e name", model: M}\n', "utf-8")
    assert run(["find", "name = evil and has \x1b[31mpower", str(file)]) == 2
    assert run(["find", "evil", str(file)]) == 0
    told = capsys.readouterr()
    assert "\x1b" not in told.err + told.out
    assert "\u202e" not in told.out


@pytest.mark.parametrize(
    "query",
    [
        "power between 1 W", "power in 3 W", "power: 3 W", "power : 3 W", "technology contains PCM",
        "speech && power", "name is Net",
    ],
)  # fmt: skip
def test_an_operator_of_another_language_is_no_word(query: str) -> None:
    with pytest.raises(UsageError, match="is no operator of a query"):
        read_query(query)
    read_query(f"'{query}'")


@pytest.mark.parametrize(
    "query", ["in-memory computing", "speech in noise", "keyword spotting", "note: x", "R & D"]
)
def test_words_are_looked_for(query: str) -> None:
    read_query(query)
