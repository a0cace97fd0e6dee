(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (name, text = "", look = "") => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (look) element.className = look;
    return element;
  };
  const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

  const theme = one("#theme");
  theme.value = document.documentElement.dataset.theme ?? "";
  theme.addEventListener("change", () => {
    if (theme.value) document.documentElement.dataset.theme = theme.value;
    else delete document.documentElement.dataset.theme;
    try {
      if (theme.value) localStorage.setItem("factsheet-theme", theme.value);
      else localStorage.removeItem("factsheet-theme");
    } catch { /* storage may be forbidden */ }
  });

  const data = JSON.parse(one("#data").textContent);
  const table = one("#sheets");
  if (!table) return;
  const [VALUE, TEXT, BASIS, POINT, ORIGIN, CHECK, NOTE, LOW, HIGH, KIND, BETTER] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const PAGE = 30;
  const MOST = 6;
  const labels = new Map(data.kinds.map(([name, label]) => [name, label]));
  const better = new Map(data.kinds.map(([name, , direction]) => [name, direction]));
  const body = one("tbody", table);
  const rows = [...body.rows];
  const plain = (text) => ` ${text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean).join(" ")} `;
  // What can be found: one text for each sheet, made once.
  const texts = data.sheets.map((sheet) => plain([
    sheet.name, sheet.path.replace(/\.[^./]*$/, ""), sheet.summary, ...sheet.about,
    ...Object.values(sheet.facets).flat(), ...Object.values(sheet.details), ...sheet.also,
  ].join("\n")));
  const names = data.sheets.map((sheet) => plain(`${sheet.name} ${sheet.about[0]}`));
  // A word is found where one begins with it, and a longer one within words too: 7 is not 17, but a net is in a ResNet.
  const LONG = 3;
  const holds = (text, word) => text.includes(` ${word}`) || (word.length >= LONG && text.includes(word));

  const form = one("#filters");
  const search = one("#search");
  const state = one("#found");
  const rest = one("#rest");
  const further = one("#further");
  // Points and their names, in each size of each drawing.
  const points = all("figure svg [data-row]");
  const figures = all("figure").map((figure) => [one(".left", figure), new Set(all(".wide circle", figure).map((point) => Number(point.dataset.row)))]);
  const pointRows = points.map((point) => Number(point.dataset.row));
  // Drawings are below the table, and follow when typing rests.
  const WAIT = 80;
  let later = 0;
  let order = rows.map((_, row) => row);
  let shown = PAGE;
  let sorted = "";
  let sortedBy = "";
  const ticked = new Set();

  const filters = () => {
    const words = plain(search.value).split(" ").filter(Boolean);
    const chosen = data.facets.map(([name]) => [name, form.elements[name]?.value]).filter(([, value]) => value);
    const bounds = data.ranges
      .map(([name, end, size]) => [name, end, form.elements[name].value === "" ? NaN : Number(form.elements[name].value) * size])
      .filter(([, , bound]) => !Number.isNaN(bound));
    return { words, chosen, bounds };
  };
  const fits = (row, { words, chosen, bounds }) => {
    const sheet = data.sheets[row];
    return words.every((word) => holds(texts[row], word))
      && chosen.every(([name, value]) => sheet.facets[name]?.includes(value))
      && bounds.every(([name, end, bound]) => {
        const figure = sheet.figures[name];
        if (!figure) return false;
        // Of a bound or a range all that it allows has to be on the side that is asked for.
        const least = figure[KIND] === "point" ? figure[VALUE] : figure[LOW] ?? -Infinity;
        const most = figure[KIND] === "point" ? figure[VALUE] : figure[HIGH] ?? Infinity;
        // What differs by less than the digits of a computer is the same.
        const slack = Math.abs(bound) * 1e-9;
        return end === "most" ? most <= bound + slack : least >= bound - slack;
      });
  };
  // Rows that are not shown may be in any order: moving a thousand takes longer than a search may.
  let placed = order.slice(0, shown);
  const place = (wanted) => {
    if (wanted.length === placed.length && wanted.every((row, at) => row === placed[at])) return;
    placed = wanted;
    body.prepend(...wanted.map((row) => rows[row]));
  };
  const show = () => {
    const asked = filters();
    let found = order.filter((row) => fits(row, asked));
    if (asked.words.length && !sorted) {
      // What is called so comes before what only mentions it.
      const called = (row) => asked.words.every((word) => holds(names[row], word));
      found = [...found.filter(called), ...found.filter((row) => !called(row))];
    }
    const inside = new Set(found);
    place(found.slice(0, shown));
    const visible = new Set(placed);
    // Only what changes is touched: each change has the browser lay out the page again.
    rows.forEach((element, row) => { if (element.hidden === visible.has(row)) element.hidden = !visible.has(row); });
    clearTimeout(later);
    later = setTimeout(() => {
      points.forEach((point, at) => {
        const out = !inside.has(pointRows[at]);
        if (out !== point.classList.contains("out")) point.classList.toggle("out", out);
      });
      figures.forEach(([words, drawn]) => {
        const left = [...drawn].filter((row) => inside.has(row)).length;
        words.textContent = left === drawn.size ? "" : `Of ${counted(drawn.size, "sheet")} drawn, ${left || "none"} ${left > 1 ? "are" : "is"} among those found, and shown.`;
      });
    }, WAIT);
    const narrowed = asked.words.length || asked.chosen.length || asked.bounds.length;
    const few = found.length > shown ? `, the first ${shown} shown` : "";
    state.textContent = narrowed
      ? `${counted(found.length, "sheet")} of ${data.sheets.length.toLocaleString("en")}${few}.${sorted}`
      : `${counted(found.length, "sheet")}${few}.${sorted}`;
    one("#clear").hidden = !narrowed;
    one("#clear").textContent = ticked.size ? "Clear filters and comparison" : "Clear all filters";
    rest.hidden = found.length <= shown;
    further.textContent = `Show ${Math.min(PAGE, found.length - shown)} more`;
    const query = new URLSearchParams();
    if (search.value) query.set("q", search.value);
    for (const [name, value] of asked.chosen) query.set(name, value);
    for (const [name] of asked.bounds) query.set(name, form.elements[name].value);
    if (sortedBy) query.set("sort", sortedBy);
    for (const row of ticked) query.append("compare", data.sheets[row].path);
    try {
      history.replaceState(null, "", query.size ? `#${query}` : location.pathname + location.search);
    } catch { /* some browsers refuse it for files */ }
  };
  const anew = () => { shown = PAGE; show(); };
  form.addEventListener("input", anew);
  form.addEventListener("submit", (event) => event.preventDefault());
  // All is as at first again: what was ticked goes with the filters.
  form.addEventListener("reset", () => setTimeout(() => { untick(); anew(); search.focus(); }));
  further.addEventListener("click", () => {
    const first = shown;
    shown += PAGE;
    show();
    // The focus goes on where reading does.
    const next = rows.filter((row) => !row.hidden)[first];
    one("a, button", next)?.focus();
  });

  // Figures of unlike bases are not ordered among each other: each basis is a group of its own.
  const key = (row, name) => (name === "name" ? undefined : data.sheets[row].figures[name]);
  const sort = (name, descending) => {
    const bases = new Set(order.map((row) => key(row, name)?.[BASIS]).filter((basis) => basis !== undefined));
    order.sort((a, b) => {
      if (name === "name") {
        const way = data.sheets[a].name.localeCompare(data.sheets[b].name);
        return (descending ? -way : way) || a - b;
      }
      const [first, second] = [key(a, name), key(b, name)];
      if (!first || !second) return (first ? 0 : 1) - (second ? 0 : 1) || a - b;
      if (first[BASIS] !== second[BASIS]) return first[BASIS] < second[BASIS] ? -1 : 1;
      // Of an error rate the least is the best, as of an accuracy the largest.
      const down = descending !== (first[BETTER] === "lower");
      return (down ? second[VALUE] - first[VALUE] : first[VALUE] - second[VALUE]) || a - b;
    });
    const label = name === "name" ? "model" : labels.get(name).toLowerCase();
    sorted = ` Sorted by ${label}, ${descending ? "largest" : "smallest"} first`;
    if (name === "score") sorted = ` Sorted by score, ${descending ? "best" : "worst"} first by each metric`;
    if (name === "name") sorted = ` Sorted by model, ${descending ? "Z to A" : "A to Z"}`;
    sorted += bases.size > 1
      ? `; ${bases.size} groups that cannot be compared with each other stay apart, as what is below each figure says.`
      : ".";
  };
  const put = (head, descending) => {
    all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    sortedBy = `${descending ? "-" : ""}${head.dataset.sort}`;
    sort(head.dataset.sort, descending);
  };
  for (const head of all("thead th[data-sort]", table)) {
    const label = one(".label", head);
    const button = make("button", label.textContent);
    button.type = "button";
    label.replaceWith(button);
    button.addEventListener("click", () => {
      const name = head.dataset.sort;
      const before = head.getAttribute("aria-sort");
      const firstDown = better.get(name) === "higher" || name === "score";
      put(head, before ? before === "ascending" : firstDown);
      anew();
    });
  }

  // All of an entry, in a window of its own.
  const dialog = one("#details");
  const open = (row) => {
    const sheet = data.sheets[row];
    const list = one("dl", dialog);
    list.replaceChildren();
    one("#details-title").textContent = sheet.name;
    const add = (label, text) => {
      if (!text) return;
      const answer = make("dd", text);
      answer.dir = "auto";
      list.append(make("dt", label), answer);
    };
    add("Summary", sheet.summary);
    for (const [name, label] of data.facets) add(label, sheet.facets[name]?.join(", "));
    for (const [label, text] of Object.entries(sheet.details)) add(label, text);
    for (const [name, label] of data.kinds) {
      const figure = sheet.figures[name];
      if (name === "score" && sheet.figures.accuracy) continue; // it is the same
      if (figure) add(label, [figure[TEXT], figure[BASIS], figure[POINT], figure[ORIGIN], figure[CHECK], figure[NOTE]].filter(Boolean).join("; "));
    }
    add("Recomputed", [sheet.checked[0], ...sheet.checked[1].map((path) => `${path} differs`)].join("; "));
    add("File", sheet.path);
    dialog.showModal();
    one("#details-title").focus();
    dialog.scrollTop = 0;
  };
  body.addEventListener("click", (event) => {
    if (event.target.closest(".open")) open(rows.indexOf(event.target.closest("tr")));
  });
  one("#details-close").addEventListener("click", () => dialog.close());

  // Sheets that are ticked, side by side.
  // Beside the best, figures in units of different sizes are read as one: 151.8 µJ is 251 times 604.1 nJ.
  const times = (value, best) => {
    if (!(value > 0 && best > 0)) return "";
    const size = (ratio) => Number(ratio.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
    return value > best ? `${size(value / best)} times the best` : `the best is ${size(best / value)} times as much`;
  };
  // As a shell takes it for one word.
  const quoted = (word) => (/^[\w@%+=:,.\/][\w@%+=:,.\/-]*$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);
  const section = one("#compare");
  const compare = () => {
    section.hidden = ticked.size === 0;
    const target = one("#compared");
    target.replaceChildren();
    rows.forEach((row, number) => row.classList.toggle("ticked", ticked.has(number)));
    one("#compare-state").textContent = ticked.size === 1 ? "Tick another sheet to compare it with this one." : "";
    if (!ticked.size) return;
    const sheets = [...ticked].map((row) => data.sheets[row]);
    const head = target.createTHead().insertRow();
    head.append(make("td"), ...sheets.map((sheet) => {
      const cell = make("th", sheet.name);
      cell.scope = "col";
      cell.dir = "auto";
      return cell;
    }));
    const lines = target.createTBody();
    const line = (label, cells, remark = "") => {
      const row = lines.insertRow();
      const name = make("th", label);
      name.scope = "row";
      if (remark) name.append(make("small", remark));
      row.append(name, ...cells);
    };
    for (const [name, label, usual, depends] of data.kinds) {
      const figures = sheets.map((sheet) => sheet.figures[name]);
      const known = figures.filter(Boolean);
      // A score that is an accuracy is in the row of accuracies.
      if (!known.length || (name === "score" && sheets.every((sheet) => !sheet.figures.score || sheet.figures.accuracy))) continue;
      const unlike = (at) => new Set(known.map((figure) => figure[at])).size > 1;
      const direction = name === "score" ? known[0][BETTER] : usual;
      const remarks = [];
      if (known.length > 1 && unlike(BASIS)) remarks.push("not compared: they are of different things");
      else if (known.length > 1 && unlike(POINT)) remarks.push("not compared: they hold at different operating points");
      else if (known.length > 1 && depends && known.some((figure) => figure[POINT].includes("not stated"))) remarks.push("not compared: not every sheet states the operating point");
      else if (known.length > 1 && name === "loss" && unlike(NOTE)) remarks.push("not compared: on different data");
      else if (known.length > 1 && known.some((figure) => figure[KIND] === "bound")) remarks.push("no best one: one is a bound, which leaves open how far it goes");
      const values = known.map((figure) => figure[VALUE]);
      const best = direction === "higher" ? Math.max(...values) : Math.min(...values);
      const winner = known.find((figure) => figure[VALUE] === best);
      // What the sheets allow, from end to end: a bound has no other end.
      const ahead = (figure) => (direction === "higher"
        ? (figure[HIGH] ?? Infinity) < (winner[LOW] ?? -Infinity)
        : (figure[LOW] ?? -Infinity) > (winner[HIGH] ?? Infinity));
      if (direction && known.length > 1 && !remarks.length && !known.every((figure) => figure === winner || ahead(figure))) {
        remarks.push("no best one: as exactly as the sheets say, two may be the same");
      }
      const ranked = direction && known.length > 1 && !remarks.length;
      line(label, figures.map((figure) => {
        if (!figure) return make("td", "not stated", "none");
        const first = ranked && figure[VALUE] === best;
        const cell = make("td", "", first ? "best" : "");
        cell.append(make("b", figure[TEXT]), first ? make("span", " best") : ranked ? make("span", ` ${times(figure[VALUE], best)}`, "times") : "");
        cell.append(make("small", [figure[BASIS], figure[POINT], figure[ORIGIN], figure[CHECK]].filter(Boolean).join(" · ")));
        return cell;
      }), remarks.join("; "));
    }
    for (const [name, label] of data.facets) {
      if (!sheets.some((sheet) => sheet.facets[name])) continue;
      line(label, sheets.map((sheet) => make("td", sheet.facets[name]?.join(", ") ?? "not stated", sheet.facets[name] ? "" : "none")));
    }
    line("Recomputed", sheets.map((sheet) => make("td", sheet.checked[0], sheet.checked[1].length ? "differs" : "")));
    line("File", sheets.map((sheet) => make("td", sheet.path)));
    if (sheets.length > 1) {
      one("#compare-state").textContent = `${sheets.length} sheets. At one operating point for all, with more facts: factsheet compare ${sheets.map((sheet) => quoted(sheet.path)).join(" ")}`;
    }
  };
  body.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox") return;
    const row = rows.indexOf(event.target.closest("tr"));
    if (!event.target.checked) ticked.delete(row);
    else if (ticked.size < MOST) ticked.add(row);
    else {
      event.target.checked = false;
      one("#compare-state").textContent = `No more than ${MOST} sheets are compared; untick one first.`;
      return;
    }
    compare();
    show();
  });
  const tickBoxes = () => rows.forEach((row, number) => { one(".tick input", row).checked = ticked.has(number); });
  const untick = () => {
    ticked.clear();
    tickBoxes();
    compare();
  };
  one("#compare-clear").addEventListener("click", () => {
    untick();
    show();
    search.focus();
  });

  // A point leads to its row.
  for (const point of points) {
    point.addEventListener("click", () => {
      const row = rows[Number(point.dataset.row)];
      row.hidden = false;
      row.scrollIntoView({ block: "center" });
      one("a, button", row)?.focus();
    });
  }

  const given = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of given) {
    const field = name === "q" ? search : form.elements[name];
    if (field instanceof HTMLElement) field.value = value;
    const row = name === "compare" ? data.sheets.findIndex((sheet) => sheet.path === value) : -1;
    if (row >= 0 && ticked.size < MOST) ticked.add(row);
    const head = name === "sort" ? all("thead th[data-sort]", table).find((one) => value.replace(/^-/, "") === one.dataset.sort) : null;
    if (head) put(head, value.startsWith("-"));
  }
  compare();
  show();
  // A browser that goes back ticks boxes again by itself, some time after this.
  addEventListener("pageshow", () => setTimeout(tickBoxes));
})();
