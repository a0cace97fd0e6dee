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
  // Where not all views fit into the bar, the one on show is in sight.
  const sight = (name) => {
    const named = one(`.switch a[data-view="${CSS.escape(name)}"]`);
    if (named) one(".switch ul").scrollLeft = named.parentElement.offsetLeft - one(".switch").offsetLeft - 40;
    return named;
  };
  // Beside the table of the chip where a view has one, so that what is chosen is seen with it.
  const explorer = one("#explorer");
  const home = (name) => {
    if (!explorer) return;
    const slot = article(name) && one(".explored", article(name));
    if (slot) slot.after(explorer);
    else one("main").insertBefore(explorer, whole);
  };
  const show = (name) => {
    const turned = shown() !== name;
    document.documentElement.dataset.view = name;
    for (const view of all(".view")) view.classList.toggle("current", view.dataset.view === name);
    for (const link of all(".switch a[data-view]")) {
      if (link.dataset.view === name) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const named = sight(name);
    document.title = named ? `${named.textContent} · ${title}` : title;
    home(name);
    // Below the page of a role it would be most of what there is to scroll through.
    if (whole && (turned || name === "full")) whole.open = name === "full";
    search();
  };
  const reveal = (place) => {
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };
  const follow = () => {
    // Behind a question mark is what the explorer shows.
    const name = decodeURIComponent(location.hash.slice(1).split("?")[0]);
    const place = name && document.getElementById(name);
    if (!place) return;
    const view = place.closest(".view");
    if (view) show(view.dataset.view);
    else if (name === "full") show("full");
    place.closest(".explorer")?.classList.add("asked");
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
    return !fold.closest(".contents, .menu") && (!view || view.classList.contains("current"));
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

  // The menu closes as menus do.
  const menu = one("#menu");
  document.addEventListener("click", (event) => { if (!event.target.closest?.("#menu")) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    one("summary", menu).focus();
  });

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
  for (const place of all(".fact[id], .prose[id], .list[id]")) {
    const label = one(":scope > :is(dt, h4)", place);
    if (label) label.append(" ", make("a", "#", { class: "here", href: `#${place.id}`, "aria-label": `Link to: ${label.textContent}` }));
  }
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.(".here");
    if (!link) return;
    const done = await copy(link.href);
    link.focus({ preventScroll: true });
    say(done ? "Link copied." : "The link could not be copied; it is in the address bar.");
  });

  // Search: in the view on show and in the whole sheet, figures first. What is typed is found in other forms too:
  // spelt the other way, in the plural, without the space before a unit or the comma in a number, and by what it means.
  const field = one("#search");
  const results = one("#results");
  const MOST = 60;
  const UNITS = ".fact, .headlines > div, p, li, tbody tr, tfoot tr, .terms > div, h4, figcaption";
  const FIGURES = ".fact:has(.figure), .headlines > div:not(.words), tr:has(.n)";
  // Words of one line are looked for together; a line begins with what people ask.
  const MEANINGS = [
    "how often, refresh, reprogram, programmed again, upkeep, maintenance, recalibrate, retune, drift",
    "how long, how fast, how quick, speed, delay, latency, prediction time, response time, throughput, inferences/s, runtime",
    "how good, how accurate, quality, accuracy, score, metric, performance",
    "how much energy, how much power, consumption, electricity, energy, power, efficiency, joule, watt",
    "how big, how large, footprint, size, parameters, area, memory, storage",
    "how much, price, pricing, fee, cost",
    "may i use, can i use, license, terms of use, copyright, permitted, commercial",
    "who made, author, vendor, producer, organization, maker, contact, company",
    "what for, use case, purpose, application, intended, meant for, task",
    "what not, forbidden, misuse, out of scope, unsuited, limitation, weakness, risk, caveat, bias",
    "how to, install, setup, deploy, integrate, requirements, getting started, interface, usage",
    "where from, source, reference, citation, evidence, provenance",
    "carbon, co2, emission, climate, footprint, training energy",
    "chip, hardware, accelerator, device, tile, crossbar, array",
    "data, dataset, corpus, training data, test data, benchmark",
    "fp32, digital, baseline, floating point, software model",
    "memory cell, pcm, rram, reram, nonvolatile, phase change",
    "noise, nonideality, variability, error",
    "input, context, sequence length, tokens, prompt",
    "download, weights, checkpoint, repository, implementation, code",
    "version, date, release, status, revision",
  ].map((line) => line.split(", "));
  const FILLERS = new Set("a an and are at be by can could do does for from has have how i in is it its me my of on or should the this to was what when where which who why will with you".split(" "));
  // Cells and blocks stand side by side without a space between them.
  const said = (node) => (node.matches("tr, dl > div") ? [...node.children].map(said).join(" ")
    : [...node.childNodes].map((part) => (part.matches?.("p, ul, ol, dl, pre, details") ? " " : "") + part.textContent).join(""));
  const words = (node) => said(node).replace(/\s+/g, " ").replace(/ # ?/g, " ").trim();
  const units = (root) => all(UNITS, root).filter((unit) => !unit.parentElement.closest(UNITS.replace(", h4", "")) && !unit.closest("nav"));
  const heading = (unit) => one("h3, h2", unit.closest(".part, .opening, .explorer") ?? unit)?.textContent ?? "";
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\u03bc/g, "u").replace(/(?<=\d),(?=\d{3})/g, "").replace(/(?<=\p{L})-(?=\p{L})/gu, "");
  const tokens = (text) => plain(text).match(/\d+(?:\.\d+)?|\p{L}+|[^\s\p{L}\d.,;:()?!"'/·-]+/gu) ?? [];
  const stem = (word) => (word.length < 4 || /[^a-z]/.test(word) ? word : word
    .replace(/isation/, "ization").replace(/is(?=e|ing|ed)/, "iz").replace(/our/, "or").replace(/(?<=[^aeiou])re$/, "er").replace(/nce$/, "nse")
    .replace(/(?<=\w{3})(?:ings?|ed|es|s|e|ly)$/, ""));
  const stems = (text) => tokens(text).map(stem);
  // A number is the whole of it, a word its beginning.
  const fits = (have, wanted) => (wanted.length < 3 || /^\d/.test(wanted) ? have === wanted : have.startsWith(wanted));
  const has = (list, phrase) => list.some((_, at) => phrase.every((part, next) => at + next < list.length && fits(list[at + next], part)));
  const MEANT = MEANINGS.map((line) => line.map(stems));
  // What is looked for: parts that all have to be there, each in its own form or as one of its meanings.
  const parts = (query) => {
    const asked = stems(query);
    const found = [];
    const taken = new Set();
    for (let length = 4; length > 0; length--) {
      for (let at = 0; at + length <= asked.length; at++) {
        const phrase = asked.slice(at, at + length);
        if (phrase.some((_, next) => taken.has(at + next))) continue;
        const same = MEANT.filter((line) => line.some((known) => known.length === length && known.every((part, next) => part === phrase[next])));
        const filler = length === 1 && FILLERS.has(phrase[0]) && asked.length > 1;
        if (!same.length && length > 1) continue;
        phrase.forEach((_, next) => taken.add(at + next));
        if (!filler) found.push({ own: phrase, others: same.flat() });
      }
    }
    return found.length ? found : asked.map((word) => ({ own: [word], others: [] }));
  };
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
  // The words of a text that what is looked for was found by, with their places.
  const places = (text, phrases) => [...text.matchAll(/\d[\d.,]*\d|\d|[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*|[^\s\p{L}\d]/gu)].filter(([word]) => {
    const list = stems(word);
    return list.length && phrases.some((phrase) => phrase.some((part) => list.some((have) => fits(have, part))));
  });
  const ranges = (unit, phrases) => {
    const found = [];
    const walker = document.createTreeWalker(unit, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const place of places(walker.currentNode.data, phrases)) {
        const range = new Range();
        range.setStart(walker.currentNode, place.index);
        range.setEnd(walker.currentNode, place.index + place[0].length);
        found.push(range);
      }
    }
    return found;
  };
  let made = 0;
  const address = (unit) => {
    const named = unit.id ? unit : unit.matches("tr, li, p, figcaption") ? unit : unit.closest("[id]");
    if (!named.id) named.id = `found-${++made}`;
    return named.id;
  };
  function search() {
    const wanted = field.value.trim();
    results.replaceChildren();
    results.hidden = true;
    one("#clear-search").hidden = !field.value;
    paint([]);
    const asked = parts(wanted);
    if (wanted.length < 2 || !asked.length) { one("#found").textContent = wanted ? "Type at least two letters." : ""; return; }
    const squeezed = plain(wanted).replace(/\s+/g, "");
    const seen = new Set();
    const hits = [];
    const roots = [article(shown()), one("#explorer"), one(".whole-sheet")].filter((root) => root && (root.id !== "explorer" || root.checkVisibility()));
    for (const unit of roots.flatMap(units)) {
      const text = words(unit);
      if (seen.has(text)) continue;
      const list = stems(text);
      const own = asked.every((part) => has(list, part.own));
      const phrases = asked.map((part) => (has(list, part.own) ? part.own : part.others.find((other) => has(list, other))));
      const literal = plain(text).replace(/\s+/g, "").includes(squeezed);
      if (!literal && phrases.some((phrase) => !phrase)) continue;
      seen.add(text);
      // Figures before prose; what was typed before what it means; the view before the whole sheet.
      const label = one("dt, th", unit);
      const rank = [unit.matches(FIGURES) ? 0 : unit.matches(".fact, .headlines > div, tr, li, h4") ? 1 : 2, own || literal ? 0 : 1, unit.closest(".whole-sheet") ? 1 : 0,
        label && asked.some((part) => [part.own, ...part.others].some((phrase) => has(stems(label.textContent), phrase))) ? 0 : 1];
      hits.push({ unit, text, rank, phrases: literal && !own ? asked.map((part) => part.own) : phrases.filter(Boolean) });
    }
    hits.sort((left, right) => left.rank.map((part, at) => part - right.rank[at]).find(Boolean) ?? 0);
    for (const { unit, text, phrases } of hits.slice(0, MOST)) {
      const place = places(text, phrases)[0];
      const link = make("a", "", { href: `#${encodeURI(address(unit))}` });
      link.append(snippet(text, place?.index ?? 0, place?.[0].length ?? 0));
      const entry = make("li", "");
      const inWhole = unit.closest(".whole-sheet") ? "The whole sheet: " : "";
      entry.append(make("span", inWhole + heading(unit), { class: "where" }), link);
      results.append(entry);
    }
    paint(hits.flatMap(({ unit, phrases }) => ranges(unit, phrases)));
    results.hidden = hits.length === 0;
    const more = hits.length > MOST ? `, the first ${MOST} listed` : "";
    one("#found").textContent = hits.length === 0 ? "Nothing found." : `${hits.length} ${hits.length === 1 ? "place" : "places"} found${more}.`;
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
    const text = cell.textContent.replace(/−/g, "-").replace(/,(?=\d{3})/g, "");
    const found = /([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(million|billion|(?!min\b)[nµumkKMGTP](?=\s|[A-Za-z]|$))?/.exec(text);
    return found ? Number(found[1]) * (PREFIX[found[2]] ?? 1) : NaN;
  };
  const order = (column, down) => (left, right) => {
    const [a, b] = [left.cells[column], right.cells[column]];
    const [x, y] = [value(a), value(b)];
    // What has no number stays last either way.
    if (a.classList.contains("n") && (!Number.isNaN(x) || !Number.isNaN(y))) {
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
      return down ? y - x : x - y;
    }
    const compared = a.textContent.trim().localeCompare(b.textContent.trim(), document.documentElement.lang, { numeric: true });
    return down ? -compared : compared;
  };
  for (const table of all("table")) {
    const body = table.tBodies[0];
    // A table of two columns is a list of names and what they are: there is nothing to compare.
    if (!body || body.rows.length < 2 || body.rows[0].cells.length < 3) continue;
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
  for (const region of all(".scroll")) {
    region.setAttribute("role", "group");
    region.ariaLabel = `Table: ${one("caption", region).textContent}`;
  }

  // Operating points: two sliders choose a row of the grid, a list the chip that its times and energies are of.
  const grid = one("#grid");
  if (grid) {
    const sliders = ["seq-len", "batch"].map((name) => one(`#${name}`)).filter(Boolean);
    const chip = one("#chip");
    // A heading names the unit of its column, `Energy efficiency (inferences/s/W)`, if that is one.
    const names = [...grid.tHead.rows[0].cells].map((cell) => /^(.*?)(?: \((.*)\))?$/.exec(cell.textContent.trim()));
    const rows = [...grid.tBodies[0].rows];
    const published = rows.find((row) => row.classList.contains("published"));
    const start = (published ?? rows[0]).dataset.at.split(" ");
    const own = published ? [...published.cells].map(value) : [];
    const bases = chip?.dataset.bases.split(";");
    const first = rows.map((row) => [...row.cells].map((cell) => cell.textContent));
    const compute = () => {
      if (!chip) return;
      // An empty cell is as the one above it; the chip of the sheet is the one that the table came with.
      let texts = [];
      const lines = chip.selectedOptions[0].dataset.cells;
      const other = chip.options[chip.options.length - 1].dataset.cells.split("|")[0].split(";").length;
      rows.forEach((row, index) => {
        texts = lines ? lines.split("|")[index].split(";").map((text, place) => text || texts[place]) : first[index].slice(-other);
        [...row.cells].slice(-other).forEach((cell, place) => {
          cell.textContent = lines && bases[place] ? texts[place].replace(/^([\d.,]+)(.?)$/, `$1 $2${bases[place]}`) : texts[place];
        });
      });
    };
    const choose = () => {
      const at = sliders.map((slider) => slider.dataset.values.split(" ")[slider.value]);
      sliders.forEach((slider, index) => {
        slider.setAttribute("aria-valuetext", at[index]);
        one(`#${slider.id}-shown`).textContent = Number(at[index]).toLocaleString("en");
      });
      const chosen = rows.find((row) => row.dataset.at === at.join(" "));
      for (const row of rows) row.classList.toggle("chosen", row === chosen);
      one("#beyond").textContent = chosen?.classList.contains("beyond") ? "The chip is not designed for this point." : "";
      one("#readout").replaceChildren(...[...(chosen?.cells ?? [])].slice(sliders.length).map((cell, index) => {
        const entry = make("div", "");
        const [, name, unit] = names[index + sliders.length];
        entry.append(make("dt", name), make("dd", unit ? `${cell.textContent.trim()} ${unit}` : cell.textContent.trim()));
        const [here, there] = [value(cell), own[index + sliders.length]];
        if (here > 0 && there > 0 && here !== there) {
          entry.append(make("dd", `${(here / there).toLocaleString("en", { maximumSignificantDigits: 3 })} × the sheet's point`, { class: "origin" }));
        }
        return entry;
      }));
    };
    // The address holds what is chosen, so that it can be sent to somebody.
    const keep = () => {
      const state = new URLSearchParams(sliders.map((slider) => [slider.id, slider.dataset.values.split(" ")[slider.value]]));
      if (chip) state.set("chip", chip.value);
      history.replaceState(null, "", `#explorer?${state}`);
    };
    const restore = () => {
      const [place, query] = location.hash.split("?");
      const state = new URLSearchParams(place === "#explorer" ? query : "");
      sliders.forEach((slider, index) => {
        const values = slider.dataset.values.split(" ");
        const wanted = values.indexOf(state.get(slider.id) ?? "");
        slider.value = wanted < 0 ? Math.max(0, values.indexOf(start[index])) : wanted;
      });
      if (chip) chip.selectedIndex = Math.max(0, [...chip.options].findIndex((option) => option.value === state.get("chip")));
      compute();
      choose();
    };
    for (const slider of sliders) {
      slider.max = slider.dataset.values.split(" ").length - 1;
      slider.addEventListener("input", () => { choose(); keep(); });
    }
    chip?.addEventListener("change", () => { compute(); choose(); keep(); });
    addEventListener("hashchange", () => { if (location.hash.startsWith("#explorer?")) restore(); });
    restore();
  }

  sight(shown());
  home(shown());
  follow();
})();
