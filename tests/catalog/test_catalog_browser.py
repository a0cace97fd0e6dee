"""The catalogue in a real browser: searched, filtered, sorted and compared by keyboard, and nothing fetched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import axe_source, chromium

from factsheet.catalog.publishing import CatalogRequest, publish
from factsheet.resources import resource_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

SHEETS = Path(__file__).parents[2] / "sheets"
NO_SCROLL = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
SHOWN = "[...document.querySelectorAll('#sheets tbody tr')].filter((row) => row.checkVisibility()).map((row) => row.querySelector('th').firstElementChild.textContent)"  # noqa: E501  one expression
# Of text in a drawing axe cannot tell the contrast; it is that of all other text, at three quarters of the ink.
AXE = """async () => {
  const told = await axe.run({exclude: ['svg']}, {});
  const untold = told.incomplete.filter((found) => found.id === 'color-contrast');
  return [...told.violations, ...untold].map((found) => [found.id, found.nodes[0].html.slice(0, 200)]);
}"""
HOSTILE = """
factsheet: 1
overview:
  name: "</script><script>window.reached = 1</script><b>Zed</b> \\u202e"
  model: "<img src=x onerror='window.reached = 1'>"
  organisation: "${{alert(1)}} {{ 7 * 7 }}"
purpose: {trained_for: ["<i>tasks</i>"]}
performance: {energy_efficiency: 12 inferences/s/W, inference_unit: image}
"""
SHEET = """
factsheet: 1
overview: {{name: Small {0}, model: M{0}}}
purpose: {{task_ids: [{1}]}}
performance:
  energy_efficiency: {{value: "{0} inferences/s/W", at: {{batch: 1}}}}
  inference_unit: {2}
"""
UNSAID = """
factsheet: 1
overview: {{name: {0}, model: {0}}}
performance: {{energy_efficiency: "{1} inferences/s/W", inference_unit: image}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalog")
    files = [
        (SHEETS / name, f"sheets/{name}") for name in ("bert.yaml", "language.yaml", "atlas/princeton-a.yaml")
    ]
    made = {"hostile": HOSTILE, "invalid": "factsheet: 1\noverview: {name: Half <b>, modle: M}\n"}
    made["unsaid"] = UNSAID.format("Unsaid", "40")
    made["it is"] = UNSAID.format("Unsaid too", "up to 50")
    for number in range(1, 61):
        task, unit = ("detection", "image") if number % 2 else ("translation", "token")
        made[f"s{number}"] = SHEET.format(number, task, unit)
    for name, text in made.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
        files.append((folder / f"{name}.yaml", f"made/{name}.yaml"))
    publish(CatalogRequest(files=files, folder=folder / "site", title="Ours & others", pages=False))
    return folder / "site" / "index.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Any, site: Path) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda said: faults.append(said.text))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(site.as_uri())
    yield opened
    assert faults == []
    assert {url.partition("#")[0] for url in asked} == {site.as_uri()}
    assert opened.evaluate("window.reached") is None
    context.close()


def shown(page: Any) -> list[str]:
    found: list[str] = page.evaluate(SHOWN)
    return found


def test_axe_finds_nothing_in_either_theme_and_at_320_px(page: Any) -> None:
    page.evaluate(axe_source() + ";0")
    page.locator("#more summary").click()
    for box in page.locator(".tick input").all()[:2]:
        box.check()
    page.fill("#search", "analog")  # a few rows stand for all that are alike
    for theme in ("light", "dark"):
        page.select_option("#theme", theme)
        assert page.evaluate(AXE) == [], theme
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(NO_SCROLL)
    page.locator(".open").first.click()
    assert page.evaluate(NO_SCROLL)
    assert page.evaluate(AXE) == []


def test_colours_are_those_of_the_sheets_pages() -> None:
    # The style of pages can be replaced by a user's own, which need not have the catalogue's; so each has its own.
    styles = resource_directory("templates") / "html"
    ours, theirs = ((styles / name).read_text("utf-8") for name in ("catalog/catalog.css", "style.css"))
    declared = re.compile(r"(--[a-z-]+): ([^;]+);")
    assert set(declared.findall(ours)) <= set(declared.findall(theirs))
    assert len(set(declared.findall(ours))) > 25


def test_search_and_filters_narrow_what_is_shown(page: Any) -> None:
    assert page.inner_text("#found") == "66 sheets, the first 30 shown."
    assert len(shown(page)) == 30
    page.locator("#further").click()
    assert len(shown(page)) == 60
    page.fill("#search", "small 7")
    assert shown(page) == ["Small 7"]
    assert page.inner_text("#found") == "1 sheet of 66."
    page.fill("#search", "BÉRT analog")  # neither accents nor capitals matter
    assert shown(page) == ["BERT-base on analog AI hardware"]
    page.locator("#clear").click()
    page.locator("#found", has_text="66 sheets,").wait_for()
    page.select_option("select[name=task]", "detection")
    assert len(shown(page)) == 30
    page.locator("#more summary").click()
    page.fill("input[name=efficiency]", "55")
    assert shown(page) == ["Small 55", "Small 57", "Small 59"]
    # What is asked for is in the address, and comes back with it.
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert shown(page) == ["Small 55", "Small 57", "Small 59"]
    page.goto("about:blank")
    page.goto(address.partition("#")[0])


def test_sorting_keeps_figures_apart_that_cannot_be_compared(page: Any) -> None:
    page.locator("thead button", has_text="Efficiency").click()
    page.locator("#further").click()
    order = shown(page)
    images = [name for name in order if name.startswith("Small") and int(name.split()[1]) % 2]
    tokens = [name for name in order if name.startswith("Small") and not int(name.split()[1]) % 2]
    numbers = [int(name.split()[1]) for name in images]
    assert numbers == sorted(numbers, reverse=True)
    assert order.index(images[-1]) < order.index(tokens[0])
    assert "groups that cannot be compared" in page.inner_text("#found")
    assert page.get_attribute("th[data-sort=efficiency]", "aria-sort") == "descending"
    page.locator("thead button", has_text="Efficiency").click()
    assert shown(page)[0] == "Small 1"


def tick(page: Any, *names: str) -> None:
    for name in names:
        page.fill("#search", name)
        page.get_by_label(f"Compare {name}", exact=True).check()


def test_one_is_called_best_only_among_what_can_be_compared(page: Any) -> None:
    tick(page, "Small 3", "Small 5")
    line = page.locator("#compared tbody tr", has_text="Efficiency")
    assert line.locator(".best").inner_text().startswith("5 inferences/s/W best")
    # 5 / 3, by hand.
    assert "the best is 1.67 times as much" in line.inner_text()
    tick(page, "Small 4")
    assert line.locator(".best").count() == 0
    assert "not compared: they are of different things" in line.inner_text()
    page.locator("#compare-clear").click()
    assert not page.locator("#compare").is_visible()
    tick(page, "BERT-base on analog AI hardware", "Languages of sentences on PCM tiles")
    efficiency = page.locator("#compared tbody tr", has_text="Efficiency")
    assert "not compared: they hold at different operating points" in efficiency.inner_text()
    assert "factsheet compare sheets/bert.yaml sheets/language.yaml" in page.inner_text("#compare-state")


def test_all_of_it_works_by_keyboard(page: Any) -> None:
    page.focus("#search")
    page.keyboard.type("princeton")
    page.keyboard.press("Control+a")
    page.keyboard.type("charge")
    assert shown(page) == ["CIFAR-10 on the 65-nm charge-domain processor, network A"]
    page.locator(".open:visible").focus()
    page.keyboard.press("Enter")
    assert page.locator("dialog").is_visible()
    assert "8.789 TOPS/W" in page.inner_text("dialog")
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert page.evaluate("document.activeElement.classList.contains('open')")


def test_names_stay_text(page: Any) -> None:
    page.fill("#search", "zed")
    page.locator(".open:visible").click()
    assert "<b>Zed</b>" in page.inner_text("#details-title")
    page.keyboard.press("Escape")
    page.locator(".tick input:visible").check()
    assert "<b>Zed</b>" in page.inner_text("#compared")
    assert "{{ 7 * 7 }}" in page.inner_text("#sheets")
    assert "Half <b>" in page.inner_text(".invalid")


def test_a_point_of_the_drawing_is_its_sheet(page: Any) -> None:
    drawn = page.locator("svg circle:visible")
    titles = page.evaluate(
        "[...document.querySelectorAll('.wide circle title')].map((title) => title.textContent)"
    )
    assert any(title.startswith("Languages of sentences on PCM tiles: ") for title in titles)
    # Its loss is a mean over several metrics.
    assert not any(title.startswith("BERT-base") for title in titles)
    assert "1 not drawn: the loss is counted in points, a mean over several metrics" in page.inner_text(
        ".drawings"
    )
    before = drawn.count()
    page.fill("#search", "princeton")
    page.locator("circle.out").first.wait_for(state="attached")
    assert 0 < drawn.count() < before
    # Names and words follow as well.
    names = page.locator("svg text[data-row]:visible")
    assert names.count() <= drawn.count()
    assert "shown." in page.inner_text("figure .left >> nth=0")


def test_going_back_keeps_what_was_compared_and_sorted(page: Any) -> None:
    page.locator("thead button", has_text="Efficiency").click()
    tick(page, "Small 3", "Small 5")
    page.reload()
    assert page.locator("#compared thead th").all_inner_texts() == ["Small 3", "Small 5"]
    assert page.locator(".tick input:checked").count() == len(("Small 3", "Small 5"))
    assert page.get_attribute("th[data-sort=efficiency]", "aria-sort") == "descending"
    page.get_by_role("button", name="Clear filters and comparison").click()
    page.locator("#compare").wait_for(state="hidden")
    assert page.locator(".tick input:checked").count() == 0


def test_none_is_best_where_an_operating_point_is_not_stated(page: Any) -> None:
    tick(page, "Small 3", "Unsaid")
    line = page.locator("#compared tbody tr", has_text="Efficiency")
    assert line.locator(".best").count() == 0
    assert "not compared" in line.inner_text()
    tick(page, "Unsaid too")
    page.get_by_label("Compare Small 3", exact=True).evaluate("(box) => box.click()")
    assert "not compared: not every sheet states the operating point" in line.inner_text()
    assert "factsheet compare made/unsaid.yaml 'made/it is.yaml'" in page.inner_text("#compare-state")
    # `up to 50` may be anything below.
    page.locator("#compare-clear").click()
    page.fill("#search", "unsaid")
    page.locator("#more summary").click()
    page.fill("input[name=efficiency]", "30")
    assert shown(page) == ["Unsaid"]


def test_without_javascript_the_table_is_all_there(browser: Any, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    opened = context.new_page()
    opened.goto(site.as_uri())
    assert opened.locator("#sheets tbody tr:visible").count() == 66
    assert opened.locator("#filters, .tick input, .open, dialog").locator("visible=true").count() == 0
    assert "6,589 inferences/s/W" in opened.inner_text("#sheets")
    context.close()
