"""Check the site that was built in a real browser: accessibility, search, keyboard, narrow screens, what is loaded.

`nox -s site` does it after building, where a Chromium is installed; one that is fit to publish has passed it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from versions import LATEST, publish

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOME = "index.html"
PAGES = (
    HOME,
    "how-to/from-a-model-card.html",
    "cli.html",
    "rules/FS302.html",
    "api-reference.html",
    "sheets/pages/bert.html",
)
"""One of each kind."""
SEARCHES = {"drift": "rules/FS216.html", "FS302": "rules/FS302.html", "--into": "exchange.html"}
"""What a reader searches for, and the page that the first result has to be on."""
SCHEMES = ("light", "dark")
PHONE, DESK, NARROW = 390, 1440, 320
"""Widths in CSS pixels; the last is that of a window of 1280 at 400 %, at which WCAG 2.2, 1.4.10, asks for reflow."""
REFERENCE = ("cli.html", "./cli.html")
"""The link to the first page of the reference, as the theme may write it."""
OPPOSITE = (("light", PHONE), ("dark", DESK))
STOPS = 24
"""How many times Tab is pressed: past header, navigation and into the text."""
PATIENCE_MS = 10_000
"""How long a search may take."""

# What is dark has the same elements as what is light: only what depends on colours is looked at again.
AXE = """async (dark) => {
  const options = {resultTypes: ['violations'], iframes: false};
  if (dark) options.runOnly = ['color-contrast', 'link-in-text-block'];
  const told = await axe.run(document, options);
  return told.violations.filter((found) => ['serious', 'critical'].includes(found.impact)).map((found) =>
    `${found.id} (${found.impact}): ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join('; ')}`);
}"""
# A page's sheet in a frame scrolls by itself, and a control of the theme is its label: the input has no size.
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const label = at.matches('input.md-option') && document.querySelector('form.md-header__option label:not([hidden])');
  const shown = label || at;
  const box = shown.getBoundingClientRect();
  const style = getComputedStyle(shown);
  return {
    name: `${at.localName}.${at.classList[0] ?? ''} "${(at.textContent.trim() || at.title).slice(0, 40)}"`,
    href: at.getAttribute('href'),
    skips: at.hash === '#__skip' || at.classList.contains('md-skip'),
    search: at.classList.contains('md-search__button'),
    ring: at.localName === 'iframe' || style.outlineStyle !== 'none',
    inside: box.width > 0 && box.right > 0 && box.left < innerWidth
      && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""
# Results follow each letter: they are those of all words when they are the same twice.
SETTLED = """(words) => {
  const found = document.activeElement.shadowRoot?.querySelectorAll('a[href*="?h="]') ?? [];
  const links = [...found].map((link) => link.href);
  const before = globalThis.resultsBefore;
  globalThis.resultsBefore = links.join(' ');
  return links.length > 0 && links[0].includes(`?h=${words}`) && before === globalThis.resultsBefore;
}"""
# As an object, since the policy of a sheet's page forbids other styles than its own.
STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, ::before, ::after { transition: none !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
OVERFLOW = "document.documentElement.scrollWidth - Math.max(innerWidth, document.documentElement.clientWidth)"


class NoBrowserError(Exception):
    """No Chromium is installed."""


def problems(site: Path, pages: tuple[str, ...] = PAGES) -> Iterator[str]:
    """Yield what is wrong with a site as a browser shows it, among its versions as it is published.

    Raises:
        NoBrowserError: there is none to show it.
    """
    with served(site) as address, chromium() as browser:
        yield from badly_shown(browser, address, pages)
        for width in (PHONE, DESK):
            yield from lost_by_keyboard(browser, address, width)
        yield from searched_in_vain(browser, address)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the site on the loopback interface, and yield its address, which ends in a slash."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its signature
            pass

    with tempfile.TemporaryDirectory() as folder:
        publish(site, Path(folder), "0")
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/{LATEST}/"
            finally:
                server.shutdown()


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the system's browser; none is downloaded."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        raise NoBrowserError(
            f"none of {', '.join(BROWSERS)} is on the PATH; on Debian: apt-get install chromium"
        )
    from playwright.sync_api import sync_playwright  # only where there is a browser

    # Its sandbox does not run as root; what it opens here are our own pages.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*arguments, "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Any, address: str, width: int, faults: list[str], **options: Any) -> Iterator[Any]:
    """Yield a tab; what it loads from elsewhere, fails to load or has wrong in a script is added to `faults`."""
    root = address.removesuffix(f"{LATEST}/")
    context = browser.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", **options
    )

    def asked(request: Any) -> None:
        if not request.url.startswith((root, "data:", "blob:", "about:")):
            faults.append(f"loads {request.url}")

    def answered(response: Any) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST:
            faults.append(f"{response.url}: {response.status}")

    context.on("request", asked)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"a script fails: {error}"))
    page.on("response", answered)
    try:
        yield page
    finally:
        context.close()


def badly_shown(browser: Any, address: str, pages: tuple[str, ...]) -> Iterator[str]:
    """Yield each serious or critical fault that axe finds, what is loaded from elsewhere, and what is too wide."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("axe-playwright-python is in the dependency group site")
    axe = (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    faults: list[str] = []
    with opened(browser, address, NARROW, faults) as page:
        for name in pages:
            page.set_viewport_size({"width": NARROW, "height": 900})
            page.goto(address + name)
            page.evaluate(STILL)
            over = page.evaluate(OVERFLOW)
            if over > 0:
                faults.append(f"{over} px wider than a screen of {NARROW} px")
            page.evaluate(f"{axe};0")
            # Sheets are long, and tests/pages looks at all their views: opposite looks are enough here.
            looks = product(SCHEMES, (PHONE, DESK))
            for scheme, width in OPPOSITE if name.startswith("sheets/") else looks:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                faults += (f"{scheme}, {width} px: {fault}" for fault in page.evaluate(AXE, scheme == "dark"))
            yield from (f"{name}: {fault}" for fault in faults)
            faults.clear()


def lost_by_keyboard(browser: Any, address: str, width: int) -> Iterator[str]:
    """Yield what a reader without a mouse cannot do: see where they are, skip, go to a page, reach the search."""
    where = f"{HOME}, {width} px"
    with opened(browser, address, width, []) as page:
        page.goto(address + HOME, wait_until="networkidle")  # the list of versions comes late
        stops = list(tabbed(page))
        for stop in stops:
            if not (stop["ring"] and stop["inside"]):
                yield f"{where}: the focus cannot be seen on {stop['name']}"
        if not stops or not stops[0]["skips"]:
            yield f"{where}: the first stop does not skip to the content"
        if not any(stop["search"] for stop in stops):
            yield f"{where}: the search is not reached by Tab"
        if not any(stop["href"] in REFERENCE for stop in stops):
            yield f"{where}: the reference is not reached by Tab"
            return
        page.reload()
        next(stop for stop in tabbed(page) if stop["href"] in REFERENCE)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if not page.url.startswith(f"{address}cli.html"):
            yield f"{where}: Enter on the link to the reference leads to {page.url}"


def tabbed(page: Any) -> Iterator[dict[str, Any]]:
    """Press Tab, and yield what has the focus then, until nothing has it or enough has."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        page.wait_for_timeout(30)
        if (stop := page.evaluate(FOCUSED)) is None:
            return
        yield stop


def searched_in_vain(browser: Any, address: str) -> Iterator[str]:
    """Yield each search whose first result, opened with Enter, is not on the right page."""
    from playwright.sync_api import TimeoutError as TimedOut

    faults: list[str] = []
    with opened(browser, address, DESK, faults) as page:
        for words, wanted in SEARCHES.items():
            page.goto(address + HOME)
            page.keyboard.press("/")
            try:
                page.wait_for_function("document.activeElement.shadowRoot", timeout=PATIENCE_MS)
                page.keyboard.type(words)
                page.wait_for_function(SETTLED, arg=words, polling=400, timeout=PATIENCE_MS)
                with page.expect_navigation(timeout=PATIENCE_MS):
                    page.keyboard.press("Enter")
            except TimedOut:
                yield f"the search for {words}: no result"
                continue
            if not page.url.startswith(address + wanted):
                yield f"the search for {words}: leads to {page.url.removeprefix(address)}, not to {wanted}"
    yield from faults


if __name__ == "__main__":
    try:
        found = list(problems(Path(sys.argv[1])))
    except NoBrowserError as error:
        # Where everything was installed that README.md asks for, nothing is left out.
        if os.environ.get("FACTSHEET_NO_SKIPS"):
            sys.exit(str(error))
        sys.stderr.write(f"not looked at in a browser: {error}\n")
        sys.exit(0)
    if found:
        sys.exit("\n".join(found))
