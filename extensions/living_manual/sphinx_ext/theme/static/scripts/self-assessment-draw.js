/* A self-assessment: what reports are drawn with. Charts look as those that are drawn at build
   (53-charts.css); every number that they show stands in the table below them. */
(() => {
  "use strict";

  const { UNIT, say } = window.selfAssessment;
  const WIDTH = 360;
  const SVG = "http://www.w3.org/2000/svg";

  function add(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /** An element with attributes and children; strings become text. */
  const make = (tag, attributes = {}, ...children) => add(document.createElement(tag), attributes, children);
  const svg = (tag, attributes = {}, ...children) => add(document.createElementNS(SVG, tag), attributes, children);

  const count = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;
  const when = (iso) => make("time", { datetime: iso },
    new Date(`${iso}T12:00:00`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" }));
  const button = (text, pressed, quiet = true) => {
    const made = make("button", { type: "button", class: quiet ? "btn btn--quiet" : "btn" }, text);
    made.addEventListener("click", pressed);
    return made;
  };

  function wrap(text, most) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const last = lines.length - 1;
      if (lines[last] && lines[last].length + 1 + word.length > most) lines.push(word);
      else lines[last] += (lines[last] ? " " : "") + word;
    }
    return lines;
  }

  /** A chart with a row for each of `rows` (label, said, draw): `draw` puts shapes at a height, `at` gives places. */
  function chart({ name, title, description, scale, rows, keys = [] }) {
    const most = scale.length - 1;
    const at = (points) => Math.round((4 + ((WIDTH - 8) * points) / (most * UNIT)) * 100) / 100;
    const words = scale.length > 4 ? 2 : 1;
    let top = 14 * words + 8;
    const shapes = [];
    const marks = scale.map((step, nth) => {
      const anchor = nth === 0 ? "start" : nth === most ? "end" : "middle";
      const x = nth === 0 ? 0 : nth === most ? WIDTH : at(nth * UNIT);
      return svg("text", { class: "chart-tick", x, y: 11 + 14 * (nth % words), "text-anchor": anchor }, step);
    });
    for (const row of rows) {
      const lines = wrap(row.label, 46 - row.said.length);
      lines.forEach((line, nth) => shapes.push(svg("text", { x: 0, y: top + 13 + 17 * nth }, line)));
      const height = top + 17 * lines.length + 3;
      shapes.push(
        svg("text", { class: "chart-value", x: WIDTH, y: height - 7, "text-anchor": "end" }, row.said),
        svg("rect", { class: row.none ? "assess-none" : "chart-track", x: at(0), y: height, width: at(most * UNIT) - at(0), height: 14 }));
      for (let nth = 0; nth <= most; nth += 1) {
        shapes.push(svg("line", { class: "assess-grid", x1: at(nth * UNIT), x2: at(nth * UNIT), y1: height, y2: height + 14 }));
      }
      shapes.push(...row.draw(at, height));
      top = height + 14 + 11;
    }
    const picture = svg("svg", { class: "chart-picture", viewBox: `0 0 ${WIDTH} ${top}`, role: "img", "aria-labelledby": `${name}-title ${name}-desc` },
      svg("title", { id: `${name}-title` }, title), svg("desc", { id: `${name}-desc` }, description), ...marks, ...shapes);
    const key = keys.map(([shape, said]) => make("li", {},
      svg("svg", { class: "chart-swatch", viewBox: "0 0 24 14", "aria-hidden": "true", focusable: "false" }, ...shape), ` ${said}`));
    return make("figure", { class: "chart assess-chart" }, make("figcaption", {}, title), picture,
      ...(key.length ? [make("ul", { class: "chart-keys" }, ...key)] : []));
  }

  const bar = (from, to, y) => svg("rect", { class: "chart-part chart-ink", x: from, y, width: Math.max(to - from, 0), height: 14 });
  const range = (from, to, y) => svg("rect", { class: "chart-part chart-ground", x: from, y: y + 2, width: Math.max(to - from, 0), height: 10 });
  const dot = (x, y, r = 4.5) => svg("circle", { class: "chart-dot", cx: x, cy: y + 7, r });
  const ring = (x, y) => svg("circle", { class: "assess-ring", cx: x, cy: y + 7, r: 4.5 });
  const mark = (x, y) => svg("line", { class: "assess-median", x1: x, x2: x, y1: y - 3, y2: y + 17 });
  const line = (from, to, y) => svg("line", { class: "chart-line", x1: from, x2: to, y1: y + 7, y2: y + 7 });

  /** A table in its box; a row is a list of cells (text or elements), the first of which is its head. */
  function table(title, heads, rows) {
    return make("section", { class: "table-box", "aria-label": title, tabindex: "0" },
      make("table", { class: "assess-table" },
        make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
        make("tbody", {}, ...rows.map(({ cells, part }) => make("tr", part ? { class: "assess-whole" } : {},
          ...cells.map((cell, nth) => (nth ? make("td", {}, cell) : make("th", { scope: "row" }, cell))))))));
  }

  /** A value for a table: one decimal, or a dash with a word for those who do not see it. */
  const cell = (value, why = "no score", parts = 1) => (value === null || value === undefined
    ? make("span", { class: "muted" }, why)
    : say(value, parts));

  Object.assign(window.selfAssessment, { make, svg, count, when, button, chart, table, cell, shapes: { bar, range, dot, ring, mark, line } });
})();
