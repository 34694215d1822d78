/* A self-assessment: several saved files beside each other, of one team or of several days. */
(() => {
  "use strict";

  const tools = window.selfAssessment;
  const { make, count, when, button, chart, table, cell, say, shapes } = tools;
  const MOST = 30;
  const LARGEST = 1000000;
  /* With more files than this, columns have the numbers of the files for heads. */
  const FEW = 8;

  const TEAM = "team";
  const TIME = "time";

  /** What a file is called: its label or its day, with a number where two would be called the same. */
  function name(files) {
    const seen = new Map();
    for (const file of files) {
      const own = file.assessment.label.trim() || file.assessment.date;
      const nth = (seen.get(own) || 0) + 1;
      seen.set(own, nth);
      file.name = nth > 1 ? `${own} (${nth})` : own;
    }
  }

  /** Reads chosen files; those that are none come with a fault. */
  const readAll = (chosen) => Promise.all([...chosen].map(async (file) => {
    if (file.size > LARGEST) return { file: file.name, fault: tools.FOREIGN };
    const text = await file.text();
    return { file: file.name, text, ...tools.read(text) };
  }));

  /** What is left out, and why; the others come to those that are there. */
  function take(files, more) {
    const said = [];
    for (const each of more) {
      const steps = files.length ? files[0].assessment.scale.length : 0;
      if (each.fault) said.push(`${each.file}: ${each.fault}`);
      else if (files.some((other) => other.text === each.text)) said.push(`${each.file}: This file is already here.`);
      else if (files.length === MOST) said.push(`${each.file}: There may be ${MOST} files at most.`);
      else if (steps && each.assessment.scale.length !== steps) {
        said.push(`${each.file}: Its scale has ${each.assessment.scale.length} steps, and that of the first file has ${steps}. They cannot be compared.`);
      } else files.push(each);
    }
    return said;
  }

  const signed = (value) => `${value > 0 && say(value) !== "0.0" ? "+" : value < 0 && say(value) !== "0.0" ? "−" : ""}${say(value)}`;

  /** A dash for those who see it, words for those who do not. */
  const blank = () => make("span", { class: "muted" }, make("span", { "aria-hidden": "true" }, "–"), make("span", { class: "visually-hidden" }, "no score"));

  /** A row of the chart for what a team thinks: from lowest to highest, a dot for each value, the median. */
  function views(row) {
    if (!row.count) return { label: row.title, said: "no score", none: true, draw: () => [] };
    const times = new Map();
    for (const value of row.values) if (value !== null) times.set(value, (times.get(value) || 0) + 1);
    return { label: row.title, said: `median ${say(row.twice, 2)}`, draw: (at, y) => [
      shapes.range(at(row.low), at(row.high), y),
      ...[...times].map(([value, many]) => shapes.dot(at(value), y, Math.min(7, 3 + many))),
      shapes.mark(at(row.twice / 2), y)] };
  }

  /** A row of the chart for several days: a ring for the first value, a dot for the last. */
  function days(row) {
    const known = row.values.filter((value) => value !== null);
    if (!known.length) return { label: row.title, said: "no score", none: true, draw: () => [] };
    const [first, last] = [known[0], known[known.length - 1]];
    const said = known.length > 1 ? `${say(first)} to ${say(last)}` : say(last);
    return { label: row.title, said, draw: (at, y) => [
      shapes.line(at(first), at(last), y), shapes.ring(at(first), y), shapes.dot(at(last), y)] };
  }

  const teamKeys = () => [
    [[shapes.dot(12, 0)], "a file; a larger dot stands for several"],
    [[shapes.mark(12, 0)], "the median"],
    [[shapes.range(1, 23, 0)], "from the lowest to the highest"],
  ];
  const timeKeys = () => [[[shapes.ring(12, 0)], "first"], [[shapes.dot(12, 0)], "last"]];

  function picture(id, title, rows, scale, over) {
    const description = over === TIME
      ? `On the scale from “${scale[0]}” to “${scale[scale.length - 1]}”: a ring where each row began, a dot where it is now.`
      : `On the scale from “${scale[0]}” to “${scale[scale.length - 1]}”: each file's value as a dot, the median as an upright line.`;
    return chart({ name: id, title, description, scale, rows: rows.map(over === TIME ? days : views), keys: over === TIME ? timeKeys() : teamKeys() });
  }

  function numbers(found, files, over) {
    const heads = ["Part and element", ...files.map((file, nth) => (files.length > FEW ? String(nth + 1) : file.name)),
      ...(over === TIME ? ["Change"] : ["Median", "Lowest to highest", "Mean distance from the median"])];
    const line = (row, part) => ({ part, cells: [row.title, ...row.values.map((value) => (value === null ? blank() : say(value))),
      ...(over === TIME
        ? [row.change === null ? cell(null, "one value") : signed(row.change)]
        : row.count
          ? [say(row.twice, 2), `${say(row.low)} to ${say(row.high)}`, say(row.away, 2 * row.count)]
          : [blank(), blank(), blank()])] });
    return table("Every file's values", heads, found.rows.flatMap((part) => [line(part, true), ...part.elements.map((each) => line(each, false))]));
  }

  function talk(found, over) {
    const list = over === TIME ? found.moved : found.apart;
    const none = over === TIME ? "No element has moved." : "All files say the same of every element. Ask each other what you saw all the same.";
    const items = list.map((each) => make("li", {}, make("strong", {}, each.title), ` (${each.part}): `,
      over === TIME ? `${signed(each.change)} points` : `from ${say(each.low)} to ${say(each.high)}. The median is ${say(each.twice, 2)}. Views lie ${say(each.away, 2 * each.count)} points from it on average.`));
    return list.length ? make("ol", { class: "assess-talk" }, ...items) : make("p", {}, none);
  }

  /** What differs between a file's questions and today's, in words; empty when nothing does. */
  function told(assessment, now) {
    const found = tools.differences(assessment, now);
    const said = [];
    if (found.missing.length) said.push(`Not asked then: ${found.missing.join("; ")}.`);
    if (found.gone.length) said.push(`Not asked any more: ${found.gone.join("; ")}.`);
    if (found.reworded.length) said.push(`Worded in another way then: ${found.reworded.join("; ")}.`);
    if (found.scale) said.push(`The scale was another then: ${assessment.scale.join(", ")}.`);
    return said;
  }

  /** The screen on which files are compared. `now` is today's questions without answers. */
  function setUp(now, level, leave) {
    let files = [];
    let over = TEAM;
    let faults = [];
    const title = make(`h${level}`, { tabindex: "-1" }, "Compare saved files");
    const more = make("input", { type: "file", id: "assess-more", multiple: "", accept: ".json,application/json" });
    const alert = make("div", { class: "assess-alert", role: "alert" });
    const list = make("ul", { class: "assess-list" });
    const choices = [[TEAM, "Views of one team"], [TIME, "One view on several days"]].map(([value, said]) => {
      const input = make("input", { type: "radio", name: "assess-over", value });
      input.checked = value === over;
      input.addEventListener("change", () => { over = value; draw(); });
      return make("label", {}, input, make("span", {}, said));
    });
    const result = make("div", {});
    const screen = make("section", { class: "assess-compare", "aria-label": "Comparison" }, title,
      make("p", { class: "assess-pick" }, make("label", { for: "assess-more" }, "Add files"), more), alert, list,
      make("fieldset", { class: "assess-statement assess-over" }, make("legend", {}, "What are these files?"),
        make("div", { class: "assess-options" }, ...choices)),
      result,
      make("p", { class: "assess-buttons" }, button("Print", () => window.print()), button("Back to the beginning", () => { files = []; faults = []; leave(); })));

    function draw() {
      if (over === TIME) files.sort((one, other) => (one.assessment.date < other.assessment.date ? -1 : Number(one.assessment.date > other.assessment.date)));
      name(files);
      alert.replaceChildren(...faults.map((fault) => make("p", {}, fault)));
      list.replaceChildren(...files.map((file, nth) => {
        const gone = button("Take away", () => {
          files = files.filter((each) => each !== file);
          faults = [];
          draw();
          title.focus();
        });
        gone.setAttribute("aria-label", `Take away: ${file.name}`);
        const notes = told(file.assessment, now);
        return make("li", {}, make("span", {}, files.length > FEW ? `${nth + 1}. ` : "", make("strong", {}, file.name), ", ", when(file.assessment.date)), gone,
          ...notes.map((note) => make("p", { class: "muted" }, note)));
      }));
      if (files.length < 2) {
        result.replaceChildren(make("p", {}, "Choose two files or more. Press and hold a key such as Ctrl or Shift to choose several at once, or add them one by one."));
        return;
      }
      const found = tools.compare(files.map((file) => file.assessment), now);
      const scale = files[0].assessment.scale;
      const inner = `h${level + 1}`;
      result.replaceChildren(
        make("p", {}, `${count(files.length, "file")}, points from 0 to ${scale.length - 1}.`),
        make(inner, {}, over === TIME ? "What has moved most" : "Talk about this first"),
        talk(found, over),
        make(inner, {}, "The parts"),
        picture("compare-parts", over === TIME ? "The parts, then and now" : "How you see the parts", found.rows, scale, over),
        make(inner, {}, "Every file's values"),
        numbers(found, files, over),
        make("details", { class: "assess-every" }, make("summary", {}, "Every element as a chart"),
          make("div", {}, ...found.rows.map((part, nth) => picture(`compare-${nth}`, part.title, part.elements, scale, over)))));
    }

    async function open(chosen) {
      faults = take(files, await readAll(chosen));
      draw();
      return files.length;
    }

    more.addEventListener("change", async () => {
      await open(more.files);
      more.value = "";
      title.focus();
    });
    return { screen, open, focus: () => title.focus() };
  }

  Object.assign(tools, { readAll, told, comparison: setUp });
})();
