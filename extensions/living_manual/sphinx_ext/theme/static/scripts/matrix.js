/* A matrix, and the list of all actions, narrowed by the filters of the page (filters.js), and walked
   with the arrow keys.

   Rows, columns and items carry what can narrow them as marks, `3,0+2,9754~9947`: one part a facet,
   each the places of its values among the choices of the form (core/matrix.py, `Marks`). A cell is
   counted again from its items by the rule that counted it when the page was built. */
(() => {
  "use strict";

  const DAY_ONE = Date.UTC(2000, 0, 1) / 864e5;
  const LIVING = new Set(["planned", "active", "done", "held", "to-come", "entry"]);
  const day = (text) => (text ? Date.parse(text) / 864e5 - DAY_ONE : null);
  const names = (place, which) => (place.dataset[which] || "").split(" ").filter(Boolean);
  const percent = (part, whole) => {
    if (!part || !whole) return 0;
    if (part === whole) return 100;
    return Math.min(99, Math.max(1, Math.floor((200 * part + whole) / (2 * whole))));
  };
  const share = (part, whole) => (whole ? `${part} of ${whole} · ${percent(part, whole)}%` : "–");

  /* ---- Marks ---- */

  function during(part, rule) {
    if (!part) return false;
    const [first, last = first] = part.split("~");
    return (rule.last === null || first === "" || Number(first) <= rule.last)
      && (rule.first === null || last === "" || Number(last) >= rule.first);
  }

  /** A rule of the form as a question to the marks of whoever carries its facet. */
  function question(form, rule) {
    if (rule.facet === "date") {
      const asked = { first: day(rule.from), last: day(rule.to) };
      return (part) => during(part, asked);
    }
    const select = form.querySelector(`select[name="${rule.facet}"]`);
    const value = String(select.selectedIndex - 1);
    return (part) => part === value || part.split("+").includes(value);
  }

  /** The questions that some facets answer: each with the place of its part in the marks. */
  function questions(form, rules, facets, offset) {
    return rules.filter((rule) => !rule.text && facets.includes(rule.facet))
      .map((rule) => [facets.indexOf(rule.facet) + offset, question(form, rule)]);
  }

  const answers = (asked, parts) => asked.every(([at, ask]) => ask(parts[at]));
  const set = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };

  /* ---- A matrix ---- */

  class Matrix {
    constructor(place, form) {
      this.place = place;
      this.form = form;
      this.states = names(place, "states");
      this.every = Boolean(place.dataset.every);
      this.facets = { row: names(place, "rowFacets"), column: names(place, "columnFacets"), item: names(place, "itemFacets") };
      this.columns = names(place, "columns").map((marks) => marks.split(","));
      this.wide = place.classList.contains("matrix-tiles");
      this.heads = [...place.querySelectorAll("thead")].map((head) => [...head.querySelectorAll("[data-head]")]);
      this.feet = [...place.querySelectorAll("[data-column-sum]")];
      this.rows = [...place.querySelectorAll("[data-row]")].map((row) => ({
        row,
        marks: row.dataset.row.split(","),
        sum: row.querySelector("[data-row-sum]"),
        cells: [...row.querySelectorAll("[data-cell]")].map((cell) => this.cell(cell)),
      }));
      // A part with the sums stays, for their sake.
      this.groups = [...place.querySelectorAll("tbody, [data-part]:not(:has(tfoot))")]
        .map((body) => [body, [...body.querySelectorAll("[data-row]")]]);
      this.figures = Object.fromEntries([...place.closest(".matrix-view").querySelectorAll("[data-figure]")].map((each) => [each.dataset.figure, each]));
      const items = new Set();
      for (const { cells } of this.rows) for (const { items: here } of cells) for (const [number] of here) items.add(number);
      this.total = items.size;
      this.status = this.facets.item.indexOf("status") + 1;
      this.firstSums = new Map([...place.querySelectorAll("[data-row-sum], [data-column-sum], [data-all-sum]"), ...Object.values(this.figures)]
        .map((each) => [each, [[...each.childNodes], each.className]]));
    }

    cell(cell) {
      const inside = cell.querySelector(".cell-in") || cell;
      return {
        cell,
        inside,
        link: inside.querySelector(":scope > a")?.getAttribute("href"),
        first: [...inside.childNodes],
        kind: cell.className,
        free: "free" in cell.dataset,
        blank: false,
        names: [...cell.querySelectorAll(".matrix-names > li")],
        items: (cell.dataset.i || "").split(" ").filter(Boolean).map((item) => item.split(",")),
        told: "",
      };
    }

    narrow({ rules, detail }) {
      const rowAsks = questions(this.form, rules, this.facets.row, 0);
      const columnAsks = questions(this.form, rules, this.facets.column, 0);
      const itemAsks = questions(this.form, rules, this.facets.item, 1);
      const blanksOnly = rules.some((rule) => rule.facet === "blank");
      // Whoever asks for paused actions looks for them: then every match fills a cell.
      const anyState = rules.some((rule) => rule.facet === "status");
      const columns = this.columns.map((marks) => answers(columnAsks, marks));
      const seen = new Set();
      const sums = this.columns.map(() => ({ filled: 0, asked: 0, items: new Set() }));
      let filled = 0;
      let asked = 0;
      let late = 0;
      const columnHasBlank = this.columns.map(() => false);
      for (const each of this.rows) {
        each.on = answers(rowAsks, each.marks);
        each.filled = 0;
        each.asked = 0;
        each.inside = new Set();
        let blankHere = false;
        if (each.on) {
          each.cells.forEach((cell, at) => {
            if (!columns[at]) return;
            const found = this.count(cell, itemAsks, anyState);
            for (const number of found.items) { each.inside.add(number); sums[at].items.add(number); seen.add(number); }
            if (!cell.free) {
              each.filled += found.living ? 1 : 0;
              each.asked += 1;
              sums[at].filled += found.living ? 1 : 0;
              sums[at].asked += 1;
            }
            cell.blank = this.every && !cell.free && !found.living;
            if (cell.blank) { blankHere = true; columnHasBlank[at] = true; }
            if (cell.blank && cell.kind.includes("is-late")) late += 1;
            this.draw(cell, found, itemAsks.length > 0);
          });
          if (!this.every) {
            each.filled = each.filled ? 1 : 0;
            each.asked = 1;
            blankHere = !each.filled;
          }
          filled += each.filled;
          asked += each.asked;
        }
        each.blank = blankHere;
      }
      this.show({ columns, blanksOnly, columnHasBlank, sums });
      this.tell({ rules, filled, asked, late, seen });
      detail.shown = seen.size;
      detail.total = this.total;
    }

    /** The items of a cell that answer, by state. */
    count(cell, asks, anyState) {
      const counts = new Map();
      const items = [];
      let living = 0;
      cell.items.forEach((item, at) => {
        const yes = answers(asks, item);
        if (cell.names[at]) cell.names[at].hidden = !yes;
        if (!yes) return;
        items.push(item[0]);
        const state = cell.names.length ? "entry" : this.states[item[this.status]];
        counts.set(state, (counts.get(state) || 0) + 1);
        if (anyState || LIVING.has(state)) living += 1;
      });
      return { counts, items, living };
    }

    draw(cell, { counts, living }, narrowed) {
      const told = narrowed ? this.states.map((state) => `${state}${counts.get(state) || 0}`).join(" ") + (living ? "+" : "") : "";
      if (told === cell.told || !cell.items.length) return;
      cell.told = told;
      cell.cell.className = narrowed ? cell.kind.replace(/ ?is-(blank|late)/g, "") : cell.kind;
      if (!narrowed) {
        cell.inside.replaceChildren(...cell.first);
        return;
      }
      const blank = cell.blank;
      cell.cell.classList.toggle("is-blank", blank);
      if (cell.names.length) {
        cell.inside.replaceChildren(...cell.first, ...(living ? [] : [this.badge("none", "none")]));
        return;
      }
      if (this.wide && !this.every) cell.cell.classList.toggle("tile--none", !counts.size);
      const parts = this.states.filter((state) => counts.get(state))
        .map((state) => this.badge(state, state === "entry" ? String(counts.get(state)) : `${counts.get(state)} ${state.replace("-", " ")}`));
      const inside = [];
      if (parts.length && cell.link) {
        const link = document.createElement("a");
        link.href = cell.link;
        link.append(...parts);
        inside.push(link);
      } else inside.push(...parts);
      if (blank) inside.push(this.badge("none", parts.length ? "none living" : "none"));
      else if (!parts.length) inside.push("–");
      cell.inside.replaceChildren(...inside);
    }

    badge(name, text) {
      const span = document.createElement("span");
      span.className = `status status--${name}`;
      span.textContent = text;
      return span;
    }

    show({ columns, blanksOnly, columnHasBlank, sums }) {
      const shown = columns.map((on, at) => on && (!blanksOnly || !this.every || this.wide || columnHasBlank[at]));
      for (const each of this.rows) {
        const on = each.on && (!blanksOnly || each.blank);
        if (each.row.hidden === on) each.row.hidden = !on;
        if (on) each.cells.forEach(({ cell, blank }, at) => {
          const yes = shown[at] && (!blanksOnly || !this.wide || blank);
          if (cell.hidden === yes) cell.hidden = !yes;
        });
        if (on && each.sum) this.sum(each.sum, this.every ? share(each.filled, each.asked) : String(each.inside.size));
      }
      for (const [body, rows] of this.groups) body.hidden = rows.every((row) => row.hidden);
      for (const heads of this.heads) heads.forEach((head, at) => { head.hidden = !shown[at]; });
      this.feet.forEach((foot, at) => {
        foot.hidden = !shown[at];
        this.sum(foot, this.every ? share(sums[at].filled, sums[at].asked) : String(sums[at].items.size));
      });
    }

    sum(element, text) {
      set(element, text);
      if (!this.every && element.matches("[data-row-sum]")) element.classList.toggle("is-blank", text === "0");
    }

    tell({ rules, filled, asked, late, seen }) {
      if (!rules.length) {
        for (const [element, [first, kind]] of this.firstSums) { element.replaceChildren(...first); element.className = kind; }
        return;
      }
      set(this.figures.filled, `${filled} of ${asked}`);
      set(this.figures.percent, `${percent(filled, asked)}%`);
      set(this.figures.blanks, String(asked - filled));
      set(this.figures.late, String(late));
      set(this.figures.items, String(seen.size));
      set(this.place.querySelector("[data-all-sum]"), share(filled, asked));
    }
  }

  /* ---- A list of rows ---- */

  /** What a row carries of each facet: written in full, or told by its own words (core/told_marks.py). */
  function marksOf(row, part, told, size) {
    if (row.dataset.rest === undefined) return row.dataset.row.split(",");
    const marks = Array.from({ length: size }, () => new Set());
    const add = (place, mark) => { for (const one of mark.split("+")) if (one) marks[place].add(one); };
    const head = part.dataset.part.split(",");
    told.group.forEach((place, at) => add(place, head[at]));
    const said = [...row.cells].map((cell) => [...cell.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("")
      .split(";\n").map((words) => words.trim()));
    for (const [column, known] of Object.entries(told.columns)) {
      for (const words of said[column]) for (const [place, mark] of Object.entries(known[words] ?? {})) add(place, mark);
    }
    const found = marks.map((set) => [...set].join("+"));
    const rest = row.dataset.rest.split(",");
    told.rest.forEach((place, at) => { found[place] = rest[at]; });
    const days = told.rest.length - 1;
    const last = told.last[said.at(-1)[0]] ?? "";
    found[told.rest[days]] = rest[days] === last ? last : `${rest[days]}~${last}`;
    return found;
  }

  class Rows {
    constructor(place, form) {
      this.form = form;
      this.facets = names(place, "rowFacets");
      const told = JSON.parse(place.dataset.told || "null");
      this.rows = [...place.querySelectorAll("[data-row]")].map((row) => ({
        row,
        marks: marksOf(row, row.closest("[data-part]"), told, this.facets.length),
        text: null,
      }));
      this.groups = [...place.querySelectorAll("[data-part]")].map((body) => ({
        body,
        name: (body.querySelector(".long-list-group")?.textContent || "").toLowerCase(),
        rows: [],
      }));
      const parts = new Map(this.groups.map((group) => [group.body, group]));
      for (const each of this.rows) parts.get(each.row.closest("[data-part]")).rows.push(each);
    }

    narrow({ rules, detail }) {
      const asks = questions(this.form, rules, this.facets, 0);
      const words = rules.find((rule) => rule.text);
      const blanksOnly = rules.some((rule) => rule.facet === "blank");
      let shown = 0;
      for (const group of this.groups) {
        let here = 0;
        for (const each of group.rows) {
          let yes = answers(asks, each.marks) && (!blanksOnly || Boolean(each.row.querySelector(".is-blank")));
          if (yes && words) {
            each.text ??= each.row.textContent.toLowerCase();
            yes = words.test(`${group.name} ${each.text}`);
          }
          if (each.row.hidden === yes) each.row.hidden = !yes;
          here += yes ? 1 : 0;
        }
        group.body.hidden = !here;
        shown += here;
      }
      detail.shown = shown;
      detail.total = this.rows.length;
    }
  }

  function setUp(place) {
    const form = document.querySelector(`[data-filters="${place.id}"]`);
    let made;
    place.addEventListener("filter", ({ detail }) => {
      made ??= place.matches("[data-matrix]") ? new Matrix(place, form) : new Rows(place, form);
      made.narrow({ rules: detail.rules, detail });
      if (current && !visible(current)) stand(cells().find(visible));
    });

    /* ---- Arrow keys: from cell to cell, beside the usual way with Tab ---- */

    const tables = [...place.querySelectorAll("table.matrix")];
    const visible = (element) => !element.closest("[hidden]");

    /** The cells in lines, as they are seen; the heads once. */
    function lines() {
      if (tables.length) {
        return tables.flatMap((table, nth) => [...table.rows].slice(nth ? 1 : 0))
          .filter((row) => visible(row) && !row.matches(".matrix-group"))
          .map((row) => [...row.cells].filter(visible));
      }
      const found = new Map();
      for (const tile of cells()) {
        if (!visible(tile) || tile.matches(".tile--none")) continue;
        const top = Math.round(tile.getBoundingClientRect().top);
        if (!found.has(top)) found.set(top, []);
        found.get(top).push(tile);
      }
      return [...found.values()];
    }

    const cells = () => [...place.querySelectorAll("[data-cell]")];
    let current;

    /** The one cell that Tab comes to. */
    function stand(cell) {
      current?.removeAttribute("tabindex");
      current = cell;
      if (cell) cell.tabIndex = 0;
    }

    function go(cell) {
      stand(cell);
      cell.focus();
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    if (place.matches("[data-matrix]")) {
      stand(cells()[0]);
      place.addEventListener("keydown", (event) => {
        const from = event.target.closest("td, th, [data-cell]");
        if (!from || event.altKey || event.metaKey) return;
        if (event.key === "Enter" && event.target === from) {
          from.querySelector("a")?.click();
          return;
        }
        const all = lines();
        const row = all.findIndex((line) => line.includes(from));
        if (row < 0) return;
        const at = all[row].indexOf(from);
        const steps = {
          ArrowRight: () => all[row][at + 1],
          ArrowLeft: () => all[row][at - 1],
          ArrowDown: () => all[row + 1]?.[Math.min(at, all[row + 1].length - 1)],
          ArrowUp: () => all[row - 1]?.[Math.min(at, all[row - 1].length - 1)],
          Home: () => (event.ctrlKey ? all[0] : all[row])[0],
          End: () => (event.ctrlKey ? all[all.length - 1] : all[row]).at(-1),
        };
        const step = steps[event.key];
        if (!step) return;
        event.preventDefault();
        const to = step();
        if (to) go(to);
      });
    }
  }

  document.querySelectorAll("[data-own-filter]").forEach(setUp);
})();
