/* Run a protocol: its steps one at a time on the whole screen, with a timer, and a sheet of notes at
   the end. Everything it needs is on the page, so that it goes on when the network goes. */
(() => {
  "use strict";

  const list = document.querySelector("ol.steps");
  if (!list || typeof HTMLDialogElement !== "function") return;

  /** An element with attributes and children; strings become text. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const title = (document.querySelector("main h1")?.textContent || document.title)
    .replace(/#\s*$/, "").trim();
  const steps = [...list.querySelectorAll(":scope > .step")].map((step) => {
    const heading = step.querySelector(".step-title").cloneNode(true);
    heading.querySelector(".headerlink")?.remove();
    const body = step.querySelector(".step-body").cloneNode(true);
    body.querySelector(".step-title").remove();
    body.querySelector(".step-cue")?.remove();
    for (const named of body.querySelectorAll("[id]")) named.removeAttribute("id");
    return {
      title: heading.textContent.trim(),
      seconds: Number(step.dataset.minutes) * 60,
      cue: step.querySelector(".step-cue")?.textContent.trim() || "",
      body,
    };
  });
  const total = steps.reduce((sum, step) => sum + step.seconds, 0);
  const KEPT = `run:${location.pathname}`;

  /* ---- What a run remembers, also over a reload: in this tab only ---- */

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) || {};
    } catch {
      return {};
    }
  }

  function keep(notes) {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ notes }));
    } catch { /* storage is blocked: the notes hold for this page */ }
  }

  const minutes = (seconds) => {
    const whole = Math.abs(Math.ceil(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };

  class Run {
    constructor() {
      this.at = 0;
      this.notes = steps.map((_, nth) => kept().notes?.[nth] || "");
      this.notes.push(kept().notes?.[steps.length] || "");
      this.build();
    }

    build() {
      this.where = make("p", { class: "run-where" });
      this.close = make("button", { type: "button", class: "btn btn--quiet run-close" }, "Close");
      this.heading = make("h2", { class: "run-title", tabindex: "-1", id: "run-title" });
      this.cue = make("p", { class: "run-cue" });
      this.clock = make("p", { class: "run-clock", role: "timer" });
      this.bar = make("progress", { class: "run-bar", max: String(total), "aria-label": "Of the whole protocol" });
      this.text = make("div", { class: "run-text" });
      this.next = make("p", { class: "run-next muted" });
      this.said = make("p", { class: "visually-hidden", role: "status" });
      this.note = make("textarea", { class: "run-note", rows: "2", id: "run-note" });
      this.noteBox = make("div", { class: "run-note-box" },
        make("label", { for: "run-note" }, "Notes on this step"), this.note);
      this.sheet = make("div", { class: "run-sheet", hidden: "" });
      this.back = make("button", { type: "button", class: "btn btn--quiet" }, "Back");
      this.pause = make("button", { type: "button", class: "btn btn--quiet" }, "Pause");
      this.more = make("button", { type: "button", class: "btn btn--quiet" }, "+1 minute");
      this.on = make("button", { type: "button", class: "btn" }, "Next step");
      this.keys = make("p", { class: "run-keys muted" }, "Keys: space pauses, arrows change the step, Escape closes.");
      this.stage = make("div", { class: "run-stage" },
        this.heading, this.cue, this.clock, this.text, this.noteBox, this.next);
      this.tools = make("div", { class: "run-tools" }, this.back, this.pause, this.more, this.on);
      this.dialog = make("dialog", { class: "run", "aria-labelledby": "run-title" },
        make("div", { class: "run-top" }, this.where, this.close), this.bar,
        this.stage, this.sheet, this.tools, this.keys, this.said);
      document.body.append(this.dialog);
      this.listen();
    }

    listen() {
      this.close.addEventListener("click", () => this.dialog.close());
      this.back.addEventListener("click", () => this.go(this.at - 1));
      this.on.addEventListener("click", () => this.go(this.at + 1));
      this.pause.addEventListener("click", () => this.toggle());
      this.more.addEventListener("click", () => this.add(60));
      this.note.addEventListener("input", () => {
        this.notes[this.at] = this.note.value;
        keep(this.notes);
      });
      this.dialog.addEventListener("keydown", (event) => this.key(event));
      this.dialog.addEventListener("close", () => {
        this.stop();
        this.release();
        document.documentElement.classList.remove("is-running");
      });
      document.addEventListener("visibilitychange", () => {
        if (this.dialog.open && document.visibilityState === "visible") {
          this.stayAwake();
          this.tick();
        }
      });
    }

    key(event) {
      if (event.target.closest("textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
      const steer = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 }[event.key];
      if (steer) {
        event.preventDefault();
        this.go(this.at + steer);
      } else if (event.key === " " && !event.target.closest("button")) {
        event.preventDefault();
        this.toggle();
      }
    }

    start() {
      document.documentElement.classList.add("is-running");
      this.dialog.showModal();
      this.stayAwake();
      this.go(this.at < steps.length ? this.at : 0);
    }

    /* ---- Steps ---- */

    go(nth) {
      if (nth < 0) return;
      this.at = Math.min(nth, steps.length);
      const done = this.at === steps.length;
      this.stage.hidden = done;
      this.sheet.hidden = !done;
      for (const part of [this.pause, this.more, this.keys]) part.hidden = done;
      this.back.disabled = this.at === 0;
      this.on.hidden = done;
      if (done) this.showSheet();
      else this.showStep();
    }

    showStep() {
      const step = steps[this.at];
      const after = steps[this.at + 1];
      this.where.textContent = `${title}: step ${this.at + 1} of ${steps.length}`;
      this.heading.textContent = step.title;
      this.cue.textContent = step.cue;
      this.cue.hidden = !step.cue;
      this.text.replaceChildren(...[...step.body.childNodes].map((node) => node.cloneNode(true)));
      this.note.value = this.notes[this.at];
      this.next.textContent = after
        ? `Next: ${after.title}, ${after.seconds / 60} min`
        : "This is the last step.";
      this.on.textContent = after ? "Next step" : "Finish";
      this.left = step.seconds;
      this.warned = new Set();
      this.play();
      this.heading.focus();
    }

    /* ---- Time: counted by the clock, so that a sleeping tab loses nothing ---- */

    play() {
      this.end = performance.now() + this.left * 1000;
      this.paused = false;
      this.pause.textContent = "Pause";
      clearInterval(this.timer);
      this.timer = setInterval(() => this.tick(), 250);
      this.tick();
    }

    stop() {
      if (this.paused) return;
      this.left = (this.end - performance.now()) / 1000;
      clearInterval(this.timer);
      this.paused = true;
      this.pause.textContent = "Go on";
    }

    toggle() {
      if (this.at === steps.length) return;
      if (this.paused) this.play();
      else this.stop();
      this.say(this.paused ? "Paused" : "Going on");
    }

    add(seconds) {
      if (this.paused) this.left += seconds;
      else this.end += seconds * 1000;
      this.warned.clear();
      this.tick();
    }

    tick() {
      if (!this.paused) this.left = (this.end - performance.now()) / 1000;
      const over = this.left <= 0;
      this.clock.textContent = over ? `${minutes(this.left)} over` : minutes(this.left);
      this.clock.classList.toggle("is-over", over);
      const before = steps.slice(0, this.at).reduce((sum, step) => sum + step.seconds, 0);
      const spent = steps[this.at].seconds - Math.max(0, this.left);
      this.bar.value = before + Math.max(0, Math.min(spent, steps[this.at].seconds));
      if (over) this.warn("over", "Time is up for this step");
      else if (this.left <= 60 && steps[this.at].seconds > 60) this.warn("one", "One minute left");
    }

    warn(name, words) {
      if (this.warned.has(name)) return;
      this.warned.add(name);
      this.say(words);
      if (name === "over") navigator.vibrate?.(200);
    }

    say(words) {
      this.said.textContent = words;
    }

    async stayAwake() {
      try {
        this.lock = await navigator.wakeLock?.request("screen");
      } catch { /* the browser decides; the timer runs all the same */ }
    }

    release() {
      this.lock?.release().catch(() => {});
      this.lock = null;
    }

    /* ---- The sheet of notes ---- */

    showSheet() {
      this.stop();
      this.bar.value = total;
      this.where.textContent = `${title}: notes`;
      const fields = [...steps.map((step) => step.title), "What we do next, who and by when"].map((name, nth) => {
        const field = make("textarea", { rows: "3", id: `run-note-${nth}` });
        field.value = this.notes[nth];
        field.addEventListener("input", () => {
          this.notes[nth] = field.value;
          keep(this.notes);
        });
        /* Paper shows a text area's first lines only: the words stand beside it for printing. */
        return make("div", { class: "run-sheet-part" },
          make("label", { for: field.id }, name), field, make("p", { class: "run-paper" }));
      });
      const copy = make("button", { type: "button", class: "btn" }, "Copy the notes");
      copy.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(this.asText());
          copy.textContent = "Copied";
          this.say("Notes copied");
        } catch {
          this.say("Copying is not allowed in this browser. Print the notes, or select them.");
        }
        setTimeout(() => { copy.textContent = "Copy the notes"; }, 2500);
      });
      const print = make("button", { type: "button", class: "btn btn--quiet" }, "Print");
      print.addEventListener("click", () => window.print());
      const empty = make("button", { type: "button", class: "btn btn--quiet" }, "Empty the sheet");
      let asked = false;
      empty.addEventListener("click", () => {
        if (!asked) {
          asked = true;
          empty.textContent = "Empty it for good?";
          setTimeout(() => { asked = false; empty.textContent = "Empty the sheet"; }, 4000);
          return;
        }
        this.notes.fill("");
        keep(this.notes);
        this.showSheet();
      });
      const heading = make("h2", { class: "run-title", tabindex: "-1" }, `Notes: ${title}`);
      this.sheet.replaceChildren(heading,
        make("p", { class: "muted" }, "These notes are on this device only. Copy or print them before you close the page."),
        make("p", { class: "run-sheet-tools" }, copy, print, empty), ...fields);
      heading.focus();
    }

    asText() {
      const names = [...steps.map((step) => step.title), "What we do next, who and by when"];
      const parts = names.map((name, nth) => `${name}\n${this.notes[nth].trim() || "–"}`);
      return [title, location.href.split("#")[0], "", parts.join("\n\n")].join("\n");
    }
  }

  const button = make("button", { type: "button", class: "btn" }, "Run it");
  let run = null;
  button.addEventListener("click", () => {
    run ||= new Run();
    run.start();
  });
  const count = steps.length === 1 ? "1 step" : `${steps.length} steps`;
  const start = make("p", { class: "run-start" }, button,
    make("span", { class: "muted" }, `${total / 60} minutes, ${count}, with a timer`));
  const actions = document.querySelector(".record-lead .record-actions");
  if (actions) actions.prepend(start);
  else list.before(start);

  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll(".run-sheet-part")) {
      part.querySelector(".run-paper").textContent = part.querySelector("textarea").value;
    }
  });
})();
