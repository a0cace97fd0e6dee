(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const title = document.title;
  const whole = one("#whole");

  // What happened, for eyes and screen readers alike.
  let silence = 0;
  const say = (text) => {
    one("#said").textContent = text;
    clearTimeout(silence);
    silence = setTimeout(() => { one("#said").textContent = ""; }, 4000);
  };

  // The view on show, and opening whatever hides a place.
  const shown = () => document.documentElement.dataset.view;
  const article = (name) => all(".view").find((view) => view.dataset.view === name);
  const show = (name) => {
    document.documentElement.dataset.view = name;
    for (const view of all(".view")) view.classList.toggle("current", view.dataset.view === name);
    for (const link of all(".switch a[data-view]")) {
      if (link.dataset.view === name) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const named = one(`.switch a[data-view="${CSS.escape(name)}"]`);
    document.title = named ? `${named.textContent} · ${title}` : title;
    if (name === "full" && whole) whole.open = true;
    search();
  };
  const reveal = (place) => {
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };
  const follow = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const place = name && document.getElementById(name);
    if (!place) return;
    const view = place.closest(".view");
    if (view) show(view.dataset.view);
    else if (name === "full") show("full");
    if (place.matches("details")) place.open = true;
    reveal(place);
    place.scrollIntoView();
    if (place.matches(".view, .whole-sheet")) (one("h2", place) ?? one("#whole > summary"))?.focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    // A second click on the link of the view, section or fact that the address names already.
    const link = event.target.closest?.('a[href^="#"]');
    if (link && link.hash === location.hash) follow();
  });

  // Folding.
  const folds = () => all("details").filter((fold) => {
    const view = fold.closest(".view");
    return !fold.closest(".contents") && (!view || view.classList.contains("current"));
  });
  one("#expand").addEventListener("click", () => { for (const fold of folds()) fold.open = true; say("All sections are open."); });
  one("#collapse").addEventListener("click", () => { for (const fold of folds()) fold.open = false; say("All sections are folded."); });
  let before = [];
  addEventListener("beforeprint", () => {
    before = folds().filter((fold) => fold !== whole && !fold.open);
    for (const fold of before) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of before) fold.open = false; });
  if (matchMedia("(max-width: 63.99rem)").matches) for (const fold of all(".contents details")) fold.open = false;

  // Theme.
  const theme = one("#theme");
  theme.value = document.documentElement.dataset.theme ?? "";
  theme.addEventListener("change", () => {
    if (theme.value) document.documentElement.dataset.theme = theme.value;
    else delete document.documentElement.dataset.theme;
    try {
      if (theme.value) localStorage.setItem("factsheet-theme", theme.value);
      else localStorage.removeItem("factsheet-theme");
    } catch { /* it holds for this visit only */ }
  });

  // Copying the address of a fact; the link itself goes there.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = make("textarea", text);
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.(".here");
    if (!link) return;
    const done = await copy(link.href);
    link.focus({ preventScroll: true });
    say(done ? "Link copied." : "The link could not be copied; it is in the address bar.");
  });

  // Search: in the view on show and in the whole sheet.
  const field = one("#search");
  const results = one("#results");
  const MOST = 60;
  const UNITS = ".fact, .headlines > div, p, li, tbody tr, tfoot tr, .terms > div, h4, figcaption";
  const words = (node) => node.textContent.replace(/\s+/g, " ").replace(/ # /g, " ").trim();
  const units = (root) => all(UNITS, root).filter((unit) => !unit.parentElement.closest(UNITS.replace(", h4", "")) && !unit.closest("nav"));
  const heading = (unit) => one("h3", unit.closest(".part, .short") ?? unit)?.textContent ?? "";
  const snippet = (text, at, length) => {
    const from = Math.max(0, at - 50);
    const line = make("span", (from ? "…" : "") + text.slice(from, at));
    line.append(make("mark", text.slice(at, at + length)), text.slice(at + length, at + length + 90) + (text.length > at + length + 90 ? "…" : ""));
    return line;
  };
  const paint = (ranges) => {
    if (!globalThis.CSS?.highlights) return;
    if (ranges.length) CSS.highlights.set("found", new Highlight(...ranges));
    else CSS.highlights.delete("found");
  };
  const ranges = (unit, wanted) => {
    const found = [];
    const walker = document.createTreeWalker(unit, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        const range = new Range();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + wanted.length);
        found.push(range);
      }
    }
    return found;
  };
  let made = 0;
  const address = (unit) => {
    const named = unit.id ? unit : unit.matches("tr, li, p") ? unit : unit.closest("[id]");
    if (!named.id) named.id = `found-${++made}`;
    return named.id;
  };
  function search() {
    const wanted = field.value.trim().toLowerCase();
    results.replaceChildren();
    results.hidden = true;
    one("#clear-search").hidden = !field.value;
    paint([]);
    if (wanted.length < 2) { one("#found").textContent = wanted ? "Type at least two letters." : ""; return; }
    const seen = new Set();
    const painted = [];
    const roots = [article(shown()), one("#explorer"), one(".whole-sheet")].filter(Boolean);
    for (const unit of roots.flatMap(units)) {
      const text = words(unit);
      const at = text.toLowerCase().indexOf(wanted);
      if (at < 0 || seen.has(text)) continue;
      seen.add(text);
      painted.push(...ranges(unit, wanted));
      if (seen.size > MOST) continue;
      const link = make("a", "", { href: `#${encodeURI(address(unit))}` });
      link.append(snippet(text, at, wanted.length));
      const entry = make("li", "");
      const inWhole = unit.closest(".whole-sheet") ? "The whole sheet: " : "";
      entry.append(make("span", inWhole + heading(unit), { class: "where" }), link);
      results.append(entry);
    }
    paint(painted);
    results.hidden = seen.size === 0;
    const more = seen.size > MOST ? `, the first ${MOST} listed` : "";
    one("#found").textContent = seen.size === 0 ? "Nothing found." : `${seen.size} ${seen.size === 1 ? "place" : "places"} found${more}.`;
  }
  let waiting = 0;
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; search(); }
    if (event.key === "Enter") { search(); one("a", results)?.focus(); }
  });
  one("#clear-search").addEventListener("click", () => { field.value = ""; search(); field.focus(); });

  // Sorting: a button in every heading of a table with several rows.
  const PREFIX = { n: 1e-9, µ: 1e-6, u: 1e-6, m: 1e-3, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, million: 1e6, billion: 1e9 };
  const value = (cell) => {
    if (cell.dataset.value) return Number(cell.dataset.value);
    const text = cell.textContent.replace(/−/g, "-").replace(/,(?=\d{3})/g, "");
    const found = /([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(million|billion|[nµumkKMGTP](?=\s|[A-Za-z]|$))?/.exec(text);
    return found ? Number(found[1]) * (PREFIX[found[2]] ?? 1) : NaN;
  };
  const order = (column, down) => (left, right) => {
    const [a, b] = [left.cells[column], right.cells[column]];
    const [x, y] = [value(a), value(b)];
    // What has no number stays last either way.
    if (a.classList.contains("number") && (!Number.isNaN(x) || !Number.isNaN(y))) {
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
      return down ? y - x : x - y;
    }
    const compared = a.textContent.trim().localeCompare(b.textContent.trim(), document.documentElement.lang, { numeric: true });
    return down ? -compared : compared;
  };
  for (const table of all("table")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) continue;
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((cell, column) => {
      const button = make("button", "", { type: "button" });
      button.append(...cell.childNodes);
      cell.append(button);
      cell.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const down = cell.getAttribute("aria-sort") === "ascending";
        for (const other of headings) other.setAttribute("aria-sort", "none");
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        body.append(...[...body.rows].sort(order(column, down)));
        say(`Sorted by ${button.textContent}, ${down ? "descending" : "ascending"}.`);
      });
    });
  }

  // A region takes the focus only while there is something to scroll.
  const regions = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const region of all(".scroll, pre")) regions.observe(region);

  // Operating points: two sliders choose a row of the grid.
  const grid = one("#grid");
  if (grid) {
    const sliders = ["seq-len", "batch"].map((name) => one(`#${name}`)).filter(Boolean);
    const names = [...grid.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const rows = [...grid.tBodies[0].rows];
    const published = rows.find((row) => row.classList.contains("published"));
    const start = (published ?? rows[0]).dataset.at.split(" ");
    const choose = () => {
      const at = sliders.map((slider) => slider.dataset.values.split(" ")[slider.value]);
      sliders.forEach((slider, index) => {
        slider.setAttribute("aria-valuetext", at[index]);
        one(`#${slider.id}-shown`).textContent = Number(at[index]).toLocaleString("en");
      });
      const chosen = rows.find((row) => row.dataset.at === at.join(" "));
      for (const row of rows) row.classList.toggle("chosen", row === chosen);
      one("#readout").replaceChildren(...[...(chosen?.cells ?? [])].slice(sliders.length).map((cell, index) => {
        const entry = make("div", "");
        entry.append(make("dt", names[index + sliders.length]), make("dd", cell.textContent.trim()));
        const [here, there] = [Number(cell.dataset.value), Number(published?.cells[index + sliders.length].dataset.value)];
        if (here > 0 && there > 0 && chosen !== published) {
          entry.append(make("dd", `${(here / there).toLocaleString("en", { maximumSignificantDigits: 3 })} × the published point`, { class: "origin" }));
        }
        return entry;
      }));
    };
    sliders.forEach((slider, index) => {
      const values = slider.dataset.values.split(" ");
      slider.max = values.length - 1;
      slider.value = Math.max(0, values.indexOf(start[index]));
      slider.addEventListener("input", choose);
    });
    choose();
  }

  follow();
})();
