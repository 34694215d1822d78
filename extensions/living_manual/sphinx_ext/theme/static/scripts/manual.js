/* What a page does beyond showing its text. Every part works on its own and adds what it needs to the
   page, so that the page is whole without this script. */
(() => {
  "use strict";

  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  /* ---- A line for screen readers ---- */

  let spoken;
  function say(text) {
    if (!spoken) {
      spoken = document.createElement("p");
      spoken.className = "visually-hidden";
      spoken.setAttribute("role", "status");
      (one("main") || document.body).append(spoken);
    }
    spoken.textContent = "";
    setTimeout(() => { spoken.textContent = text; }, 50);
  }

  /* ---- Light, dark, automatic ---- */

  const MODES = ["auto", "light", "dark"];
  const MODE_NAMES = { auto: "automatic", light: "light", dark: "dark" };
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  function showMode(button) {
    const name = `Colours: ${MODE_NAMES[root.dataset.mode] || "automatic"}`;
    button.setAttribute("aria-label", name);
    button.title = name;
  }

  function setMode(mode) {
    root.dataset.mode = mode;
    root.dataset.theme = mode !== "auto" ? mode : prefersDark.matches ? "dark" : "light";
    try {
      localStorage.setItem("mode", mode);
      localStorage.setItem("theme", root.dataset.theme);
    } catch { /* storage is blocked: the choice holds for this page */ }
  }

  function setUpModeSwitch() {
    const button = one("[data-mode-switch]");
    if (!button) return;
    showMode(button);
    button.addEventListener("click", () => {
      setMode(MODES[(MODES.indexOf(root.dataset.mode) + 1) % MODES.length]);
      showMode(button);
      say(button.title);
    });
    prefersDark.addEventListener("change", () => {
      if (root.dataset.mode === "auto") root.dataset.theme = prefersDark.matches ? "dark" : "light";
    });
  }

  /* ---- The menu on narrow screens ---- */

  function setUpMenu() {
    const button = one(".menu-button");
    if (!button) return;
    const header = button.closest(".site-header");
    const open = (yes) => {
      button.setAttribute("aria-expanded", String(yes));
      header.classList.toggle("is-open", yes);
    };
    button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
    header.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && header.classList.contains("is-open")) {
        open(false);
        button.focus();
      }
    });
  }

  /* ---- Copying ids and addresses ---- */

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      /* Plain http, or an old browser: the page's own selection still works. */
      const field = document.createElement("textarea");
      field.value = text;
      field.className = "visually-hidden";
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  function setUpCopyButtons() {
    for (const line of all(".record-id, .confirm-line, [data-copy]")) {
      const code = one("code", line);
      if (!code || one(".copy-id", line)) continue;
      const text = code.textContent.trim();
      const id = line.dataset.copy || text;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy-id";
      button.textContent = "Copy";
      button.setAttribute("aria-label", `Copy ${id}`);
      button.addEventListener("click", async () => {
        const done = await copy(text);
        button.textContent = done ? "Copied" : "Copy";
        button.setAttribute("aria-label", done ? `Copied ${id}` : `Copy ${id}`);
        say(done ? `Copied ${id}` : "Copying is not allowed in this browser");
        setTimeout(() => {
          button.textContent = "Copy";
          button.setAttribute("aria-label", `Copy ${id}`);
        }, 2500);
      });
      line.append(button);
    }
  }

  /* A coach pastes the link to one step into an agenda: the # beside a heading goes there and copies it. */
  function setUpHeadingLinks() {
    document.addEventListener("click", async (event) => {
      const link = event.target.closest?.("a.headerlink");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (await copy(link.href)) {
        link.classList.add("is-copied");
        say("Link copied");
        setTimeout(() => link.classList.remove("is-copied"), 2500);
      }
    });
  }

  /* A filtered view is sent to a colleague by its address. */
  function setUpCopyAddress() {
    for (const button of all("[data-copy-address]")) {
      button.addEventListener("click", async () => {
        const done = await copy(location.href);
        say(done ? "Address copied" : "Copying is not allowed in this browser");
        button.textContent = done ? "Copied" : "Copy address";
        setTimeout(() => { button.textContent = "Copy address"; }, 2500);
      });
    }
  }

  /* ---- Boxes that scroll sideways ---- */

  function setUpScrollBoxes() {
    const boxes = all(".table-box, .pst-scrollable-table-container, .page pre, .formula");
    const check = (box) => {
      const hidden = box.scrollWidth - box.clientWidth;
      box.classList.toggle("has-more", hidden > 1 && box.scrollLeft < hidden - 1);
      if (box.matches(".table-box")) return;
      if (hidden > 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    };
    const seen = typeof ResizeObserver === "function"
      && new ResizeObserver((entries) => entries.forEach((entry) => check(entry.target)));
    for (const box of boxes) {
      box.addEventListener("scroll", () => check(box), { passive: true });
      if (seen) seen.observe(box);
      else check(box);
    }
  }

  /* ---- Paper: nothing folded, and the address of each link after it ---- */

  function setUpPrinting() {
    let opened = [];
    window.addEventListener("beforeprint", () => {
      opened = all("details:not([open])");
      for (const fold of opened) fold.open = true;
      for (const link of all("main a[href]:not(svg a)")) {
        link.dataset.address = link.href.replace(/^https?:\/\//, "");
      }
    });
    window.addEventListener("afterprint", () => {
      for (const fold of opened) fold.open = false;
      opened = [];
    });
  }

  /* ---- A link to something folded away opens it ---- */

  function openTarget() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id ? document.getElementById(id) : null;
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
  }

  setUpModeSwitch();
  setUpMenu();
  setUpCopyButtons();
  setUpHeadingLinks();
  setUpCopyAddress();
  setUpScrollBoxes();
  setUpPrinting();
  openTarget();
  window.addEventListener("hashchange", openTarget);
})();
