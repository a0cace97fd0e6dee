"""The chart: what a program reads out of it, and that lines can be distinguished without colour."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET

import pytest
from sample import COLUMNS, chunk

from factsheet.errors import SweepError
from factsheet.sweeps.columns import AXES, column_named
from factsheet.sweeps.plot import MOST_LINES, Plot, plot_format

SVG = "{http://www.w3.org/2000/svg}"


def plot(x: str = "seq_len", y: str = "latency") -> Plot:
    return Plot(column_named(x, COLUMNS, "--x"), column_named(y, COLUMNS, "--y"), AXES, "latency & more")


def grid(batches: int = 2) -> Plot:
    drawing = plot()
    drawing.add(
        chunk(
            *(
                {"seq_len": length, "batch": batch, "latency_s": length * batch * 1e-6}
                for batch in range(1, batches + 1)
                for length in (16, 32, 64)
            )
        )
    )
    return drawing


def test_an_svg_names_itself_and_says_what_it_shows() -> None:
    pytest.importorskip("matplotlib")
    root = ET.fromstring(grid().drawn("svg"))  # noqa: S314  our own
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == "net: latency & more"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    # 16 · 1 and 64 · 2 µs
    assert "batch 1: from 1.6e-05 s at 16 tokens" in str(description.text)
    assert "to 0.000128 s at 64 tokens" in str(description.text)
    words = {text.text for text in root.iter(f"{SVG}text")}
    assert {"net: latency & more", "Sequence length (tokens)", "Latency (s)", "batch 1", "batch 2"} <= words


def test_the_same_chart_is_the_same_file() -> None:
    pytest.importorskip("matplotlib")
    assert grid().drawn("svg") == grid().drawn("svg")


def test_each_line_has_a_marker_of_its_own() -> None:
    pytest.importorskip("matplotlib")
    root = ET.fromstring(grid(MOST_LINES).drawn("svg"))  # noqa: S314  our own
    axes = next(group for group in root.iter(f"{SVG}g") if group.get("id") == "axes_1")
    # The grid and the ticks use markers too, and come within groups of their own.
    lines = [group for group in axes if str(group.get("id")).startswith("line2d")]
    shapes = {
        path.get("d")
        for line in lines
        for defs in line.iter(f"{SVG}defs")
        for path in defs.iter(f"{SVG}path")
    }
    assert len(lines) == len(shapes) == MOST_LINES


def test_a_png() -> None:
    pytest.importorskip("matplotlib")
    content = grid().drawn("png")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert b"Description" in content


def test_more_lines_than_can_be_told_apart_are_refused_with_their_reason() -> None:
    with pytest.raises(SweepError, match="more than 12 lines") as caught:
        grid(MOST_LINES + 1)
    assert "batch" in caught.value.why


def test_figures_that_no_point_has() -> None:
    drawing = plot(y="area")
    drawing.add(chunk({"seq_len": 16}))
    with pytest.raises(SweepError, match="area_mm2"):
        drawing.drawn("svg")


def test_the_format_is_in_the_name() -> None:
    assert (plot_format("a/b.SVG"), plot_format("b.png")) == ("svg", "png")
    with pytest.raises(SweepError, match=r"\.svg or \.png"):
        plot_format("svg")


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SweepError) as caught:
        grid().drawn("svg")
    assert '".[plot]"' in caught.value.help
