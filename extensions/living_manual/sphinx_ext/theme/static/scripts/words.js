/* What a word of the glossary means, beside each link to it: on hover, on keyboard focus, and on the
   first tap of a finger (the second follows the link). Escape closes it. The meanings are fetched when
   the first one is asked for; without them, and without this script, a link simply leads to the word. */
(() => {
  "use strict";

  const FILE = new URL("../../words.json", document.currentScript.src);
  const LINKS = "a.word-link";
  const OPEN_AFTER = 250; // ms: a pointer on its way to somewhere else opens nothing
  const CLOSE_AFTER = 300; // ms: time to move the pointer from the link to the meaning
  const EDGE = 12; // px kept free at the edges of the window

  let words;
  function load() {
    words ??= fetch(FILE, { cache: "no-cache" })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .catch(() => ({}));
    return words;
  }

  /** The entry a link leads to: by the id at the end of its address, or by its page. */
  async function entryOf(link) {
    const known = await load();
    const id = decodeURIComponent(link.hash.slice(1));
    if (id) return known[id];
    const page = (address) => new URL(address, FILE).href.split("#")[0];
    return Object.values(known).find((entry) => page(entry.url) === page(link.href));
  }

  const box = document.createElement("div");
  const meaning = document.createElement("div");
  const more = document.createElement("a");
  box.className = "word-tip";
  box.hidden = true;
  meaning.id = "word-tip";
  meaning.className = "word-tip-text";
  meaning.setAttribute("role", "tooltip");
  more.className = "word-tip-more";
  more.textContent = "Read more";
  box.append(meaning, more);

  let shown = null; // the link whose meaning is open
  let wanted = null; // the link whose meaning is to open
  let touched = false; // whether a finger was used last
  let timer;

  /** Below the link, or above it where there is more room; never over the edge of the window. */
  function place() {
    if (!shown) return;
    const parts = [...shown.getClientRects()];
    const at = parts[0];
    const last = parts[parts.length - 1];
    // A link that got the focus may still be on its way into the window.
    const away = at && (last.bottom < 0 || at.top > innerHeight) && shown !== document.activeElement;
    if (!at || away) {
      close();
      return;
    }
    const width = box.offsetWidth;
    const room = document.documentElement.clientWidth - width - EDGE;
    const below = last.bottom + box.offsetHeight + EDGE <= innerHeight || at.top < innerHeight - last.bottom;
    box.style.left = `${Math.max(EDGE, Math.min(at.left, room))}px`;
    box.style.top = below ? `${last.bottom}px` : "auto";
    box.style.bottom = below ? "auto" : `${document.documentElement.clientHeight - at.top}px`;
    box.classList.toggle("is-above", !below);
    box.style.setProperty("--room", `${Math.floor((below ? innerHeight - last.bottom : at.top) - EDGE)}px`);
  }

  async function open(link, byTouch) {
    clearTimeout(timer);
    wanted = link;
    if (shown === link) return true;
    const entry = await entryOf(link);
    if (wanted !== link) return true; // another one was asked for, or none any more
    if (!entry?.means) return false;
    close();
    wanted = link;
    shown = link;
    const word = document.createElement("strong");
    word.textContent = entry.word;
    meaning.replaceChildren(word, ` ${entry.means}`);
    more.href = link.href;
    more.hidden = !byTouch;
    more.setAttribute("aria-label", `Read more about ${entry.word}`);
    // Inside the dialog or the main part that holds the link: all else is closed to its readers.
    (link.closest("dialog") || document.querySelector("main") || document.body).append(box);
    box.hidden = false;
    link.setAttribute("aria-describedby", meaning.id);
    place();
    return true;
  }

  function close() {
    clearTimeout(timer);
    wanted = null;
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  }

  function later(what, after) {
    clearTimeout(timer);
    timer = setTimeout(what, after);
  }

  const linkOf = (event) => event.target.closest?.(LINKS);
  const isOver = (target) => Boolean(target?.closest?.(`.word-tip, ${LINKS}`));

  /* ---- A pointer that can hover ---- */

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkOf(event);
    if (link) {
      if (link === shown) clearTimeout(timer);
      else {
        load();
        later(() => open(link, false), OPEN_AFTER);
      }
    } else if (box.contains(event.target)) clearTimeout(timer);
  });

  document.addEventListener("pointerout", (event) => {
    if (event.pointerType === "touch" || !isOver(event.target)) return;
    const to = event.relatedTarget;
    if (shown && (box.contains(to) || shown.contains(to))) return;
    if (shown?.matches(":focus-visible")) clearTimeout(timer);
    else later(close, CLOSE_AFTER);
  });

  /* ---- The keyboard ---- */

  document.addEventListener("focusin", (event) => {
    const link = linkOf(event);
    if (link?.matches(":focus-visible")) open(link, false);
    else if (!link && shown && !box.contains(event.target)) close();
  });

  document.addEventListener("focusout", (event) => {
    if (linkOf(event) === shown && shown && !box.contains(event.relatedTarget)) later(close, CLOSE_AFTER);
  });

  document.addEventListener("keydown", (event) => {
    touched = false;
    if (event.key !== "Escape" || !(shown || wanted)) return;
    const back = box.contains(document.activeElement) ? shown : null;
    if (shown) {
      event.preventDefault(); // Escape is used up: what lies under the meaning stays open
      event.stopPropagation();
    }
    close();
    back?.focus();
    close(); // what its focus has asked for
  }, { capture: true });

  /* ---- A finger: the first tap shows, the second follows ---- */

  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (linkOf(event)) load();
    if (shown && !isOver(event.target)) close();
  }, { capture: true });

  document.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link || !touched || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link === shown) return;
    event.preventDefault();
    open(link, true).then((done) => { if (!done) location.assign(link.href); });
  });

  addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place, { passive: true });
})();
