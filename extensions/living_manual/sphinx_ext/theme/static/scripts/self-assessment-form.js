/* A self-assessment: one part at a time, then the report. Nothing leaves the browser. Without this script the
   page is a sheet to fill in on paper, and what the sheet says is what this script asks. */
(() => {
  "use strict";

  const root = document.querySelector("[data-self-assessment]");
  if (!root) return;
  const tools = window.selfAssessment;
  const { make, count, when, button, chart, table, cell, say, shapes, UNIT, NOT_SURE } = tools;
  const SECONDS = Number(root.dataset.seconds);
  const KEPT = `self-assessment:${location.pathname}`;
  const words = (element) => element.textContent.trim().replace(/\s+/g, " ");
  const all = (selector, within = root) => [...within.querySelectorAll(selector)];

  /* ---- What is asked: read from the sheet ---- */

  const scale = all(".assess-step").map(words);
  const sections = all(".assess-part");
  const steps = new Map(all("[data-next-of]").map((row) => [row.dataset.nextOf, row]));
  const asked = sections.map((section) => ({
    id: section.dataset.part,
    title: words(section.querySelector(".assess-title")),
    elements: all(".assess-element", section).map((element) => ({
      id: element.dataset.element,
      title: words(steps.get(element.dataset.element).querySelector("th")),
      statements: all("fieldset", element).map((field) => ({
        text: words(field.querySelector("legend")),
        name: field.querySelector("input").name,
      })),
    })),
  }));
  const level = Number(sections[0].querySelector("[tabindex]").localName.slice(1));
  const heading = (text, deeper = 0) => make(`h${level + deeper}`, { tabindex: "-1" }, text);

  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  /** The assessment as it is saved; `answer` gives what a statement was answered with. */
  function assessment(answer, label, date) {
    return {
      format: tools.FORMAT, version: tools.VERSION, label, date, questions: root.dataset.selfAssessment, scale,
      parts: asked.map((part) => ({ ...part, elements: part.elements.map((element) => ({ ...element,
        statements: element.statements.map(({ text, name }) => ({ text, answer: answer(name) })) })) })),
    };
  }
  const questions = assessment(() => null, "", today());

  /* ---- Answers, and where they are kept ---- */

  const inputs = all('input[type="radio"]');
  const given = (name) => {
    const chosen = inputs.find((input) => input.name === name && input.checked);
    return !chosen ? null : chosen.value === NOT_SURE ? NOT_SURE : Number(chosen.value);
  };
  const answers = () => Object.fromEntries(inputs.filter((input) => input.checked).map((input) => [input.name, input.value]));
  const fill = (kept) => inputs.forEach((input) => { input.checked = kept[input.name] === input.value; });

  const longer = make("input", { type: "checkbox", id: "assess-keep" });

  function keep() {
    const kept = JSON.stringify({ answers: answers(), part: at });
    try {
      sessionStorage.setItem(KEPT, kept);
      if (longer.checked) localStorage.setItem(KEPT, kept);
      else localStorage.removeItem(KEPT);
    } catch { /* storage is blocked: the answers hold for this page */ }
  }

  function forget() {
    try {
      sessionStorage.removeItem(KEPT);
      localStorage.removeItem(KEPT);
    } catch { /* as above */ }
  }

  function restore() {
    try {
      longer.checked = localStorage.getItem(KEPT) !== null;
      const kept = JSON.parse(sessionStorage.getItem(KEPT) || localStorage.getItem(KEPT));
      fill(Object(kept?.answers));
      return Number.isInteger(kept?.part) && kept.part >= 0 && kept.part < sections.length ? kept.part : 0;
    } catch {
      return 0;
    }
  }

  /* ---- The screens ---- */

  let at = 0;
  let shown = null;
  const alert = make("div", { class: "assess-alert", role: "alert" });
  const about = root.querySelector(".assess-scale");
  const statements = asked.flatMap((part) => part.elements.flatMap((element) => element.statements));
  const minutes = (from) => Math.max(1, Math.round(
    (asked.slice(from).flatMap((part) => part.elements.flatMap((each) => each.statements)).length * SECONDS) / 60));

  function show(state) {
    root.dataset.state = state;
    sections.forEach((section, nth) => { section.hidden = state !== "part" || nth !== at; });
    about.hidden = state !== "start" && state !== "part";
    start.hidden = state !== "start";
    bar.hidden = turns.hidden = state !== "part";
    report.hidden = state !== "report";
    comparison.screen.hidden = state !== "compare";
    alert.replaceChildren();
  }

  function go(part) {
    at = part;
    show("part");
    about.open = part === 0;
    line.textContent = `Part ${part + 1} of ${sections.length}, about ${count(minutes(part), "minute")} left`;
    progress.value = part;
    back.hidden = part === 0;
    on.textContent = part + 1 < sections.length ? "Next part" : "See the report";
    tally();
    keep();
    focus(sections[part].querySelector("[tabindex]"), bar);
  }

  /** Focus on a heading, with what stands above it in sight. */
  function focus(title, first = title) {
    title.focus({ preventScroll: true });
    first.scrollIntoView({ block: "start" });
  }

  function tally() {
    const here = asked[at].elements.flatMap((element) => element.statements);
    const done = here.filter(({ name }) => given(name) !== null).length;
    left.textContent = done === here.length ? `All ${done} answered.` : `${done} of ${here.length} answered. You may leave some out.`;
  }

  function begin() {
    const any = Object.keys(answers()).length > 0;
    first.textContent = any ? `Go on with part ${at + 1}` : "Begin";
    again.hidden = !any;
    show("start");
  }

  function complain(text) {
    alert.replaceChildren(make("p", {}, text));
  }

  const line = make("p", { class: "assess-where", id: "assess-where" });
  const progress = make("progress", { max: String(sections.length), value: "0", "aria-label": "Parts done" });
  const bar = make("div", { class: "assess-bar" }, line, progress);
  const left = make("p", { class: "muted assess-left" });
  const back = button("Back", () => go(at - 1));
  const on = button("Next part", () => {
    if (at + 1 < sections.length) go(at + 1);
    else reportOf(assessment(given, "", today()), false);
  }, false);
  const turns = make("div", { class: "assess-turns" }, left, make("p", { class: "assess-buttons" }, back, on, starter()));

  /** A button that takes all answers away, when it is pressed a second time. */
  function starter() {
    const made = button("Start again", () => {
      if (made.dataset.sure) {
        delete made.dataset.sure;
        made.textContent = "Start again";
        fill({});
        forget();
        at = 0;
        begin();
        first.focus();
        return;
      }
      made.dataset.sure = "yes";
      made.textContent = "Take all answers away?";
      setTimeout(() => {
        delete made.dataset.sure;
        made.textContent = "Start again";
      }, 4000);
    });
    return made;
  }

  const first = button("Begin", () => go(at), false);
  const again = starter();
  const opener = make("input", { type: "file", id: "assess-open", accept: ".json,application/json" });
  const several = make("input", { type: "file", id: "assess-several", multiple: "", accept: ".json,application/json" });
  const start = make("div", { class: "assess-start" },
    make("p", {}, make("strong", {}, `${count(statements.length, "statement")}, about ${count(minutes(0), "minute")}.`),
      " Your answers stay in this tab until you close it. They are sent to nobody."),
    make("p", { class: "assess-keep" }, make("label", {}, longer, make("span", {}, "Keep my answers in this browser when I close the tab, until I start again. Do not tick this on a shared device."))),
    make("p", { class: "assess-buttons" }, first, button("Print the sheet", () => window.print()), again),
    make("p", { class: "assess-pick" }, make("label", { for: "assess-open" }, "Open a saved file"), opener),
    make("p", { class: "assess-pick" }, make("label", { for: "assess-several" }, "Compare saved files"), several));

  /* ---- The report ---- */

  const report = make("section", { class: "assess-report", "aria-label": "Report" });

  function answeredSo(all) {
    const said = [`${all.answered} of ${count(all.of, "statement")} answered`];
    if (all.unsure) said.push(`not sure of ${all.unsure}`);
    if (all.blank) said.push(`${all.blank} left out`);
    return `${said.join(", ")}.`;
  }

  const nearest = (each, of) => (each.value === null ? "" : of.scale[tools.nearest(each.value)]);

  function picture(found, of) {
    const said = found.parts.map((part) => `${part.title}: ${part.value === null ? "no score" : say(part.value)}`).join("; ");
    return chart({
      name: "report-parts", title: "The parts of our mathematics program", scale: of.scale,
      description: `Points from 0, “${of.scale[0]}”, to ${found.most}, “${of.scale[found.most]}”. ${said}.`,
      rows: found.parts.map((part) => ({
        label: part.title, said: part.value === null ? "no score" : say(part.value), none: part.value === null,
        draw: (place, y) => (part.value === null ? [] : [shapes.bar(place(0), place(part.value), y)]),
      })),
    });
  }

  function numbers(found, of) {
    const row = (each, part) => ({ part, cells: [each.title, cell(each.value, each.unsure && !part ? "not sure" : each.answered ? "too few" : "no answer"), nearest(each, of),
      `${each.answered} of ${each.of}${each.unsure ? `, not sure: ${each.unsure}` : ""}`] });
    return table("Every part and element", ["Part and element", `Points, 0 to ${found.most}`, "Nearest step", "Answered"],
      found.parts.flatMap((part) => [row(part, true), ...part.elements.map((each) => row(each, false))]));
  }

  function nextStep(each) {
    const row = steps.get(each.id);
    const head = [make("strong", {}, each.title), ` (${each.part}, ${say(each.value)})`];
    if (!row) return make("li", {}, ...head, ". This is not asked any more, so there is no next step for it.");
    const link = row.querySelector("a");
    return make("li", {}, make("p", {}, ...head), make("p", {}, words(row.cells[1]), " ",
      make("a", { href: link.getAttribute("href") }, words(link))));
  }

  function lists(found, of) {
    const unsure = of.parts.flatMap((part) => part.elements.flatMap((each) => each.statements)).filter((each) => each.answer === NOT_SURE);
    const nothing = found.all.answered ? "Every element with an answer is at the highest step." : "There are no answers with points yet.";
    return [
      heading("Three next steps", 1),
      found.lowest.length ? make("ol", { class: "assess-talk" }, ...found.lowest.map(nextStep)) : make("p", {}, nothing),
      heading("What is strong", 1),
      found.strongest.length
        ? make("ul", {}, ...found.strongest.map((each) => make("li", {}, make("strong", {}, each.title), ` (${each.part}, ${say(each.value)})`)))
        : make("p", {}, `No other element is at “${of.scale[found.most - 1]}” or above it yet.`),
      ...(unsure.length ? [heading("Go and see", 1), make("p", {}, "You were not sure of these:"), make("ul", {}, ...unsure.map((each) => make("li", {}, each.text)))] : []),
    ];
  }

  function save(of, field) {
    of.label = field.value.trim();
    const short = of.label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
    const address = URL.createObjectURL(new Blob([`${JSON.stringify(of, null, 1)}\n`], { type: "application/json" }));
    const link = make("a", { href: address, download: `self-assessment-${short ? `${short}-` : ""}${of.date}.json`, hidden: "" }, "File");
    root.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    shown.label.textContent = of.label ? `${of.label}, ` : "";
    shown.saved.textContent = "Saved. Look in the folder of your downloads.";
  }

  /** The report of an assessment; `opened` when it comes from a file. */
  function reportOf(of, opened) {
    const found = tools.reckon(of);
    const title = heading("Report");
    const label = make("span", {}, of.label ? `${of.label}, ` : "");
    const field = make("input", { type: "text", id: "assess-label", maxlength: "60", autocomplete: "off", value: of.label });
    shown = { label, saved: make("p", { class: "muted", role: "status" }) };
    const notes = opened ? tools.told(of, questions) : [];
    report.replaceChildren(title,
      make("p", {}, label, when(of.date), `. ${answeredSo(found.all)}`),
      ...(notes.length ? [make("div", { class: "assess-notes" }, make("p", {}, "This file was saved with other questions."), ...notes.map((note) => make("p", {}, note)))] : []),
      picture(found, of), ...lists(found, of),
      make("div", { class: "assess-save" },
        make("p", { class: "assess-pick" }, make("label", { for: "assess-label" }, "A label, such as “Elm, autumn”. No names."), field),
        make("p", { class: "assess-buttons" }, button("Save to a file", () => save(of, field), false), button("Print", () => window.print()),
          ...(opened ? [] : [button("Change my answers", () => go(0))]), button("Back to the beginning", () => { begin(); first.focus(); })),
        shown.saved),
      heading("Every part and element", 1), numbers(found, of));
    show("report");
    focus(title);
  }

  opener.addEventListener("change", async () => {
    const [file] = await tools.readAll(opener.files);
    opener.value = "";
    if (!file) return;
    if (file.fault) complain(`${file.file}: ${file.fault}`);
    else reportOf(file.assessment, true);
  });
  several.addEventListener("change", async () => {
    const chosen = [...several.files];
    several.value = "";
    if (!chosen.length) return;
    show("compare");
    await comparison.open(chosen);
    focus(comparison.screen.querySelector("[tabindex]"));
  });
  root.addEventListener("change", (event) => {
    if (event.target === longer || inputs.includes(event.target)) {
      tally();
      keep();
    }
  });

  for (const section of sections) section.querySelector("[tabindex]").setAttribute("aria-describedby", line.id);
  const comparison = tools.comparison(questions, level, () => { begin(); first.focus(); });
  sections[sections.length - 1].after(turns, report, comparison.screen);
  about.before(start, alert, bar);
  at = restore();
  begin();
  /* Some browsers put boxes back as they were when the page was left, after this has run. */
  window.addEventListener("pageshow", () => {
    if (root.dataset.state !== "start") return;
    at = restore();
    begin();
  });
})();
