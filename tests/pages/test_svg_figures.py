"""Figures as SVG: what an XML parser finds in them, whatever a sheet holds, and that everything is inside the frame."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.errors import ChartError
from factsheet.pages.assembly import build_page
from factsheet.pages.estimates import DriftCurve, DriftScore, OtherCurve
from factsheet.pages.figures.accuracy import AccuracyChart, AccuracyRow
from factsheet.pages.figures.canvas import (
    ACCENT,
    GREY,
    LETTERS,
    NARROW,
    WIDTH,
    Axis,
    cut,
    decades,
    ticks,
    width_of,
)
from factsheet.pages.figures.crossbar import CrossbarDrawing
from factsheet.pages.figures.drawing import draw, draw_for_screens
from factsheet.pages.figures.drift import DriftChart, draw_curve
from factsheet.pages.figures.floor_plan import FloorPlan, FloorRegion
from factsheet.pages.figures.latency import LatencyChart
from factsheet.pages.figures.lifecycle import Lifecycle, LifecycleRow, LifecycleStage
from factsheet.pages.figures.loss import LossChart, LossCurve, TaskLoss
from factsheet.pages.figures.split import SplitBar, SplitChart, SplitPart
from factsheet.pages.model import FigureBlock
from factsheet.recompute.engine import recompute
from factsheet.recompute.operating_grid import DesignRange, GridPoint, OperatingGrid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.figures.canvas import FigureData
    from factsheet.sheet.model import SheetFields

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {
    f"{SVG}{name}" for name in ("svg", "title", "desc", "g", "path", "rect", "circle", "polygon", "text")
}


def accuracy(*pairs: tuple[float | None, float | None], name: str = "T") -> AccuracyChart:
    rows = tuple(
        AccuracyRow(f"{name}{place}", a, d, "a", "d", None if a is None or d is None else f"{a - d:+.1f}")
        for place, (a, d) in enumerate(pairs)
    )
    return AccuracyChart(name, name, rows)


def latency(*points: tuple[int, int, float], published: GridPoint | None = None) -> LatencyChart:
    lengths, batches = sorted({p[0] for p in points}), sorted({p[1] for p in points})
    made = tuple(GridPoint(length, batch, latency_s=time) for length, batch, time in points)
    return LatencyChart(OperatingGrid(tuple(lengths), tuple(batches), made, "s", published))


def drift(*points: tuple[float, float, float | None, float | None], **more: object) -> DriftChart:
    made = tuple(DriftScore(f"{at} s", at, score, low, high) for at, score, low, high in points)
    return DriftChart(DriftCurve(made, "s", **more))  # type: ignore[arg-type]  # band, accepted, refresh


def plan(*counts: int, label: str = "b") -> FloorPlan:
    return FloorPlan(tuple(FloorRegion(label, count, 0.5) for count in counts), sum(counts), 0.5)


LONG = "W" * 300
LOSSES = (
    TaskLoss(LONG, 2.5, "−2.50", flagged=True),
    TaskLoss("b", 0.0, "0.00"),
    TaskLoss("c", -3.5, "+3.50"),
)
LOSS_CURVE = LossCurve("", ((20.0, "20 s", 6.4), (3600.0, "1 h", 6.7), (604_800.0, "1 week", 7.6)))
CASES: dict[str, FigureData] = {
    "accuracy": accuracy((64, 66.4), (55.65, 52.1)),
    "accuracy of one task": accuracy((50, 50)),
    "accuracy without a digital score": accuracy((50, None), (None, 40)),
    "negative scores": accuracy((-12, 3)),
    "accuracy of long names": accuracy((1, 2), name=LONG),
    "accuracy of many tasks": accuracy(*[(place, place + 1) for place in range(40)]),
    "loss": LossChart("GPU", "points", LOSSES, (LOSS_CURVE,), ("2 weeks", 1.2e6)),
    "loss by task": LossChart(LONG, "points", LOSSES, left_out=3),
    "loss of many conditions": LossChart(
        "GPU",
        LONG,
        curves=tuple(LossCurve(LONG, ((0.0, "0 s", n), (3e7, "1 year", 2 * n))) for n in range(7)),
    ),
    "no loss at one time": LossChart("GPU", "points", curves=(LossCurve("", ((0.0, "0 s", 0.0),)),)),
    "crossbar": CrossbarDrawing("l", 768, 3072, 512, 512, 2, 6, 2),
    "crossbar of one weight": CrossbarDrawing("l", 1, 1, 512, 512, 1, 1, None),
    "crossbar of many tiles": CrossbarDrawing("l", 100_000, 5, 64, 64, 1563, 1, 4),
    "crossbar across many tiles": CrossbarDrawing("l", 10**9, 10**9, 64, 64, 15_625_000, 15_625_000, 2),
    "floor": plan(144, 144, 48, 48, 48, 48),
    "floor of one tile": plan(1, label=LONG),
    "floor of a large and many small ones": plan(100_000, *[1] * 23, label=LONG),
    "split": SplitChart((SplitBar("b", "1", tuple(SplitPart(f"p{n}", n, "t") for n in range(7))),)),
    "split of nothing": SplitChart((SplitBar("b", "0", (SplitPart("p", 0, "t"),)),)),
    "split of long names": SplitChart((SplitBar(LONG, "1", (SplitPart(LONG, 1, LONG),)),)),
    "latency": latency((16, 1, 1e-5), (32, 1, 2e-5), (16, 4, 3e-5), (32, 4, 1e-3)),
    "latency of one point": latency((16, 1, 1e-5)),
    "latency far from the published point": latency(
        (16, 1, 1e-9), (4096, 1, 10.0), published=GridPoint(8192, 4, latency_s=100.0)
    ),
    "latency of twenty batches": latency(*[(16, batch, 1e-5) for batch in range(1, 21)]),
    "drift": drift((20, 0.8, 0.79, 0.81), (3600, 0.7, 0.6, 0.75), band="90 %", accepted=0.65),
    "drift from the first moment": drift((0, 0.8, None, None), (10, 0.8, None, None)),
    "drift of one point": drift((20, 0.8, None, None), refresh=(LONG, 1e9)),
    "drift of points close together": drift(*[(1000 + n, 0.8, None, None) for n in range(100)]),
    "drift of several curves": drift(
        (20, 0.8, 0.79, 0.81),
        (3600, 0.7, 0.6, 0.75),
        name=LONG,
        others=tuple(
            OtherCurve(LONG, (DriftScore("0 s", 0, 0.5), DriftScore("1 year", 3e7, 0.4))) for _ in range(6)
        ),
    ),
    "lifecycle": Lifecycle((LifecycleStage(LONG, (LifecycleRow(LONG, LONG, (0,)),)),), (LONG, "b")),
}


def drawn(data: FigureData, text: str = "Words.") -> str:
    return draw(FigureBlock("figure-1", "A title", text, data))


def both(data: FigureData) -> list[ET.Element]:
    """The drawings for a wide and a narrow screen."""
    found = draw_for_screens(FigureBlock("figure-1", "A title", "Words.", data))
    return [
        ET.fromstring(  # noqa: S314  our own text; that it parses is the point
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" {LETTERS} '
            f'viewBox="0 0 {drawn.width} {drawn.height}">{drawn.shapes}</svg>'
        )
        for kind, drawn in found.items()
    ]


def shapes(root: ET.Element) -> Iterator[ET.Element]:
    """The shapes of a drawing, each with the attributes of the groups around it."""
    for element in root:
        inherited = {name: value for name, value in root.attrib.items() if name not in {"class", "viewBox"}}
        element.attrib |= {name: value for name, value in inherited.items() if name not in element.attrib}
        if element.tag == f"{SVG}g":
            yield from shapes(element)
        else:
            yield element


def coordinates(root: ET.Element) -> Iterator[tuple[float, float]]:
    """Every place that is drawn at: ends of lines, corners, middles, and both ends of texts."""
    for element in shapes(root):
        get = element.attrib.get
        if element.tag == f"{SVG}path":
            yield from path_points(element.attrib["d"])
        elif element.tag == f"{SVG}polygon":
            for pair in element.attrib["points"].split():
                across, down = pair.split(",")
                yield float(across), float(down)
        elif element.tag == f"{SVG}circle":
            yield float(get("cx", "")), float(get("cy", ""))
        elif element.tag == f"{SVG}rect":
            x, y = float(get("x", "")), float(get("y", ""))
            yield x, y
            yield x + float(get("width", "")), y + float(get("height", ""))
        elif element.tag == f"{SVG}text" and "transform" not in element.attrib:
            x, wide = float(get("x", "")), width_of(element.text or "", float(get("font-size", "13")))
            left = {"start": x, "middle": x - wide / 2, "end": x - wide}[get("text-anchor", "start")]
            yield left, float(get("y", ""))
            yield left + wide, float(get("y", ""))


def path_points(data: str) -> Iterator[tuple[float, float]]:
    """The absolute places of a path of M, L, h, v and z."""
    x = y = 0.0
    for letter, numbers in re.findall(r"([MLhvzZ])([-\d. ]*)", data):
        values = [float(value) for value in numbers.split()]
        if letter in "ML":
            x, y = values
        elif letter == "h":
            x += values[0]
        elif letter == "v":
            y += values[0]
        yield x, y


@pytest.mark.parametrize("name", CASES)
def test_a_figure_is_an_image_with_a_title_and_its_words(name: str) -> None:
    root = ET.fromstring(drawn(CASES[name]))  # noqa: S314  our own text; that it parses is the point
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "figure-1-title figure-1-text"
    title, text = root[0], root[1]
    assert (title.tag, title.attrib["id"], title.text) == (f"{SVG}title", "figure-1-title", "A title")
    assert (text.tag, text.attrib["id"], text.text) == (f"{SVG}desc", "figure-1-text", "Words.")


@pytest.mark.parametrize("name", CASES)
def test_everything_is_inside_the_frame(name: str) -> None:
    drawings = both(CASES[name])
    assert [root.attrib["class"] for root in drawings] == ["wide", "narrow"]
    for root, across in zip(drawings, (WIDTH, NARROW), strict=True):
        width, height = (float(value) for value in root.attrib["viewBox"].split()[2:])
        assert width == across
        places = list(coordinates(root))
        assert len(places) > 2
        assert all(-1 <= x <= width + 1 for x, _ in places)
        assert all(0 <= y <= height for _, y in places)


@pytest.mark.parametrize("name", CASES)
def test_letters_are_as_large_on_a_phone_as_on_a_laptop(name: str) -> None:
    # A phone shows 360 units of the narrow drawing on 360 px or so; 11 px is the least that is read without effort.
    for root in both(CASES[name]):
        sizes = [float(text.attrib["font-size"]) for text in shapes(root) if text.tag == f"{SVG}text"]
        assert min(sizes) >= 11


@pytest.mark.parametrize("name", CASES)
def test_a_figure_refers_to_nothing_outside_and_asks_for_no_style(name: str) -> None:
    svg = drawn(CASES[name])
    root = ET.fromstring(svg)  # noqa: S314  as above
    assert {element.tag for element in root.iter()} <= ELEMENTS
    assert not re.search(r"""\s(?:style|class|href|on\w+)=|xlink""", svg)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("figure-1-") for name in ids)
    assert set(re.findall(r"url\(#([^)]*)\)", svg)) <= set(ids)


@pytest.mark.parametrize("name", CASES)
def test_a_figure_has_the_same_bytes_every_time(name: str) -> None:
    assert drawn(CASES[name]) == drawn(CASES[name])


def test_a_file_of_its_own_knows_dark_backgrounds() -> None:
    svg = draw(FigureBlock("f", "T", "W", CASES["split"]), standalone=True)
    style = ET.fromstring(svg).find(f"{SVG}style")  # noqa: S314  as above
    assert style is not None
    assert "prefers-color-scheme:dark" in (style.text or "")


def test_without_data_there_is_nothing_to_draw() -> None:
    assert draw(FigureBlock("f", "T", "No data: none.", None)) == ""


def luminance(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [ACCENT, GREY])
@pytest.mark.parametrize("background", ["#ffffff", "#121212", "#0d1117"])
def test_hues_stand_out_on_light_and_dark(colour: str, background: str) -> None:
    bright, dim = sorted((luminance(colour), luminance(background)), reverse=True)
    # WCAG 2.2, 1.4.11: 3 to 1 for graphics.
    assert (bright + 0.05) / (dim + 0.05) >= 3


def test_areas_of_a_floor_plan_are_in_proportion_to_tiles() -> None:
    counts = (800, 100, 50, 30, 20)
    rects = [
        rect
        for rect in shapes(both(plan(*counts))[0])
        if rect.tag == f"{SVG}rect"
        and rect.attrib["fill"] == GREY  # the whole of a region; what is used of it lies on top
    ]
    # 2 px of each side are the gap to the next region.
    areas = [(float(rect.attrib["width"]) + 2) * (float(rect.attrib["height"]) + 2) for rect in rects]
    whole = sum(areas)
    assert [area / whole for area in areas] == pytest.approx([count / 1000 for count in counts], rel=0.01)


def test_each_part_of_a_bar_has_its_name_and_its_figure_beside_it() -> None:
    for root in both(CASES["split"]):
        texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
        assert texts.count("t") == 7
        assert {f"p{n}" for n in range(7)} <= set(texts)


def test_analog_and_digital_scores_are_told_apart_without_their_colour() -> None:
    (wide, _) = both(accuracy((64, 66)))
    circles = [shape.attrib["fill"] for shape in shapes(wide) if shape.tag == f"{SVG}circle"]
    assert sorted(circles) == [ACCENT, "none"]
    texts = {"".join(text.itertext()) for text in wide.iter(f"{SVG}text")}
    # Both scores of the task beside their marks, and which way is better.
    assert {"64", "66", "score in %; better to the right →"} <= texts


def test_of_a_metric_that_is_better_low_the_axis_says_so() -> None:
    svg = drawn(replace(accuracy((7, 6)), unit="word error rate in %", higher_is_better=False))
    assert "word error rate in %; ← better to the left" in svg


def test_lines_of_batches_have_their_names_at_their_ends_and_the_published_one_the_colour() -> None:
    points = [(length, batch, 1e-5 * batch) for length in (16, 32) for batch in (1, 2, 4)]
    svg = drawn(latency(*points, published=GridPoint(32, 4, latency_s=1.28e-4)))
    assert svg.count(f'stroke="{ACCENT}"') == 1
    assert all(f">batch {batch}</text>" in svg for batch in (1, 2, 4))


def test_the_published_time_is_beside_the_models() -> None:
    points = [(length, batch, 1e-6 * length * batch) for length in (16, 32, 64) for batch in (1, 4, 8)]
    for root in both(latency(*points, published=GridPoint(32, 4, latency_s=1.3e-4))):
        texts = {"".join(e.itertext()) for e in root.iter(f"{SVG}text")}
        assert {"published: 0.13 ms", "model: 0.128 ms"} <= texts


def test_the_design_range_is_shaded() -> None:
    data = latency((16, 1, 1e-5), (64, 1, 4e-5), (256, 1, 1e-4))
    data = LatencyChart(replace(data.grid, design=DesignRange(64, 4)))
    root = both(data)[0]
    (shade,) = root.iter(f"{SVG}rect")
    (name,) = (t for t in root.iter(f"{SVG}text") if t.text == "designed for up to 64")
    # From 16 to 64 of 16 to 256 is half of a logarithmic axis.
    lines = [p for p in root.iter(f"{SVG}path") if p.get("stroke") == GREY]
    xs = [x for x, _ in path_points(lines[0].attrib["d"])]
    assert float(shade.attrib["width"]) == pytest.approx((max(xs) - min(xs)) / 2, abs=0.1)
    assert name is not None


def test_times_after_programming_are_where_a_logarithmic_axis_has_them() -> None:
    root = both(drift((1, 0.9, None, None), (3600, 0.9, None, None), (3600.0**2, 0.9, None, None)))[0]
    line = next(p for p in root.iter(f"{SVG}path") if p.get("stroke") == ACCENT)
    xs = [x for x, _ in path_points(line.attrib["d"])]
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.1)
    names = {"".join(t.itertext()): float(t.attrib["x"]) for t in root.iter(f"{SVG}text")}
    assert names["1 h"] == pytest.approx(xs[1], abs=0.1)
    # A minute is 60 s, an hour 60²: half way between.
    assert names["1 min"] == pytest.approx((xs[0] + xs[1]) / 2, abs=0.1)


TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        "</text><script>alert(1)</script>",
        "&amp;<!--",
        '" onload="x',
        "]]>",
        "\u202eabc",
        "\ud800",
        "中文😀",
        "\x00",
    ]
)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_a_text_of_a_sheet_stays_text(name: str, words: str) -> None:
    svg = draw(FigureBlock("f", name, words, accuracy((1, 2), name=name)))
    root = ET.fromstring(svg)  # noqa: S314  as above
    assert {element.tag for element in root.iter()} <= ELEMENTS
    assert not set("\u202e\x00") & set("".join(root.itertext()))


@settings(max_examples=60, deadline=None)
@given(st.floats(-100, 100), st.floats(-100, 100))
def test_ticks_take_in_all_and_are_few(low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    marks = ticks(low, high)
    assert marks[0] <= low + 1e-6
    assert marks[-1] >= high - 1e-6
    assert 2 <= len(marks) <= 10
    assert list(marks) == sorted(set(marks))


@settings(max_examples=60, deadline=None)
@given(st.floats(1e-12, 1e12), st.floats(1, 1e9))
def test_decades_take_in_all(low: float, times: float) -> None:
    marks = decades(low, low * times)
    assert marks[0] <= low * (1 + 1e-6)
    assert marks[-1] >= low * times * (1 - 1e-6)


def test_a_scale_puts_ends_at_ends() -> None:
    scale = Axis(1, 100, 0, 10, log=True)
    assert [scale(value) for value in (1, 10, 100, 1000)] == pytest.approx([0, 5, 10, 10])


def test_a_long_text_is_cut_to_its_room() -> None:
    assert cut("short", 200) == "short"
    assert cut(LONG, 100).endswith("…")
    assert width_of(cut(LONG, 100)) <= 100


def test_the_figures_of_a_sheet_are_inside_their_frames(bert: SheetFields) -> None:
    page = build_page(bert, "full", recompute(bert))
    blocks = [block for section in page.sections for block in section.blocks]
    drawings = [draw(block) for block in blocks if isinstance(block, FigureBlock) and block.data is not None]
    assert len(drawings) == 5
    for svg in drawings:
        root = ET.fromstring(svg)  # noqa: S314  as above
        assert all(-1 <= x <= WIDTH + 1 for x, _ in coordinates(root))


CURVE = DriftCurve(
    (DriftScore("0 s", 0, 0.914, 0.912, 0.916), DriftScore("1 week", 604_800, 0.9, 0.89, 0.908)),
    "s",
    band="90 % interval of the mean",
    accepted=0.9,
    digital=0.9178,
)


def test_scores_over_time_as_a_file_say_what_they_show() -> None:
    svg = draw_curve(CURVE, ".svg", title="Score over time, <net>", text="From 91.4 to 90 %.")
    root = ET.fromstring(svg)  # noqa: S314  our own drawing
    texts = ["".join(element.itertext()) for element in shapes(root)]
    assert texts[:2] == ["Score over time, <net>", "From 91.4 to 90 %."]
    assert {"0 s", "1 week", "digital model: 91.78 %", "score in %; higher is better"} <= set(texts)
    assert {"Band: 90 % interval of the mean."} <= set(texts)
    assert any(text.startswith("Lowest score that is accepted, 90 %") for text in texts)


def test_scores_that_are_no_shares_are_shown_without_per_cent() -> None:
    plain = replace(CURVE, percent=False, accepted=0.9)
    svg = str(draw_curve(plain, ".svg", title="t", text="x"))
    assert "Lowest score that is accepted, 0.9:" in svg
    assert "%" not in svg.replace("90 % interval of the mean", "")


def test_a_png_has_every_line_of_the_svg() -> None:
    pytest.importorskip("matplotlib")
    image = pytest.importorskip("PIL.Image")
    content = draw_curve(CURVE, ".png", title="t", text="From $91$ to 90 %.")
    assert isinstance(content, bytes)
    assert content == draw_curve(CURVE, ".png", title="t", text="From $91$ to 90 %.")
    picture = image.open(io.BytesIO(content))
    assert picture.text["Description"] == "t. From $91$ to 90 %."
    # 760 px wide, two dots each.
    assert picture.size[0] == 1520
    # The mean at the moment of programming, the ends of the axis, and paper beside them.
    pixels = picture.convert("RGB")
    assert pixels.getpixel((160, 2 * y_of(0.914))) == (43, 123, 196)
    assert sum(pixels.getpixel((900, 600))) < 300
    assert pixels.getpixel((4, 4)) == (255, 255, 255)


def y_of(score: float) -> int:
    """Where the SVG has the mean of the first time."""
    svg = draw_curve(CURVE, ".svg", title="t", text="x")
    assert score == CURVE.points[0].score
    found = re.search(r'<circle cx="80" cy="([\d.]+)"', str(svg))
    assert found is not None
    return round(float(found[1]))


def test_without_matplotlib_a_png_is_refused_and_an_svg_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ChartError, match="matplotlib"):
        draw_curve(CURVE, ".png", title="t", text="x")
    assert str(draw_curve(CURVE, ".svg", title="t", text="x")).startswith("<svg")
