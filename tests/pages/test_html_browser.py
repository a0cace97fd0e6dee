"""HTML files in a real browser: every control by keyboard, every view with and without JavaScript, nothing fetched."""

from __future__ import annotations

import json
import re
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from browser import Trap, axe_source, chromium
from hostile import attacking, enormous
from made_pages import SHEETS, bert_pages, pages_of

import factsheet
from factsheet.cli.render.preview import DrawnPage, Preview, PreviewServer
from factsheet.pages.formats.compact import compact_style
from factsheet.pages.formats.html import HtmlBook, problem_html
from factsheet.pages.languages import runs_from_right
from factsheet.readers.roles import VIEW_NAMES
from factsheet.resources import resource_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DRAFT = "factsheet: 1\noverview: {name: Keyword spotter, model: DS-CNN}\n"
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1440, "height": 900}
NO_SCROLL = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
VISIBLE = """(selector) => [...document.querySelectorAll(selector)]
  .filter((e) => e.checkVisibility({checkOpacity: false, contentVisibilityAuto: true})).length"""
RINGS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {name: at.id || at.className || at.tagName, tag: at.tagName, text: at.textContent.trim().slice(0, 60),
          href: at.getAttribute('href'),
          ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
          seen: box.width > 0 && box.height > 0};
}"""
# A contrast that axe cannot tell, as behind a gradient, is one that nobody has checked.
AXE = """async ([scope, options]) => {
  const told = await axe.run(scope === 'all kinds' ? {include: kinds()} : scope, options);
  const faults = told.violations.filter((found) => ['serious', 'critical', 'moderate'].includes(found.impact));
  const untold = told.incomplete.filter((found) => found.id === 'color-contrast');
  return [...faults, ...untold].map((found) => ({id: found.id, impact: found.impact, at: found.nodes.slice(0, 4)
    .map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary + ' ' + JSON.stringify(node.any[0]?.data))}));
}"""
# Of the texts that are styled alike, within elements that are styled alike, one has the contrast of all.
KINDS = """globalThis.kinds = () => {
  const style = (element) => {
    const {color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight} = getComputedStyle(element);
    return [color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight];
  };
  const styles = new Map();
  const chain = (element) => {
    if (!element) return '';
    if (!styles.has(element)) {
      const own = `${element.localName}.${element.className.baseVal ?? element.className} ${style(element)}`;
      const [before, after] = ['::before', '::after'].map((name) => getComputedStyle(element, name).content);
      styles.set(element, `${chain(element.parentElement)} > ${own} ${before} ${after}`);
    }
    return styles.get(element);
  };
  const found = new Map();
  for (const element of document.body.querySelectorAll('*')) {
    const has = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (has && element.checkVisibility() && !found.has(chain(element))) found.set(chain(element), element);
  }
  return [...found.values()];
};"""


CONTRAST = {
    "ignoreUnicode": False,
    "ignoreLength": False,
    "ignorePseudo": False,
    "boldValue": 700,
    "boldTextPt": 14,
    "largeTextPt": 18,
    "contrastRatio": {"normal": {"expected": 4.5}, "large": {"expected": 3}},
    "pseudoSizeThreshold": 0.25,
    "shadowOutlineEmMax": 0.2,
    "textStrokeEmMin": 0.03,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def bert_html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("html") / "bert.html"
    file.write_text(HtmlBook(bert_pages()).html("data-scientist"), "utf-8")
    return file


@pytest.fixture(scope="module")
def file_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of a sheet that the project ships, or of a draft, which opens on the whole sheet; drawn once."""
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "draft.yaml").write_text(DRAFT, "utf-8")

    @cache
    def drawn(sheet: str) -> Path:
        made = factsheet.load(SHEETS.get(sheet, folder / "draft.yaml"))
        file = folder / f"{sheet}.html"
        file.write_text(HtmlBook(pages_of(made)).html("full"), "utf-8")
        return file

    return drawn


@pytest.fixture(scope="module")
def desk(browser: Any, bert_html: Path) -> Iterator[Any]:
    """The file on a large screen, opened once; it tells what it asked for and what went wrong in it."""
    page = open_page(browser, bert_html)
    yield page
    page.context.close()


def open_page(browser: Any, file: Path, *, address: str = "", viewport: Any = None, **options: Any) -> Any:
    context = browser.new_context(viewport=viewport or DESK, **options)
    page = context.new_page()
    page.faults = []
    page.asked = []
    page.on("console", lambda message: page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("dialog", lambda dialog: (page.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
    context.on("request", lambda request: page.asked.append(request.url))
    page.goto(file.as_uri() + address)
    return page


def test_every_view_passes_axe_in_both_themes(browser: Any, bert_html: Path) -> None:
    # All views are shown at once, with everything unfolded: one look for all of them, at more than a reader ever sees.
    page = open_page(browser, bert_html)
    page.evaluate(
        """() => {
        for (const view of document.querySelectorAll('.view')) view.classList.add('current');
        for (const fold of document.querySelectorAll('details:not(#menu)')) fold.open = true;
        }"""
    )
    page.evaluate(axe_source() + ";0")
    page.evaluate(KINDS)
    # Symbols such as the tick are measured too, not left to the eye; the other options are those that axe comes with.
    page.evaluate("(options) => axe.configure({checks: [{id: 'color-contrast', options}]})", CONTRAST)
    told = {"resultTypes": ["violations", "incomplete"]}
    contrast = {**told, "runOnly": ["color-contrast"]}
    found = {"light": page.evaluate(AXE, ["html", {**told, "rules": {"color-contrast": {"enabled": False}}}])}
    # The themes differ in colours alone. The menu lies over what is below the bar, here over nothing.
    page.evaluate(
        """() => {
        document.body.style.paddingBottom = '100vh';
        scrollTo(0, document.body.scrollHeight);
        document.querySelector('#menu').open = true;
        }"""
    )
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found[f"{theme}, contrast"] = page.evaluate(AXE, ["all kinds", contrast])
    assert not any(found.values()), json.dumps(found, indent=1)
    page.context.close()


def go(page: Any, view: str) -> None:
    """Show a view, and wait until the focus has moved there."""
    page.evaluate(
        """(view) => new Promise((done) => {
        if (location.hash === `#${view}`) { done(); return; }
        addEventListener('hashchange', () => setTimeout(done, 0), {once: true});
        location.hash = view;
        })""",
        view,
    )


def tab_to(page: Any, name: str) -> None:
    """Go on with Tab until the focus is there; it must be seen wherever it goes."""
    for _ in range(400):
        page.keyboard.press("Tab")
        at = page.evaluate(RINGS)
        if at and at["seen"]:
            assert at["ring"], f"nothing shows that {at} has the focus"
        if at and name in {at["name"], at["href"]}:
            return
    pytest.fail(f"{name} is not reached by Tab")


def test_the_views_are_switched_by_keyboard(desk: Any) -> None:
    tab_to(desk, "skip")
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.id") == "content"
    desk.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    desk.evaluate("document.querySelector('.skip').focus()")
    tab_to(desk, "#business-expert")
    desk.keyboard.press("Enter")
    desk.wait_for_function("() => document.documentElement.dataset.view === 'business-expert'")
    assert desk.evaluate(VISIBLE, ".view") == 1
    assert desk.evaluate("document.activeElement.id") == "business-expert-title"
    assert desk.locator(".switch a[aria-current]").all_inner_texts() == ["Business expert"]
    assert desk.title().startswith("Business expert")


def test_search_works_by_keyboard(desk: Any) -> None:
    go(desk, "business-expert")
    desk.evaluate("document.querySelector('.switch a').focus()")
    tab_to(desk, "search")
    desk.keyboard.type("prototypes")
    desk.wait_for_function("() => !document.querySelector('#results').hidden")
    assert re.match(r"\d+ places? found", desk.inner_text("#found"))
    assert "prototypes" in desk.inner_text("#results li:first-child mark").lower()
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.closest('#results') !== null")
    desk.keyboard.press("Enter")
    desk.wait_for_function("() => document.querySelector(':target') !== null")
    assert "prototypes" in desk.inner_text(":target").lower()
    desk.evaluate("document.querySelector('#search').focus()")
    desk.keyboard.press("Escape")
    assert desk.input_value("#search") == ""
    assert desk.evaluate("document.querySelector('#results').hidden")


def test_folding_and_theme_work_by_keyboard(desk: Any) -> None:
    go(desk, "business-expert")
    desk.evaluate("document.querySelector('#search').focus()")
    tab_to(desk, "SUMMARY")
    desk.keyboard.press("Enter")
    tab_to(desk, "collapse")
    desk.keyboard.press("Space")
    assert desk.evaluate(VISIBLE, "article.current .fact") == 0
    desk.evaluate("document.querySelector('#search').focus()")
    tab_to(desk, "expand")
    desk.keyboard.press("Enter")
    assert desk.evaluate(VISIBLE, "article.current .fact") > 3
    assert desk.evaluate("document.querySelector('#whole').open")
    tab_to(desk, "theme")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    assert desk.evaluate("document.documentElement.dataset.theme") == "dark"
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 22, 29)"
    desk.keyboard.press("Home")
    assert desk.evaluate("document.documentElement.dataset.theme === undefined")
    desk.keyboard.press("Escape")
    assert not desk.evaluate("document.querySelector('#menu').open")
    assert desk.evaluate("document.activeElement.textContent") == "Display"
    desk.evaluate("document.querySelector('article.current .contents summary').focus()")
    tab_to(desk, "#business-expert/upkeep")
    desk.keyboard.press("Enter")
    desk.wait_for_function("() => location.hash === '#business-expert/upkeep'")
    desk.locator("[id='business-expert/upkeep'] > summary").focus()
    desk.keyboard.press("Space")
    assert not desk.evaluate("document.getElementById('business-expert/upkeep').open")
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.getElementById('business-expert/upkeep').open")


def test_the_link_to_a_fact_is_copied_by_keyboard(desk: Any) -> None:
    go(desk, "business-expert")
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = desk.locator("article#business-expert .fact .here").first
    link.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_function("() => document.querySelector('#said').textContent === 'Link copied.'")
    assert desk.evaluate("navigator.clipboard.readText()") == desk.url
    assert "#business-expert/" in desk.url


def test_tables_sort_by_keyboard_and_say_so(desk: Any) -> None:
    go(desk, "data-scientist")
    table = desk.locator("article#data-scientist table", has_text="Matthews").first
    heading = table.locator("thead th", has_text="Examples")
    heading.locator("button").focus()
    desk.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    # Sizes of the GLUE tasks, from the published sheet's table.
    order = ["RTE", "MRPC", "STS-B", "CoLA", "SST-2", "QNLI", "QQP", "MNLI"]
    assert table.locator("tbody th").all_inner_texts() == order
    desk.keyboard.press("Space")
    assert heading.get_attribute("aria-sort") == "descending"
    assert table.locator("tbody th").all_inner_texts() == order[::-1]
    assert "descending" in desk.inner_text("#said")
    table.locator("thead th", has_text="Task").locator("button").click()
    assert table.locator("tbody th").all_inner_texts() == sorted(order, key=str.lower)
    assert heading.get_attribute("aria-sort") == "none"
    assert table.locator("tfoot th").all_inner_texts() == ["Average of 8"]


def test_languages_run_the_way_that_the_browser_knows(desk: Any) -> None:
    tags = ["ar", "fa", "ur", "ps", "sd", "ug", "ckb", "ks", "he", "yi", "dv", "syr", "nqo"]
    tags += ["de", "zh", "ja", "en", "tr", "ku", "az", "pa", "uz", "ff"]
    tags += ["az-Arab", "pa-Arab", "ff-Adlm", "ar-Latn", "ks-Deva", "sd-Deva-IN", "en-Hebr"]
    # Intl has its data from Unicode CLDR.
    asked = "(tags) => tags.map((tag) => new Intl.Locale(tag).getTextInfo().direction)"
    known = dict(zip(tags, desk.evaluate(asked, tags), strict=True))
    assert {tag: "rtl" if runs_from_right(tag) else "ltr" for tag in tags} == known


def test_a_style_without_its_spaces_is_the_same_style(desk: Any) -> None:
    written = (resource_directory("templates") / "html" / "style.css").read_text("utf-8")
    rules = """([written, made]) => [written, made].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      // What a variable holds, and what a rule supposes, is kept as it was written.
      return [...sheet.cssRules].map((rule) => rule.cssText.replace(/(?<=[,:]) /g, ''));
    })"""
    as_written, as_made = desk.evaluate(rules, [written, compact_style(written)])
    assert len(as_written) > 100
    assert as_made == as_written


def test_the_explorer_tells_what_its_table_holds(desk: Any) -> None:
    # On the page of a data scientist it is not shown until a link leads there.
    go(desk, "data-scientist")
    assert not desk.locator("#explorer").is_visible()
    go(desk, "hardware-researcher")
    assert "21.74 G ops" in desk.inner_text("#readout")
    slider = desk.locator("#batch")
    slider.focus()
    desk.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "8"
    # Twice the batch is twice the work: 84,934,656 weights x 32 tokens x 8 sequences x 2 operations.
    assert "43.49 G ops" in desk.inner_text("#readout")
    assert "2 × the sheet's point" in desk.inner_text("#readout")
    desk.locator("#seq-len").focus()
    desk.keyboard.press("Home")
    assert desk.get_attribute("tr.chosen", "data-at") == "8 8"


def test_the_explorer_shows_other_chips_and_its_state_can_be_sent(browser: Any, bert_html: Path) -> None:
    page = open_page(browser, bert_html, address="#hardware-researcher")
    own = page.locator("tr.published td").all_inner_texts()
    page.locator("#chip").select_option(index=1)
    assert "256 × 256" in str(page.locator("#chip").input_value())
    shown = page.locator("tr.published td").all_inner_texts()
    # Operations are those of the network; energy depends on the tile.
    assert shown[:4] == own[:4]
    assert shown != own
    page.locator("#seq-len").focus()
    page.keyboard.press("End")
    assert "not designed for this point" in page.inner_text("#beyond")
    sent, readout = page.url, page.inner_text("#readout")
    page.context.close()
    other = open_page(browser, bert_html)
    other.goto(sent)
    other.reload()
    assert other.inner_text("#readout") == readout
    assert not other.faults
    other.context.close()


def test_going_back_goes_to_the_view_before(desk: Any) -> None:
    for view in ("ai-engineer", "full"):
        desk.locator(f".switch a[data-view='{view}']").click()
        # The page hears of its new address after the click.
        desk.wait_for_function("view => document.documentElement.dataset.view === view", arg=view)
    assert desk.evaluate(VISIBLE, "#whole .fact") > 20
    desk.go_back()
    desk.wait_for_function("() => document.documentElement.dataset.view === 'ai-engineer'")
    # Below the page of a role the whole sheet is folded, or it would be most of what there is to scroll through.
    desk.wait_for_function("() => !document.querySelector('#whole').open")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["320", "1440"])
def test_no_view_is_wider_than_its_screen(
    browser: Any, bert_html: Path, viewport: Any, *, script: bool
) -> None:
    page = open_page(browser, bert_html, viewport=viewport, java_script_enabled=script)
    measure = page.context.new_cdp_session(page)
    for view in VIEW_NAMES:
        page.goto(f"{bert_html.as_uri()}#{view}")
        if view == "full" and not script:
            page.locator("#whole > summary").click()
        size = measure.send("Page.getLayoutMetrics")
        assert size["cssContentSize"]["width"] <= viewport["width"], view
    page.context.close()


def test_without_javascript_everything_is_there(browser: Any, bert_html: Path) -> None:
    page = open_page(browser, bert_html, java_script_enabled=False)
    assert not page.locator(".tools").is_visible()
    for view in VIEW_NAMES[:-1]:
        page.locator(f".switch a[data-view='{view}']").click()
        shown = page.locator(".view:visible")
        assert shown.count() == 1
        assert shown.get_attribute("id") == view
        link = shown.locator(".contents a").nth(3)
        target = str(link.get_attribute("href"))[1:]
        link.click()
        assert page.locator(f"[id='{target}']").is_visible()
        assert page.locator(".view:visible").get_attribute("id") == view
        text = shown.inner_text()
        model = next(made for made in bert_pages() if made.view == view)
        for made in model.sections:
            assert made.title in text
    fold = page.locator(".view:visible details:not([open])").first
    fold.locator("> summary").click()
    assert page.locator("#grid tbody tr").first.is_visible()
    whole = page.locator("#whole")
    assert not whole.locator(".fact").first.is_visible()
    page.locator("#whole > summary").click()
    assert whole.locator(".fact").first.is_visible()
    assert not page.faults
    page.context.close()


def test_wide_tables_scroll_in_a_region_that_takes_the_focus(browser: Any, bert_html: Path) -> None:
    page = open_page(browser, bert_html, viewport=PHONE, address="#ai-engineer")
    page.wait_for_timeout(100)
    regions = page.evaluate(
        """() => [...document.querySelectorAll('article.current .scroll')].filter((e) => e.checkVisibility())
        .map((e) => [e.scrollWidth > e.clientWidth + 1, e.tabIndex, e.getAttribute('aria-label')])"""
    )
    assert any(wide for wide, _, _ in regions)
    assert all((tab == 0) == wide and label for wide, tab, label in regions), regions
    # The caption and the first column, under its heading, stay where they are while the others go.
    moved = page.evaluate(
        """() => [...document.querySelectorAll('article.current .scroll[tabindex]:has(tbody th)')].map((region) => {
          const cell = region.querySelector('tbody th'), next = cell.nextElementSibling;
          const places = [cell, next, region.querySelector('caption > span')];
          const at = () => places.map((one) => Math.round(one.getBoundingClientRect().left));
          const before = at();
          region.scrollLeft = 60;
          const after = at();
          region.scrollLeft = 0;
          return [region.querySelectorAll('thead th').length, ...before.map((place, index) => place - after[index])];
        })"""
    )
    assert moved
    assert all(caption == 0 for _, _, _, caption in moved), moved
    assert all(first == 0 and others > 0 for columns, first, others, _ in moved if columns > 2), moved
    # What figures share is said once, and the view on show is in sight in the bar.
    assert page.locator("article.current .shared").is_visible()
    assert not any(one.is_visible() for one in page.locator("article.current .same").all())
    current = page.evaluate(
        """() => { const [bar, link] = ['.switch ul', '.switch [aria-current]'].map((name) =>
          document.querySelector(name).getBoundingClientRect());
        return link.left >= bar.left && link.left < bar.right - 40; }"""
    )
    assert current
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, .here, .switch a, summary')]
        .filter((e) => e.checkVisibility()).map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"""
    )
    assert not small  # WCAG 2.2, 2.5.8: 24 by 24 px
    page.context.close()


def test_print_shows_the_view_with_its_folds_open(desk: Any, tmp_path: Path) -> None:
    from pypdf import PdfReader

    go(desk, "business-expert")
    desk.locator("#menu > summary").click()
    desk.locator("#collapse").click()
    desk.pdf(path=str(tmp_path / "print.pdf"))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / "print.pdf").pages).split())
    for words in (
        "What this sheet does not say",
        "prototypes under design",
        "Why this page shows what it shows",
    ):
        assert words in text
    assert "Search" not in text
    assert "Expand all" not in text
    desk.emulate_media(media="print", color_scheme="dark")
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    desk.emulate_media(media="screen", color_scheme="light")
    desk.locator("#expand").click()
    desk.locator("#menu > summary").click()


@pytest.mark.parametrize("sheet", ["bert", "albert", "digits"])
def test_no_table_is_cut_off_in_print(browser: Any, file_of: Callable[[str], Path], sheet: str) -> None:
    # The width that A4 leaves between its margins, 178 mm.
    page = open_page(browser, file_of(sheet), viewport={"width": 673, "height": 900})
    page.emulate_media(media="print")
    for view in ("hardware-researcher", "algorithm-designer", "full"):
        page.evaluate("view => { location.hash = view }", view)
        page.wait_for_function("view => document.documentElement.dataset.view === view", arg=view)
        cut = page.evaluate(
            "() => [...document.querySelectorAll('table')].filter((table) => table.getClientRects().length "
            "&& table.getBoundingClientRect().right > innerWidth + 1).map((table) => table.caption.textContent)"
        )
        assert cut == [], view
    # Whoever prints the view of a role gets that view, even from a file that opened on the whole sheet.
    page.evaluate("location.hash = 'business-expert'")
    page.wait_for_function("document.documentElement.dataset.view === 'business-expert'")
    assert not page.locator("#whole").is_visible()
    page.context.close()


def test_a_hostile_sheet_does_nothing(browser: Any, tmp_path: Path) -> None:
    trap = Trap()
    file = tmp_path / "hostile.html"
    file.write_text(HtmlBook(pages_of(attacking(trap.address))).html("ai-engineer"), "utf-8")
    page = open_page(browser, file, viewport=PHONE)
    page.locator("#menu > summary").click()
    page.locator("#expand").click()
    page.fill("#search", "script")
    page.wait_for_function("() => !document.querySelector('#results').hidden")
    for view in VIEW_NAMES:
        go(page, view)
        page.wait_for_function("(view) => document.documentElement.dataset.view === view", arg=view)
        assert page.evaluate(NO_SCROLL), view
    for button in page.locator("article.current th button").all()[:3]:
        button.click()
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert not page.faults
    assert set(page.asked) == {file.as_uri()}
    assert not trap.asked
    trap.close()
    page.context.close()


def test_layout_holds_for_an_enormous_sheet(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "enormous.html"
    file.write_text(HtmlBook(pages_of(enormous(), ("full",))).html("full"), "utf-8")
    for viewport in (PHONE, DESK):
        page = open_page(browser, file, viewport=viewport)
        assert page.evaluate(NO_SCROLL)
        page.context.close()


def test_the_preview_loads_again_by_itself(browser: Any) -> None:
    titles = ["Before"]
    shown = Preview(lambda script: DrawnPage(problem_html(titles[-1], "<b>line 1</b>", script), fine=True))
    server = PreviewServer(0, shown)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    page = browser.new_page()
    page.goto(server.address)
    assert page.inner_text("pre") == "<b>line 1</b>"
    titles.append("After")
    shown.change()
    page.wait_for_function("() => document.title === 'After'")
    page.close()
    shown.close()
    server.shutdown()
    server.server_close()


def test_nothing_was_asked_for_and_nothing_went_wrong(desk: Any, bert_html: Path) -> None:
    assert {url.partition("#")[0] for url in desk.asked} == {bert_html.as_uri()}
    assert not desk.faults


LAPTOP = {"width": 1440, "height": 900}
HANDSET = {"width": 390, "height": 844}
FIRST_FIGURE = """() => {
  const first = document.querySelector('article.current .headlines .value, details[open] .headlines .value');
  return first && first.getBoundingClientRect().top + scrollY;
}"""


@pytest.mark.parametrize("sheet", [*SHEETS, "draft"])
def test_the_first_figure_is_seen_without_scrolling(
    browser: Any, file_of: Callable[[str], Path], sheet: str
) -> None:
    page = open_page(browser, file_of(sheet), viewport=HANDSET)
    for viewport, lowest in ((HANDSET, 600), (LAPTOP, 500)):
        page.set_viewport_size(viewport)
        for view in VIEW_NAMES:
            go(page, view)
            top = page.evaluate(FIRST_FIGURE)
            # Who has stated nothing yet has no figures to be shown.
            assert top is None if sheet == "draft" and top is None else top < lowest, (view, top)
            assert page.evaluate(NO_SCROLL), view
    page.context.close()


def test_the_bar_stays_in_sight_and_hides_no_place_that_is_gone_to(desk: Any) -> None:
    go(desk, "hardware-researcher")
    place = "hardware-researcher/missing"
    go(desk, place)
    bar = desk.evaluate("document.querySelector('.bar').getBoundingClientRect().toJSON()")
    assert bar["top"] == 0
    assert bar["height"] <= 60
    assert desk.evaluate(f"document.getElementById('{place}').getBoundingClientRect().top") >= bar["bottom"]
    assert desk.locator("#search").is_visible()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("license", "Licence of the model"),
        ("0.19ms", "0.19 ms"),
        ("how often", "programmed again"),
        ("6589", "6,589"),
        ("780.4mm2", "780.4 mm²"),
        ("summarization", "summarisation"),
        ("nonvolatile", "non-volatile"),
        ("how fast is it", "0.19 ms"),
    ],
)
def test_search_finds_what_people_type(desk: Any, typed: str, found: str) -> None:
    go(desk, "business-expert")
    desk.fill("#search", typed)
    desk.wait_for_function("() => !document.querySelector('#results').hidden")
    assert found in " ".join(desk.locator("#results li").all_inner_texts())
    desk.fill("#search", "")
    desk.wait_for_function("() => document.querySelector('#results').hidden")


def test_search_shows_figures_before_prose(desk: Any) -> None:
    go(desk, "business-expert")
    desk.fill("#search", "energy")
    desk.wait_for_function("() => !document.querySelector('#results').hidden")
    first = desk.locator("#results li").first.inner_text()
    assert re.search(r"Energy.*\d.* Wh", first, re.DOTALL)
    desk.fill("#search", "")
    desk.wait_for_function("() => document.querySelector('#results').hidden")


def test_a_table_of_two_columns_does_not_sort(desk: Any) -> None:
    counts = desk.evaluate(
        """() => [...document.querySelectorAll('table')]
        .map((table) => [table.rows[0].cells.length, table.querySelectorAll('th button').length])"""
    )
    assert all(buttons == 0 for columns, buttons in counts if columns <= 2)
    assert any(buttons for columns, buttons in counts if columns > 2)


def test_what_is_wider_than_its_place_says_so(browser: Any, bert_html: Path) -> None:
    page = open_page(browser, bert_html, viewport=PHONE)
    page.wait_for_timeout(100)
    said = page.evaluate(
        """() => [...document.querySelectorAll('article.current .scroll')].filter((e) => e.checkVisibility())
        .map((e) => [e.scrollWidth > e.clientWidth + 1, getComputedStyle(e, '::before').content])"""
    )
    assert any(wide for wide, _ in said)
    assert all(("sideways" in words) == wide for wide, words in said), said
    page.context.close()
