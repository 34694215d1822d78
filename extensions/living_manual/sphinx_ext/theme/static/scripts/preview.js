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

  /* ---- The panel ---- */

  const STYLE = `
    :host { position: fixed; inset: auto 0 0 auto; z-index: 1000; max-width: 100vw; }
    @media print { :host { display: none; } }
    section { box-sizing: border-box; margin: 0.75rem; width: min(32rem, calc(100vw - 1.5rem));
      font: 1rem/1.45 var(--text-face, system-ui, sans-serif); color: var(--text, #1d2a33);
      background: var(--surface, #fff); border: 1px solid var(--control-line, #6b7880);
      border-radius: 0.625rem; box-shadow: 0 4px 24px rgb(0 0 0 / 0.2); }
    section.is-good { width: fit-content; margin-left: auto; }
    summary { cursor: pointer; padding: 0.6rem 0.9rem; min-height: 1.6rem; font-weight: 600; border-radius: 0.625rem; }
    summary:focus-visible { outline: 3px solid var(--brand, #0b5a6b); outline-offset: 2px; }
    summary small { font-size: 0.875rem; font-weight: 400; color: var(--muted, #51606b); }
    .list { margin: 0; padding: 0 0.9rem 0.75rem; max-height: 45vh; overflow: auto; }
    .list:focus-visible { outline: 3px solid var(--brand, #0b5a6b); outline-offset: -3px; }
    h2 { margin: 0.6rem 0 0.25rem; font: 600 0.9375rem/1.4 var(--text-face, system-ui, sans-serif); }
    ul { margin: 0; padding: 0; list-style: none; }
    li { padding: 0.5rem 0; border-top: 1px solid var(--line, #d9d5cc); overflow-wrap: anywhere; }
    p { margin: 0; }
    a, code { color: var(--brand, #0b5a6b); font: 0.875rem/1.4 var(--code-face, monospace); }
    .fix { color: var(--muted, #51606b); }
    .error { color: var(--gap, #a3281f); font-weight: 600; }
    .warning { color: var(--accent, #8a4b08); font-weight: 600; }
    .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  `;

  const host = make("div", { id: "manual-preview" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const count = make("span");
  const note = make("small");
  const list = make("div", { class: "list", tabindex: "0", role: "group", "aria-label": "What there is to mend" });
  const fold = make("details", {}, make("summary", {}, count, " ", note), list);
  const said = make("p", { class: "said", role: "status", "aria-live": "polite" });
  const panel = make("section", { "aria-label": "Preview" }, fold, said);
  root.append(panel);

  const say = (text) => { said.textContent = ""; setTimeout(() => { said.textContent = text; }, 50); };

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

  let last = null;
  function show(state) {
    note.textContent = state.busy ? "building …" : state.kept ? "the last good pages are shown" : "";
    if (state.busy && last) return;
    const key = JSON.stringify([state.findings, state.kept]);
    if (key === last) return;
    const first = last === null;
    last = key;
    const here = state.findings.filter((found) => found.page === page);
    const elsewhere = state.findings.filter((found) => found.page !== page);
    count.textContent = state.counts;
    list.replaceChildren(...group("On this page", here), ...group(here.length ? "Elsewhere" : "To mend", elsewhere));
    panel.classList.toggle("is-good", !state.findings.length);
    fold.hidden = false;
    if (!state.findings.length) fold.open = false;
    else if (state.findings.some((found) => found.severity === "error")) fold.open = true;
    list.hidden = !state.findings.length;
    if (!first || state.findings.length) say(`Preview: ${state.counts}${state.kept ? "; the last good pages are shown" : ""}`);
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
    const inView = [...main.querySelectorAll("[id]")].find((element) => element.getBoundingClientRect().bottom > 0);
    return inView && scrollY ? { id: inView.id, top: inView.getBoundingClientRect().top } : null;
  }

  const folds = (main) => [...main.querySelectorAll("details")].map((fold, nth) => [fold.closest("[id]")?.id || `#${nth}`, fold]);

  let shownAt = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart || 0);
  let turn = 0;

  async function refresh() {
    const mine = ++turn;
    const asked = Date.now();
    const answer = await fetch(location.pathname, { cache: "no-cache" });
    if (mine !== turn) return; /* a newer one is on its way */
    if (!answer.ok) return;
    const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = document.querySelector("main");
    const fresh = doc.querySelector("main");
    if (mine !== turn) return;
    shownAt = asked;
    if (!main || !fresh || frame(doc) !== framed || fresh.querySelector("[data-search-inline], [data-search-page]")) {
      location.reload();
      return;
    }
    const kept = anchor(main);
    const open = new Map(folds(main).map(([id, fold]) => [id, fold.open]));
    const focused = main.contains(document.activeElement) && document.activeElement.id;
    main.replaceChildren(...fresh.childNodes);
    for (const [id, fold] of folds(main)) if (open.has(id)) fold.open = open.get(id);
    document.title = doc.title;
    for (const meta of doc.querySelectorAll("head meta[name]")) {
      const old = document.head.querySelector(`meta[name="${CSS.escape(meta.name)}"]`);
      if (old) old.content = meta.content;
    }
    const there = kept && document.getElementById(kept.id);
    if (there) scrollBy({ top: there.getBoundingClientRect().top - kept.top, behavior: "instant" });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("manual:content"));
    say("The page shows your change");
  }

  /* ---- What the preview tells ---- */

  function listen() {
    const events = new EventSource(`/_preview/events?page=${encodeURIComponent(page)}`);
    const on = (name, handle) => events.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    on("hello", (state) => {
      show(state);
      if (state.at > shownAt) refresh();
    });
    on("state", show);
    on("pages", ({ pages }) => { if (pages.includes(page)) refresh(); });
    events.addEventListener("error", () => { note.textContent = "the preview has stopped"; });
    addEventListener("pagehide", () => events.close());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  document.body.append(host);
  listen();
})();
