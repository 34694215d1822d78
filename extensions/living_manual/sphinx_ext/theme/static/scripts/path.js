/* A path for newcomers: the boxes work by themselves; this keeps what is ticked, in this browser only, and
   says how far the reader is and what comes next. */
(() => {
  "use strict";

  const path = document.querySelector("[data-path-ticks]");
  const steps = [...document.querySelectorAll(".path-step")].map((item) => ({
    anchor: item.id,
    box: item.querySelector(".path-tick"),
    title: item.querySelector(".path-title > span").textContent,
    minutes: Number(item.dataset.minutes),
    stage: item.closest("section")?.querySelector(":scope > .path-stage"),
  }));
  if (!path || !steps.length) return;
  const KEPT = `path:${path.dataset.pathTicks}`;

  /** An element with attributes and children; strings become text. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function say(minutes) {
    if (minutes < 90) return `${minutes} minute${minutes === 1 ? "" : "s"}`;
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ""}`;
  }

  let kept = true;

  /** The anchors of the steps that were ticked; nothing when storage is blocked or holds something else. */
  function read() {
    try {
      const found = JSON.parse(localStorage.getItem(KEPT));
      return new Set(Array.isArray(found) ? found : []);
    } catch {
      return new Set();
    }
  }

  function keep() {
    const ticked = steps.filter((step) => step.box.checked).map((step) => step.anchor);
    try {
      if (ticked.length) localStorage.setItem(KEPT, JSON.stringify(ticked));
      else localStorage.removeItem(KEPT);
    } catch {
      kept = false;
    }
  }

  const bar = make("progress", { class: "path-tool", max: String(steps.length), "aria-label": "Steps done" });
  const line = make("p", { class: "path-tool path-line", role: "status" });
  const next = make("p", { class: "path-tool path-next" });
  const print = make("button", { type: "button", class: "btn btn--quiet" }, "Print");
  const clear = make("button", { type: "button", class: "btn btn--quiet" }, "Clear my ticks");
  const note = make("p", { class: "path-tool path-note muted" });
  path.append(note);
  (path.querySelector(".downloads") || note).before(
    bar, line, next, make("p", { class: "path-tool path-buttons" }, print, clear));
  const counts = new Map();
  for (const step of steps) {
    if (!step.stage || counts.has(step.stage)) continue;
    const count = make("span", { class: "path-tool path-count" });
    step.stage.append(count);
    counts.set(step.stage, count);
  }

  function draw() {
    const left = steps.filter((step) => !step.box.checked);
    const done = steps.length - left.length;
    const first = left[0];
    bar.value = done;
    line.textContent = first
      ? `${done} of ${steps.length} done, ${say(left.reduce((sum, step) => sum + step.minutes, 0))} to go`
      : `All ${steps.length} steps done`;
    next.replaceChildren(...(first
      ? [done ? "Next: " : "Begin with: ", make("a", { href: `#${first.anchor}` }, first.title), ` (${first.minutes} min)`]
      : []));
    next.hidden = !first;
    clear.hidden = !done;
    note.textContent = kept
      ? "Your ticks stay in this browser. Nobody else sees them."
      : "This browser keeps nothing: your ticks last as long as this page is open. You can print them.";
    for (const [stage, count] of counts) {
      const here = steps.filter((step) => step.stage === stage);
      const ticked = here.filter((step) => step.box.checked).length;
      count.textContent = ticked === here.length ? " · all done" : ticked ? ` · ${ticked} done` : "";
    }
  }

  function show() {
    const ticked = read();
    for (const step of steps) step.box.checked = ticked.has(step.anchor);
    draw();
  }

  for (const step of steps) {
    step.box.addEventListener("change", () => {
      keep();
      draw();
    });
  }
  print.addEventListener("click", () => window.print());
  let asked;
  clear.addEventListener("click", () => {
    const sure = asked !== undefined;
    clearTimeout(asked);
    asked = undefined;
    clear.textContent = "Clear my ticks";
    if (!sure) {
      clear.textContent = "Clear all my ticks for good?";
      asked = setTimeout(() => {
        asked = undefined;
        clear.textContent = "Clear my ticks";
      }, 4000);
      return;
    }
    for (const step of steps) step.box.checked = false;
    keep();
    draw();
    print.focus();
  });
  /* The same path in another tab. */
  window.addEventListener("storage", (event) => {
    if (event.key === KEPT || event.key === null) show();
  });
  try {
    localStorage.getItem(KEPT);
  } catch {
    kept = false;
  }
  show();
  /* Some browsers put boxes back as they were when the page was left, after this has run. */
  window.addEventListener("pageshow", show);
})();
