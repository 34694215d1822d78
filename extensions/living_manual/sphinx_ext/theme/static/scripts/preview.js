/* Only in `manual preview`, never in a published site: shows each save without loading the page anew,
   and what there is to mend. The panel lives in a shadow root, so that neither the page's styles nor
   the panel's reach the other. */
(() => {
  "use strict";

  const page = decodeURIComponent(location.pathname).replace(/^\/+/, "").replace(/\/$/, "/index").replace(/\.html$/, "") || "index";
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const sheet = (text) => {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    return made;
  };

  /* ---- The panel ---- */

  /* The page's own tokens, and what to do on a page that has no style sheet yet. */
  const STYLE = `
    :host { position: fixed; inset: auto 0 0 auto; z-index: 1000; }
    @media print { :host { display: none; } }
    section { box-sizing: border-box; margin: 0.75rem; width: min(34rem, 100vw - 1.5rem);
      font: 1rem/1.5 var(--text-face, system-ui, sans-serif); color: var(--text, #1d2a33);
      background: var(--surface, #fff); border: 1px solid var(--control-line, #6b7880);
      border-radius: var(--round, 0.625rem); box-shadow: 0 4px 24px rgb(0 0 0 / 0.2); }
    section.is-folded { width: fit-content; margin-left: auto; }
    summary { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.5rem; box-sizing: border-box; cursor: pointer;
      list-style: none; min-height: var(--target, 2.75rem); padding: 0.25rem 0.9rem; font-weight: 600;
      border-radius: inherit; }
    summary::-webkit-details-marker { display: none; }
    summary::before { content: ""; width: 0.5rem; height: 0.5rem; border: solid var(--muted, #51606b);
      border-width: 0 2px 2px 0; rotate: -135deg; translate: 0 0.1rem; }
    details[open] summary::before { rotate: 45deg; translate: 0 -0.15rem; }
    .nothing summary { cursor: default; }
    .nothing summary::before { content: none; }
    small { font-size: 0.9375rem; font-weight: 400; color: var(--muted, #51606b); }
    .list { padding: 0 0.9rem 0.6rem; max-height: min(40vh, 28rem); overflow: auto; overscroll-behavior: contain; }
    summary:focus-visible, .list:focus-visible, a:focus-visible {
      outline: var(--ring, 3px) solid var(--brand, #0b5a6b); outline-offset: -2px; }
    h2 { margin: 0.5rem 0 0.35rem; font: 600 0.9375rem/1.4 var(--text-face, system-ui, sans-serif); color: var(--muted, #51606b); }
    ul { margin: 0; padding: 0; list-style: none; }
    li { padding: 0.6rem 0; border-top: 1px solid var(--line, #d9d5cc); overflow-wrap: anywhere; }
    p { margin: 0; }
    a, code { color: var(--brand, #0b5a6b); font: 0.875rem/1.5 var(--code-face, monospace); }
    .fix { color: var(--muted, #51606b); }
    .error { color: var(--gap, #a3281f); font-weight: 600; }
    .warning { color: var(--accent, #8a4b08); font-weight: 600; }
    .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  `;

  const host = make("div", { id: "manual-preview" });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(STYLE)];
  const count = make("span");
  const note = make("small");
  const list = make("div", { class: "list", tabindex: "0", role: "group", "aria-label": "What there is to mend" });
  const summary = make("summary", {}, count, note);
  const fold = make("details", {}, summary, list);
  const said = make("p", { class: "said", role: "status" });
  const panel = make("section", { "aria-label": "Preview" }, fold, said);
  root.append(panel);

  const say = (text) => { said.textContent = ""; setTimeout(() => { said.textContent = text; }, 50); };
  const folded = () => panel.classList.toggle("is-folded", !fold.open);
  fold.addEventListener("toggle", folded);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !fold.open) return;
    fold.open = false;
    summary.focus();
  });
  summary.addEventListener("click", (event) => { if (!list.childElementCount) event.preventDefault(); });

  /* The end of the page can be scrolled clear of the panel. */
  const room = sheet("");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, room];
  new ResizeObserver(() => {
    room.replaceSync(`@media screen { body { padding-bottom: ${Math.ceil(host.offsetHeight)}px; } }`);
  }).observe(panel);

  function item(found) {
    const line = make("p", {}, make("span", { class: found.severity }, found.severity === "error" ? "Error" : "Warning"));
    if (found.place) {
      const place = found.page === page || !found.page ? make("code") : make("a", { href: `/${encodeURI(found.page)}.html` });
      place.textContent = found.place;
      line.append(" ", place);
    }
    return make("li", {}, line, make("p", {}, found.message), make("p", { class: "fix" }, found.fix));
  }

  function group(title, findings) {
    if (!findings.length) return [];
    return [make("h2", {}, title), make("ul", {}, ...findings.map(item))];
  }

  const KEPT = "the last good pages are shown";
  let state = null;
  let known = new Set();

  function remark() {
    note.textContent = state.gone ? "this page is not there any more" : state.busy ? "building …" : state.kept ? KEPT : "";
  }

  function show(fresh) {
    const before = state;
    state = { ...fresh, gone: before?.gone };
    remark();
    if (state.busy && before) return;
    const key = (found) => JSON.stringify([found.page, found.kind, found.message]);
    const now = new Set(state.findings.map(key));
    /* It unfolds by itself for an error that was not there before, and folds when all is mended. */
    const worse = state.findings.some((found) => found.severity === "error" && !known.has(key(found)));
    const differs = now.size !== known.size || [...now].some((each) => !known.has(each)) || before?.kept !== state.kept;
    known = now;
    const here = state.findings.filter((found) => found.page === page);
    const elsewhere = state.findings.filter((found) => found.page !== page);
    count.textContent = state.counts;
    list.replaceChildren(...group("On this page", here), ...group(here.length ? "Elsewhere" : "To mend", elsewhere));
    panel.classList.toggle("nothing", !state.findings.length);
    if (!state.findings.length) fold.open = false;
    else if (worse) fold.open = true;
    folded();
    if (differs && (before || state.findings.length)) say(`Preview: ${state.counts}${state.kept ? `; ${KEPT}` : ""}`);
  }

  /* ---- Showing a page as it is now ---- */

  /* What the page is framed in; when any of it differs, only a full load is right. */
  function frame(doc) {
    const outside = [".site-header", ".site-footer"].map((part) => doc.querySelector(part)?.textContent.replace(/\s+/g, " ").trim());
    const assets = [...doc.querySelectorAll("head link[rel=stylesheet], head link[rel=preload], script[src]")]
      .map((element) => element.getAttribute("href") || element.getAttribute("src"));
    const attributes = (element) => [...element.attributes].filter(({ name }) => name !== "style").map(({ name, value }) => `${name}=${value}`);
    return JSON.stringify([outside, assets, doc.documentElement.lang, attributes(doc.body)]);
  }
  const framed = frame(document);

  /* The element that the eye is on: it stays where it is on the screen. */
  function anchor(main) {
    if (!scrollY) return null;
    const tops = [...main.querySelectorAll("[id]")].map((element) => [element.id, element.getBoundingClientRect().top]);
    const [id, top] = tops.find(([, top]) => top >= 0 && top < innerHeight) || tops.findLast(([, top]) => top < 0) || [];
    return id ? { id, top } : null;
  }

  const folds = (main) => [...main.querySelectorAll("details")].map((fold, nth) => [fold.closest("[id]")?.id || `#${nth}`, fold]);

  /* What the page's scripts have worked on, with what they add: it stays when its text is as it was. */
  const WORKED_ON = "[data-search-inline], [data-search-page], .record-id, .table-box, .pst-scrollable-table-container, pre";
  const text = (element) => (element.matches(".record-id") ? element.querySelector("code") : element).textContent;

  function unchanged(live, fresh) {
    if (live.matches("[data-search-inline], [data-search-page]")) return true;
    if (live.matches(".record-id")) return text(live) === text(fresh);
    const bare = live.cloneNode(true);
    bare.className = fresh.className;
    if (!fresh.hasAttribute("tabindex")) bare.removeAttribute("tabindex");
    return bare.isEqualNode(fresh);
  }

  function keepWorkedOn(main, fresh) {
    const there = [...main.querySelectorAll(WORKED_ON)];
    for (const element of fresh.querySelectorAll(WORKED_ON)) {
      const nth = there.findIndex((live) => live.tagName === element.tagName && unchanged(live, element));
      if (nth >= 0) element.replaceWith(there.splice(nth, 1)[0]);
    }
  }

  let shownAt = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart || 0);
  let turn = 0;

  /* A page as a document of its own. Not by DOMParser: the site's policy lets no text become HTML. */
  const load = (address) => new Promise((done) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", address);
    asked.responseType = "document";
    asked.addEventListener("load", () => done(asked));
    asked.addEventListener("error", () => done(null));
    asked.send();
  });

  async function refresh() {
    const mine = ++turn;
    const asked = Date.now();
    const answer = await load(location.pathname);
    if (!answer || mine !== turn) return; /* the preview has stopped, or a newer page is on its way */
    state.gone = answer.status === 404;
    remark();
    const doc = answer.response;
    if (answer.status !== 200 || !doc) return;
    const main = document.querySelector("main");
    const fresh = doc.querySelector("main");
    if (mine !== turn) return;
    shownAt = asked;
    if (!main || !fresh || frame(doc) !== framed) {
      location.reload();
      return;
    }
    const kept = anchor(main);
    const open = new Map(folds(main).map(([id, fold]) => [id, fold.open]));
    const focused = main.contains(document.activeElement) ? document.activeElement : null;
    keepWorkedOn(main, fresh);
    main.replaceChildren(...fresh.childNodes);
    for (const [id, fold] of folds(main)) if (open.has(id)) fold.open = open.get(id);
    document.title = doc.title;
    for (const meta of doc.querySelectorAll("head meta[name]")) {
      const old = document.head.querySelector(`meta[name="${CSS.escape(meta.name)}"]`);
      if (old) old.content = meta.content;
    }
    const there = kept && document.getElementById(kept.id);
    if (there) scrollBy({ top: there.getBoundingClientRect().top - kept.top, behavior: "instant" });
    if (focused) (focused.isConnected ? focused : document.getElementById(focused.id))?.focus({ preventScroll: true });
    say("The page shows your change");
  }

  /* ---- What the preview tells ---- */

  /* A browser holds few connections to one address open: a tab nobody sees gives its own back. */
  let events = null;
  function listen() {
    if (document.hidden || events) return;
    events = new EventSource(`/_preview/events?page=${encodeURIComponent(page)}`);
    const on = (name, handle) => events.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    on("hello", (fresh) => {
      show(fresh);
      if (fresh.at > shownAt || (state.gone && fresh.at)) refresh();
    });
    on("state", show);
    on("pages", ({ pages }) => { if (pages.includes(page)) refresh(); });
    events.addEventListener("error", () => { note.textContent = "the preview has stopped"; });
  }
  function leave() {
    events?.close();
    events = null;
  }

  document.body.append(host);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  listen();
})();
