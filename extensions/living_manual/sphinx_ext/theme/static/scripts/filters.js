/* Filters that stay in the address.

   A form `[data-filters="ID"]` narrows what stands in the element of that id:
   - `data-item` marks an item; `data-<facet>` holds its values, parted by spaces. `data-date` holds
     days (2026-10-09) or spans (2026-09-14/2027-03-26; a side left open has no end);
   - controls are named by facet; `<facet>-from` and `<facet>-to` ask for days, `find` for words of
     the item, a tick for items whose `data-<facet>` holds its value;
   - `data-item-group` marks what is put away when none of its items is left;
   - `data-count="facet=value"` shows how many items are left that hold the value (all when it is
     empty) and `data-percent` their share: inside a group of the group, elsewhere of the whole;
   - `data-keep-filters` marks links that take the filters along;
   - an element with `data-own-filter` is told by an event `filter` and narrows itself. */
(() => {
  "use strict";

  const forms = [...document.querySelectorAll("[data-filters]")];
  if (!forms.length) return;

  const has = (held, value) => ` ${held} `.includes(` ${value} `);

  /** Whether one of the days or spans of an item lies between two days; an empty day asks nothing. */
  function during(held, from, to) {
    return held.split(" ").some((span) => {
      if (!span) return false;
      const [first, last = first] = span.split("/");
      return (!to || !first || first <= to) && (!from || !last || last >= from);
    });
  }

  const BELOW = /-(from|to)$/;

  class Filters {
    constructor(form) {
      this.form = form;
      this.place = document.getElementById(form.dataset.filters);
      this.noun = form.dataset.noun;
      this.fields = [...form.querySelectorAll("[name]")];
      this.output = form.querySelector("output");
      this.all = this.output.textContent;
      this.clear = form.querySelector("[data-filters-clear]");
      this.said = document.querySelector(`[data-filters-said="${form.dataset.filters}"]`);
      this.links = [...document.querySelectorAll("a[data-keep-filters]")].map((link) => [link, link.getAttribute("href")]);
      this.own = this.place.matches("[data-own-filter]");
      this.items = this.own ? [] : [...this.place.querySelectorAll("[data-item]")];
      this.groups = this.own ? [] : [...this.place.querySelectorAll("[data-item-group]")];
      this.counts = [...document.querySelectorAll("main :is([data-count], [data-percent])")]
        .filter((each) => !this.own && (forms.length === 1 || this.place.contains(each)))
        .map((each) => ({ place: each, was: each.textContent, group: each.closest("[data-item-group]") }));
    }

    start() {
      let timer;
      const later = () => { clearTimeout(timer); timer = setTimeout(() => this.change(), 120); };
      for (const field of this.fields) {
        field.addEventListener(field.type === "search" ? "input" : "change", field.type === "search" ? later : () => this.change());
      }
      this.clear.addEventListener("click", () => {
        for (const field of this.fields) this.set(field, "");
        this.change();
        (this.fields.find((field) => field.offsetParent) || this.form.querySelector("button")).focus();
      });
      const open = this.form.querySelector(".filters-open");
      open.addEventListener("click", () => {
        const yes = this.form.classList.toggle("is-open");
        open.setAttribute("aria-expanded", String(yes));
      });
      window.addEventListener("popstate", () => this.restore());
      this.restore();
    }

    set(field, value) {
      if (field.type === "checkbox") field.checked = value === field.value;
      else field.value = value;
    }

    value(field) {
      if (field.type === "checkbox") return field.checked ? field.value : "";
      return field.value.trim();
    }

    /** The filters as the address has them. A value that is not offered is told, not passed over. */
    restore() {
      const asked = new URLSearchParams(location.search);
      const unknown = [];
      for (const field of this.fields) {
        const value = asked.get(field.name) || "";
        this.set(field, value);
        if (value && !this.value(field)) unknown.push(value);
      }
      if (unknown.length || this.fields.some((field) => this.value(field))) this.apply(unknown);
      else if (!this.clear.hidden) this.apply([]);
    }

    change() {
      const address = new URL(location.href);
      for (const field of this.fields) {
        const value = this.value(field);
        if (value) address.searchParams.set(field.name, value);
        else address.searchParams.delete(field.name);
      }
      history.replaceState(history.state, "", address);
      this.apply([]);
    }

    /** The rules that are set: each asks an item for what it holds of a facet. */
    rules() {
      const rules = new Map();
      for (const field of this.fields) {
        const value = this.value(field);
        if (!value) continue;
        if (field.type === "date") {
          const facet = field.name.replace(BELOW, "");
          const rule = rules.get(facet) || { facet, from: "", to: "" };
          rule[BELOW.exec(field.name)[1]] = value;
          rule.test = (held) => during(held, rule.from, rule.to);
          rules.set(facet, rule);
        } else if (field.type === "search") {
          const words = value.toLowerCase().split(/\s+/);
          rules.set(field.name, { facet: field.name, value, test: (text) => words.every((word) => text.includes(word)), text: true });
        } else {
          rules.set(field.name, { facet: field.name, value, test: (held) => has(held, value) });
        }
      }
      return [...rules.values()];
    }

    apply(unknown) {
      const rules = this.rules();
      const told = { rules, shown: 0, total: this.items.length };
      if (this.own) this.place.dispatchEvent(new CustomEvent("filter", { detail: told }));
      else told.shown = this.narrow(rules);
      this.tell(rules, told, unknown);
    }

    narrow(rules) {
      const held = (item, rule) => (rule.text ? item.textContent.toLowerCase() : item.getAttribute(`data-${rule.facet}`) || "");
      let shown = 0;
      for (const item of this.items) {
        const passes = rules.every((rule) => rule.test(held(item, rule)));
        if (item.hidden === passes) item.hidden = !passes;
        shown += passes ? 1 : 0;
      }
      for (const group of this.groups) group.hidden = !group.querySelector("[data-item]:not([hidden])");
      for (const { place, was, group } of this.counts) {
        place.textContent = rules.length ? this.counted(place, group) : was;
      }
      return shown;
    }

    counted(place, group) {
      const left = group ? [...group.querySelectorAll("[data-item]:not([hidden])")] : this.items.filter((item) => !item.hidden);
      const [facet, value] = (place.dataset.count || place.dataset.percent || "").split("=");
      const found = facet ? left.filter((item) => has(item.getAttribute(`data-${facet}`) || "", value)).length : left.length;
      if ("count" in place.dataset) return String(found);
      return left.length ? `${Math.round((100 * found) / left.length)}%` : "–";
    }

    /** What is set, in words: for the paper, where the form is not. */
    words() {
      return this.fields.filter((field) => this.value(field)).map((field) => {
        const label = field.closest("label").firstChild.textContent.trim() || field.closest("label").textContent.trim();
        if (field.type === "checkbox") return label;
        return `${label}: ${field.localName === "select" ? field.selectedOptions[0].textContent : field.value}`;
      });
    }

    tell(rules, told, unknown) {
      const set = rules.length;
      const count = `${told.shown} of ${told.total} ${this.noun} shown`;
      const lost = unknown.length ? `. The address asks for ${unknown.join(", ")}, which is not here.` : "";
      this.output.textContent = (set ? count : this.all) + lost;
      this.clear.hidden = !set && !lost;
      this.form.classList.toggle("is-set", set > 0);
      this.form.querySelector(".filters-open").textContent = set ? `Filter (${set})` : "Filter";
      this.said.hidden = !set;
      this.said.textContent = set ? `Only ${this.words().join(" · ")} (${count})` : "";
      for (const [link, href] of this.links) link.setAttribute("href", href + this.query(href));
    }

    query(href) {
      const kept = new URLSearchParams(location.search);
      for (const name of [...kept.keys()]) if (!this.fields.some((field) => field.name === name)) kept.delete(name);
      const text = kept.toString();
      return text ? (href.includes("?") ? "&" : "?") + text : "";
    }
  }

  // Scripts that narrow a view of their own are ready by then.
  document.addEventListener("DOMContentLoaded", () => forms.forEach((form) => new Filters(form).start()));
})();
