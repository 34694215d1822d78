/* Show an exemplar as slides, for a staff meeting: one picture, group of quotes or set of questions at a
   time, students first and the teacher's moves last. The page's own parts move onto the slide and back
   again, so that a picture that is loaded stays loaded when the network goes. */
(() => {
  "use strict";

  const lead = document.querySelector('.record-lead[data-type="exemplar"]');
  const title = document.querySelector("main h1");
  if (!lead || !title || typeof HTMLDialogElement !== "function") return;

  /** As much text as a slide holds, in letters. */
  const FULL = 480;

  /** An element with attributes and children; strings become text. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const words = (heading) => {
    const copy = heading.cloneNode(true);
    copy.querySelector(".headerlink")?.remove();
    return copy.textContent.trim();
  };
  const top = title.closest("section");
  const name = words(title);

  /* ---- The slides, each a heading and the parts of the page that it shows ---- */

  const WHOLE = "figure, .annotated, .clip, .table-box, .pst-scrollable-table-container, table, ol, ul";

  /** Parts of a section, one slide after another; `room` is the section's own name. */
  function slidesOf(section, room, heading = room, level = 2) {
    const found = [];
    let open = null;
    const begin = (kind) => {
      open = { room, heading, level, parts: [], kind, letters: 0 };
      found.push(open);
    };
    for (const part of section.children) {
      if (part.matches("h1, h2, h3, h4, h5, h6")) continue;
      if (part.matches("section")) {
        found.push(...slidesOf(part, room, words(part.querySelector("h3, h4, h5, h6")), level + 1));
        open = null;
        continue;
      }
      const kind = part.matches(WHOLE) ? "whole" : part.matches("blockquote") ? "quotes" : "text";
      const letters = part.textContent.trim().length;
      /* The list below a picture speaks of it: they stay together. */
      const belongs = open?.pictured && part.matches("ol, ul");
      const full = kind === "whole" ? open?.letters > FULL / 2 : open?.letters + letters > FULL;
      if (!open || (!belongs && (open.kind === "whole" || full))) begin(kind);
      if (kind === "whole") {
        open.kind = "whole";
        open.pictured = part.matches("figure");
      }
      open.parts.push(part);
      open.letters += letters;
    }
    return found;
  }

  function slides() {
    const sections = [...top.querySelectorAll(":scope > section")]
      .filter((section) => section.querySelector(":scope > h2") && !section.matches(".used-in"));
    const order = [
      ...sections.filter((section) => !section.matches(".part-teacher")),
      ...sections.filter((section) => section.matches(".part-teacher")),
    ];
    const first = { room: "", heading: name, level: 2, parts: [...lead.querySelectorAll(":scope > .lead")], kind: "text" };
    return [first, ...order.flatMap((section) => slidesOf(section, words(section.querySelector(":scope > h2"))))];
  }

  class Show {
    constructor() {
      this.at = 0;
      this.where = make("p", { class: "slides-where" });
      this.count = make("p", { class: "slides-count" });
      this.close = make("button", { type: "button", class: "btn btn--quiet" }, "Close");
      this.heading = make("div", { class: "slides-title", role: "heading", tabindex: "-1", id: "slides-title" });
      this.body = make("div", { class: "slides-body" });
      this.stage = make("div", { class: "slides-stage", tabindex: "0", role: "group", "aria-labelledby": "slides-title" },
        this.heading, this.body);
      this.back = make("button", { type: "button", class: "slides-turn slides-turn--back", "aria-label": "Back" });
      this.on = make("button", { type: "button", class: "slides-turn slides-turn--on", "aria-label": "Next" });
      this.dialog = make("dialog", { class: "slides", "aria-label": `Slides: ${name}` },
        make("div", { class: "slides-top" }, this.where, this.count, this.close),
        this.back, this.stage, this.on);
      document.body.append(this.dialog);
      this.listen();
    }

    listen() {
      this.close.addEventListener("click", () => this.dialog.close());
      this.back.addEventListener("click", () => this.go(this.at - 1));
      this.on.addEventListener("click", () => this.go(this.at + 1));
      /* On the document: after a link within the slide was followed, the focus is on no element. */
      document.addEventListener("keydown", (event) => this.dialog.open && this.key(event));
      this.dialog.addEventListener("close", () => this.leave());
      this.stage.addEventListener("touchstart", (event) => {
        const touch = event.touches.length === 1 && !event.target.closest("video") ? event.touches[0] : null;
        this.from = touch && { x: touch.clientX, y: touch.clientY };
      }, { passive: true });
      this.stage.addEventListener("touchend", (event) => {
        if (!this.from) return;
        const { clientX, clientY } = event.changedTouches[0];
        const across = clientX - this.from.x;
        if (Math.abs(across) > 50 && Math.abs(across) > 1.5 * Math.abs(clientY - this.from.y)) {
          this.go(this.at + (across < 0 ? 1 : -1));
        }
        this.from = null;
      }, { passive: true });
      document.addEventListener("visibilitychange", () => {
        if (this.dialog.open && document.visibilityState === "visible") this.stayAwake();
      });
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("video")) return;
      const onControl = event.target.closest("button, a, summary");
      const steer = {
        ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1,
        " ": onControl ? 0 : event.shiftKey ? -1 : 1,
        Home: -Infinity, End: Infinity,
      }[event.key];
      if (!steer) return;
      event.preventDefault();
      this.go(this.at + steer);
    }

    start() {
      this.scrolled = scrollY;
      this.slides = slides();
      document.documentElement.classList.add("is-running");
      this.dialog.showModal();
      this.stayAwake();
      this.go(this.at);
    }

    leave() {
      this.putBack();
      document.documentElement.classList.remove("is-running");
      scrollTo({ top: this.scrolled, behavior: "instant" });
      this.lock?.release().catch(() => {});
      this.lock = null;
    }

    go(nth) {
      const last = this.slides.length - 1;
      this.at = Math.min(Math.max(nth, 0), last);
      this.putBack();
      const slide = this.slides[this.at];
      this.where.textContent = slide.room && slide.room !== slide.heading ? slide.room : slide.room ? name : "";
      this.count.textContent = `${this.at + 1} of ${last + 1}`;
      this.heading.textContent = slide.heading;
      this.heading.setAttribute("aria-level", slide.level);
      this.places = slide.parts.map((part) => {
        const place = document.createComment("");
        part.before(place);
        return [place, part];
      });
      this.body.className = `slides-body slides-body--${slide.kind}`;
      this.body.append(...slide.parts);
      for (const image of this.body.querySelectorAll("picture img")) {
        const frame = image.closest(".annotated-frame") || image.parentElement;
        frame.style.setProperty("--shape", image.getAttribute("width") / image.getAttribute("height"));
      }
      this.back.disabled = this.at === 0;
      this.on.disabled = this.at === last;
      this.stage.scrollTop = 0;
      this.heading.focus();
    }

    /** Every part goes back to its place in the page. */
    putBack() {
      for (const video of this.body.querySelectorAll("video")) video.pause();
      for (const frame of this.body.querySelectorAll("[style]")) frame.removeAttribute("style");
      for (const [place, part] of this.places || []) place.replaceWith(part);
      this.places = [];
    }

    async stayAwake() {
      try {
        this.lock = await navigator.wakeLock?.request("screen");
      } catch { /* the browser decides; the slides show all the same */ }
    }
  }

  const button = make("button", { type: "button", class: "btn" }, "Show as slides");
  let show = null;
  button.addEventListener("click", () => {
    show ||= new Show();
    show.start();
  });
  lead.querySelector(".record-actions").prepend(make("p", { class: "slides-start" }, button,
    make("span", { class: "muted" }, "For a staff meeting: the students’ work first, the teacher’s moves last")));

  /* Slides must go on when the network goes: no picture of them waits to be scrolled to. */
  window.addEventListener("load", () => {
    for (const picture of top.querySelectorAll('img[loading="lazy"]')) picture.loading = "eager";
  });
})();
