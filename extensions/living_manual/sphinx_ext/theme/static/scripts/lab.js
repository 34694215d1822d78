/* The meaning lab: sentences of the people in the room, put beside the meanings that people bring.
   Nothing leaves the browser; the sentences are kept for this tab, over a reload. */
(() => {
  "use strict";

  const lab = document.querySelector("[data-meaning-lab]");
  if (!lab) return;

  /** An element with attributes and children; strings become text. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const word = (document.querySelector("main h1")?.textContent || "").replace(/#\s*$/, "").trim();
  const settled = document.querySelector(".record-lead .lead")?.textContent.trim() || "";
  const above = lab.parentElement.querySelector(":scope > ul");
  const meanings = [...(above?.children || [])].map((item) => item.textContent.trim());
  const OTHER = meanings.length;
  const names = [...meanings, "Something else"];
  const KEPT = `lab:${location.pathname}`;

  let said = [];
  try {
    said = JSON.parse(sessionStorage.getItem(KEPT)) || [];
  } catch { /* storage is blocked: the sentences hold for this page */ }

  function keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(said));
    } catch { /* as above */ }
  }

  const field = make("textarea", { id: "lab-field", rows: "2" });
  const add = make("button", { type: "submit", class: "btn" }, "Add the sentence");
  const form = make("form", { class: "lab-form" },
    make("label", { for: "lab-field" }, `What does “${word}” mean to you?`), field, add);
  const status = make("p", { class: "visually-hidden", role: "status" });
  const spread = make("div", { class: "lab-spread" });
  const show = make("button", { type: "button", class: "btn btn--quiet", "aria-expanded": "false" }, "Show the settled meaning");
  const meaning = make("blockquote", { class: "lab-settled", hidden: "" },
    make("p", {}, make("strong", {}, "What we use here: "), settled));
  const print = make("button", { type: "button", class: "btn btn--quiet" }, "Print");
  const empty = make("button", { type: "button", class: "btn btn--quiet" }, "Take all away");
  const tools = make("p", { class: "lab-tools" }, show, print, empty);
  lab.append(make("div", { class: "lab-tool" }, form, spread, tools, meaning,
    make("p", { class: "muted" }, "The sentences stay on this device."), status));

  function choice(entry, nth) {
    const select = make("select", { id: `lab-${nth}` });
    names.forEach((name, place) => {
      const short = name.length > 60 ? `${name.slice(0, 57)}…` : name;
      const option = make("option", { value: String(place) }, short);
      option.selected = place === entry.at;
      select.append(option);
    });
    select.addEventListener("change", () => {
      entry.at = Number(select.value);
      keep();
      draw();
      document.getElementById(`lab-${nth}`)?.focus();
    });
    const gone = make("button", { type: "button", class: "btn btn--quiet lab-gone" }, "Take away");
    gone.setAttribute("aria-label", `Take away: ${entry.words}`);
    gone.addEventListener("click", () => {
      said.splice(said.indexOf(entry), 1);
      keep();
      draw();
      field.focus();
    });
    return make("li", { class: "lab-sentence" },
      make("p", {}, entry.words),
      make("label", { for: `lab-${nth}`, class: "muted" }, "Nearest to"), select, gone);
  }

  /** Each meaning with its sentences; those without any only when somebody has written. */
  function draw() {
    spread.replaceChildren();
    tools.hidden = !said.length;
    if (!said.length) meaning.hidden = true;
    names.forEach((name, place) => {
      const here = said.filter((entry) => entry.at === place);
      if (!said.length || (place === OTHER && !here.length)) return;
      const count = here.length === 1 ? "1 sentence" : `${here.length} sentences`;
      const bar = make("meter", { min: "0", max: String(said.length), value: String(here.length) });
      bar.setAttribute("aria-label", `${count} of ${said.length}`);
      spread.append(make("section", { class: "lab-meaning" },
        make("p", { class: "lab-name" }, name),
        make("p", { class: "lab-count" }, bar, ` ${count}`),
        make("ul", {}, ...here.map((entry) => choice(entry, said.indexOf(entry))))));
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = field.value.trim();
    if (!words) return;
    said.push({ words, at: OTHER });
    field.value = "";
    keep();
    draw();
    status.textContent = "Added. Choose the meaning that it is nearest to.";
    document.getElementById(`lab-${said.length - 1}`)?.focus();
  });
  show.addEventListener("click", () => {
    meaning.hidden = !meaning.hidden;
    show.textContent = meaning.hidden ? "Show the settled meaning" : "Hide the settled meaning";
    show.setAttribute("aria-expanded", String(!meaning.hidden));
  });
  print.addEventListener("click", () => window.print());
  let asked = false;
  empty.addEventListener("click", () => {
    if (!asked) {
      asked = true;
      empty.textContent = "Take all away for good?";
      setTimeout(() => { asked = false; empty.textContent = "Take all away"; }, 4000);
      return;
    }
    asked = false;
    empty.textContent = "Take all away";
    said = [];
    keep();
    draw();
  });
  draw();
})();
