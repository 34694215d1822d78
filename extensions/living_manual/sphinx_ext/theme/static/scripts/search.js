/* Search: one component for the dialog, the home page and the search page.
   Pagefind is loaded when the box is first used. Nothing from the index is ever read as HTML. */
(() => {
  "use strict";

  const PAGE_SIZE = 10;
  const PARTS = 3; /* actions shown of one school's plan */
  const WAIT = 160; /* milliseconds after the last key */
  const root = document.documentElement;
  const contentRoot = new URL(root.dataset.content_root || "./", location.href);

  const FILTERS = { type: "Type", audience: "For" };


  /** An element with attributes and children; strings become text. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== null) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  /* ---- Pagefind ---- */

  /* The site's policy lets no text become HTML or the address of a script (require-trusted-types-for).
     One address is let by: that of Pagefind's own worker. */
  const worker = new URL("pagefind/pagefind-worker.js", contentRoot).href;
  globalThis.trustedTypes?.createPolicy("default", {
    createScriptURL: (wanted) => (new URL(wanted, location.href).href === worker ? wanted : null),
  });

  let loading = null;
  function pagefind() {
    loading ||= (async () => {
      const index = await import(new URL("pagefind/pagefind.js", contentRoot).href);
      await index.options({ excerptLength: 24 });
      await index.init();
      return { index, filters: await index.filters() };
    })();
    loading.catch(() => { loading = null; });
    return loading;
  }

  const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&#x27;": "'", "&amp;": "&" };
  const plain = (text) => text.replace(/&(?:lt|gt|quot|#39|#x27|amp);/g, (entity) => ENTITIES[entity]);

  /** Pagefind's excerpt as text and `mark` elements; any other markup in it stays text. */
  function excerpt(text) {
    return text.split(/(<mark>.*?<\/mark>)/s).filter(Boolean).map((part) => {
      const found = /^<mark>(.*)<\/mark>$/s.exec(part);
      return found ? make("mark", {}, plain(found[1])) : plain(part);
    });
  }

  /** An address of the site; anything that would lead elsewhere leads home. */
  function address(wanted, base = contentRoot) {
    const whole = new URL(wanted, base);
    return /^(https?|file):$/.test(whole.protocol) ? whole.href : contentRoot.href;
  }

  function resultItem({ type, kind, place }, title, href, text) {
    const line = make("p", { class: "result-place" });
    if (type) line.append(make("span", { class: `chip chip--${kind || "page"}` }, type));
    if (place) line.append(make("span", { class: "muted" }, place));
    return make("li", { class: "result" },
      line.childNodes.length ? line : null,
      make("a", { class: "result-title", href }, title),
      text ? make("p", { class: "result-excerpt" }, ...excerpt(text)) : null);
  }

  const score = (part) => part.weighted_locations
    .reduce((sum, found) => sum + found.weight * found.balanced_score, 0);

  /** A result's entries: one, or for a school's plan its best actions and a line for the others. */
  function resultItems(data) {
    const { meta } = data;
    if (!meta.page) {
      const href = meta.href ? address(meta.href) : address(data.url, location.href);
      return [resultItem(meta, meta.title || data.url, href, data.excerpt)];
    }
    const page = address(meta.page);
    const parts = data.sub_results.filter((part) => part.anchor?.id).sort((a, b) => score(b) - score(a));
    if (!parts.length) return [resultItem(meta, meta.title, page, data.excerpt)];
    const items = parts.slice(0, PARTS).map((part) =>
      resultItem(meta, part.title, `${page}#${encodeURIComponent(part.anchor.id)}`, part.excerpt));
    const rest = parts.length - PARTS;
    if (rest > 0) {
      items.push(make("li", { class: "result-more" },
        make("a", { href: page }, `${rest} more in the plan of ${meta.place || meta.title}`)));
    }
    return items;
  }

  /** Links to the rooms, for readers whose search found nothing. */
  function roomLinks() {
    const links = [...document.querySelectorAll(".rooms a")]
      .filter((link) => /glossary|protocols/.test(link.href))
      .map((link) => make("a", { href: link.href }, link.textContent));
    return links.flatMap((link, nth) => (nth ? [" or ", link] : [link]));
  }

  /* ---- The component ---- */

  class SearchBox {
    constructor(box) {
      this.box = box;
      this.form = box.querySelector("form");
      this.input = box.querySelector("input[type=search]");
      this.isPage = box.hasAttribute("data-search-page");
      this.chosen = {};
      this.allValues = {};
      this.turn = 0;
      this.results = [];
      this.build();
      this.listen();
      if (this.isPage) this.readAddress();
    }

    build() {
      this.filterBox = make("div", { class: "search-filters", hidden: "" });
      this.status = make("p", { class: "search-status", role: "status", "aria-live": "polite" });
      this.list = make("ol", { class: "results" });
      this.more = make("button", { type: "button", class: "btn btn--quiet", hidden: "" }, "Show more");
      this.panel = make("div", { class: "search-panel", hidden: "" },
        this.filterBox, this.status, this.list, this.more);
      this.box.append(this.panel);
      if (this.box.hasAttribute("data-search-inline")) {
        this.input.after(make("kbd", { class: "shortcut", "aria-hidden": "true" }, "Ctrl K"));
      }
    }

    listen() {
      this.input.addEventListener("focus", () => pagefind().catch(() => {}), { once: true });
      this.input.addEventListener("input", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.search(), WAIT);
      });
      this.form.addEventListener("submit", (event) => {
        if (this.isPage) {
          event.preventDefault();
          this.search();
        } else if (!this.input.value.trim()) {
          event.preventDefault();
        }
      });
      this.more.addEventListener("click", () => this.showMore(true));
      this.box.addEventListener("keydown", (event) => this.moveByArrow(event));
    }

    /** Up and down walk from the field through the results and back. */
    moveByArrow(event) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const stops = [this.input, ...this.list.querySelectorAll("a")];
      const here = stops.indexOf(document.activeElement);
      if (here < 0 || stops.length === 1) return;
      const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      next.focus();
      if (next === this.input) this.input.select();
    }

    readAddress() {
      const asked = new URLSearchParams(location.search);
      this.input.value = asked.get("q") || "";
      for (const name of Object.keys(FILTERS)) {
        if (asked.get(name)) this.chosen[name] = asked.get(name);
      }
      if (this.input.value || Object.keys(this.chosen).length) this.search();
      else this.input.focus();
    }

    writeAddress(words) {
      const now = new URLSearchParams(words ? { q: words, ...this.chosen } : this.chosen).toString();
      history.replaceState(null, "", now ? `?${now}` : location.pathname);
    }

    /** One row of buttons for each filter; a value that would find nothing is left out. */
    showFilters(counts) {
      for (const [name, label] of Object.entries(FILTERS)) {
        const values = Object.keys(this.allValues[name] || {})
          .sort((a, b) => a.localeCompare(b));
        if (values.length < 2) continue;
        let group = this.filterBox.querySelector(`[data-filter=${name}]`);
        if (!group) {
          const id = `${this.input.id}-${name}`;
          group = make("div", { class: "filter-group", "data-filter": name, role: "group", "aria-labelledby": id },
            make("span", { class: "filter-name", id }, label),
            make("div", { class: "filter-values" }));
          this.filterBox.append(group);
        }
        const known = new Map([...group.querySelectorAll("button")].map((one) => [one.value, one]));
        for (const value of values) {
          const button = known.get(value) || this.filterButton(name, value, group.lastElementChild);
          const chosen = this.chosen[name] === value;
          const count = counts[name]?.[value] || 0;
          button.setAttribute("aria-pressed", String(chosen));
          button.querySelector(".filter-count").textContent = count;
          button.hidden = !count && !chosen;
        }
        group.hidden = !group.querySelector("button:not([hidden])");
      }
    }

    filterButton(name, value, parent) {
      const button = make("button", { type: "button", class: "filter", value, "aria-pressed": "false" },
        value, " ", make("span", { class: "filter-count" }));
      button.addEventListener("click", () => {
        if (this.chosen[name] === value) delete this.chosen[name];
        else this.chosen[name] = value;
        this.search();
      });
      parent.append(button);
      return button;
    }

    async search() {
      const words = this.input.value.trim();
      const turn = ++this.turn;
      if (this.isPage) this.writeAddress(words);
      if (!words && !Object.keys(this.chosen).length) {
        this.results = [];
        this.list.replaceChildren();
        this.status.replaceChildren();
        this.more.hidden = true;
        this.panel.hidden = true;
        return;
      }
      this.panel.hidden = false;
      let found;
      try {
        const { index, filters } = await pagefind();
        this.allValues = filters;
        found = await index.search(words || null, { filters: this.chosen });
        if (turn !== this.turn) return;
        this.filterBox.hidden = false;
        /* Counts of one filter are those under the other filter, so that a reader can change a choice. */
        this.showFilters(await this.counts(index, words, found));
      } catch {
        if (turn === this.turn) this.showFailure();
        return;
      }
      if (turn !== this.turn) return;
      this.results = found.results;
      this.shown = 0;
      this.list.replaceChildren();
      await this.showMore(false, turn);
      if (turn !== this.turn) return;
      if (this.results.length) this.say(this.counted());
      else this.showNothing(words);
    }

    async counts(index, words, found) {
      const counts = {};
      for (const name of Object.keys(FILTERS)) {
        if (!this.chosen[name]) {
          counts[name] = found.filters[name] || {};
          continue;
        }
        const others = { ...this.chosen };
        delete others[name];
        counts[name] = (await index.search(words || null, { filters: others })).filters[name] || {};
      }
      return counts;
    }

    async showMore(moveFocus, turn = this.turn) {
      const next = this.results.slice(this.shown, this.shown + PAGE_SIZE);
      const data = await Promise.all(next.map((result) => result.data()));
      if (turn !== this.turn) return;
      const items = data.flatMap(resultItems);
      this.list.append(...items);
      this.shown += next.length;
      this.more.hidden = this.shown >= this.results.length;
      if (moveFocus && items.length) items[0].querySelector("a").focus();
    }

    /** How many results; a plan counts once, however many of its actions are shown. */
    counted() {
      const count = this.results.length === 1 ? "1 result" : `${this.results.length} results`;
      const actions = this.list.querySelectorAll(".result").length > Math.min(this.results.length, PAGE_SIZE);
      return actions ? `${count}, each school’s plan counted once` : count;
    }

    say(...parts) {
      this.status.replaceChildren(...parts);
    }

    showNothing(words) {
      const rooms = roomLinks();
      this.say(words ? `Nothing found for “${words}”. ` : "Nothing found. ", "Try fewer words",
        ...(rooms.length ? [", or look in ", ...rooms] : []), ".");
    }

    showFailure() {
      const rooms = roomLinks();
      this.list.replaceChildren();
      this.more.hidden = true;
      this.filterBox.hidden = true;
      this.say("Search could not be loaded. Check your connection and try again",
        ...(rooms.length ? [", or look in ", ...rooms] : []), ".");
    }
  }

  /* With Sphinx's own search the forms simply send their words to the search page. */
  if (document.body.dataset.searchEngine !== "sphinx") {
    for (const box of document.querySelectorAll(".search-box")) new SearchBox(box);
  }

  /* ---- The dialog ---- */

  const dialog = document.getElementById("pst-search-dialog");
  const opener = document.querySelector("[data-search-open]");

  /* A page with a box of its own needs no dialog. */
  function openSearch() {
    const inPage = document.querySelector("[data-search-page] input, [data-search-inline] input");
    if (inPage) {
      inPage.focus();
      inPage.select();
    } else if (dialog && !dialog.open) {
      dialog.showModal();
      dialog.querySelector("input")?.select();
    }
  }

  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    for (const hint of document.querySelectorAll("kbd.shortcut")) hint.textContent = "⌘ K";
    opener?.setAttribute("aria-label", "Search, ⌘ K");
  }
  opener?.addEventListener("click", openSearch);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog?.open) dialog.close();
      else openSearch();
    }
  });
  /* In a search field Escape would first empty the field. */
  dialog?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      dialog.close();
    }
  });
  /* A click beside the box closes it; so does following a result to a place on this very page. */
  dialog?.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".results a")) dialog.close();
  });
})();
