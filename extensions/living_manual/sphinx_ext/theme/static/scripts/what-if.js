/* What if: move the split of the time or the hours, and see the meaningful hours with their sum.

   The five shares are whole percents. When one is moved, the others give or take in proportion, so
   that they add up to 100: each gets what is left times its part of the other four, and the largest
   remainders are rounded up. As long as the same one is moved, the parts are those from before. */
(() => {
  "use strict";

  const tool = document.querySelector("[data-what-if]");
  if (!tool) return;

  const from = tool.querySelector("select");
  const hours = tool.querySelector('input[type="number"]');
  const ranges = [...tool.querySelectorAll("[data-use]")];
  const shown = [...tool.querySelectorAll("[data-share]")];
  const place = (name) => tool.querySelector(`[data-${name}]`);
  const [sum, distance, change, together, status] = ["sum", "distance", "change", "together", "status"].map(place);
  const LESSONS = ranges.findIndex((range) => range.dataset.use === "lessons");
  const names = ranges.map((range) => range.labels[0].textContent);
  const mark = Number(tool.dataset.mark) || 0;

  let shares = [];
  let base = [];
  let moved = -1;

  const add = (numbers) => numbers.reduce((one, more) => one + more, 0);
  /** At most so many decimals, rounded half up; the sums are of hundredths and whole percents. */
  const say = (value, places) => String(Math.round((value + 1e-9) * 10 ** places) / 10 ** places);

  function start() {
    const chosen = from.selectedOptions[0];
    return { hours: chosen.dataset.hours, split: chosen.dataset.split.split("-").map(Number) };
  }

  function set(split) {
    shares = [...split];
    base = [...split];
    moved = -1;
  }

  function move(nth, value) {
    if (moved !== nth) {
      base = [...shares];
      moved = nth;
    }
    const others = base.map((share, at) => (at === nth ? 0 : share));
    const whole = add(others);
    const left = 100 - value;
    const exact = others.map((share, at) => {
      if (at === nth) return value;
      return whole ? (left * share) / whole : left / (others.length - 1);
    });
    shares = exact.map((share) => Math.floor(share + 1e-9));
    const rest = exact.map((share, at) => [share - shares[at], at]).filter(([, at]) => at !== nth);
    rest.sort((one, other) => other[0] - one[0] || one[1] - other[1]);
    for (const [, at] of rest.slice(0, 100 - add(shares))) shares[at] += 1;
  }

  /** The hours as set; null while the field holds no number from 0 to 200. */
  function asked() {
    const value = hours.value.trim() === "" ? NaN : Number(hours.value);
    return value >= 0 && value <= 200 ? value : null;
  }

  function gap(meaningful) {
    if (!mark) return "";
    const left = mark - meaningful;
    const who = tool.dataset.markName ? ` (${tool.dataset.markName})` : "";
    if (left <= 0) return `That reaches the ${mark} hours${who}.`;
    return `That leaves ${say(left, 1)} h to ${mark} hours${who}.`;
  }

  function compared(value, meaningful) {
    const was = start();
    const before = (Number(was.hours) * was.split[LESSONS]) / 100;
    const more = Number(say(meaningful, 1)) - Number(say(before, 1));
    const added = value - Number(was.hours);
    if (!added && shares.every((share, at) => share === was.split[at])) return "This is where it starts.";
    const told = more ? `${say(Math.abs(more), 1)} h ${more > 0 ? "more" : "less"} than at the start` : "As much as at the start";
    if (!added) return `${told}, with the same hours.`;
    return `${told}, with ${say(Math.abs(added), 2)} h ${added > 0 ? "added to" : "taken from"} the year.`;
  }

  let timer;
  function draw(announce) {
    ranges.forEach((range, at) => {
      range.value = String(shares[at]);
      range.setAttribute("aria-valuetext", `${shares[at]}%`);
      shown[at].textContent = `${shares[at]}%`;
    });
    const value = asked();
    hours.setAttribute("aria-invalid", String(value === null));
    const whole = add(shares);
    together.textContent = `Together ${whole}%.`
      + (whole === 100 ? "" : ` The shares add up to ${whole} where they were published; from your first move on they add up to 100.`);
    if (value === null) {
      sum.textContent = "Write the hours as a number from 0 to 200.";
      distance.textContent = "";
      change.textContent = "";
    } else {
      const meaningful = (value * shares[LESSONS]) / 100;
      sum.textContent = `${say(value, 2)} h × ${shares[LESSONS]}% = ${say(meaningful, 1)} h of ${names[LESSONS].toLowerCase()}`;
      distance.textContent = gap(meaningful);
      change.textContent = (from.selectedOptions[0].dataset.published ? "This school has recorded no use of time yet: the shares are the published ones. " : "")
        + compared(value, meaningful);
    }
    clearTimeout(timer);
    // One sentence when the reader pauses, not one for each step of a slider.
    if (announce) timer = setTimeout(() => { status.textContent = [sum, distance, change].map((each) => each.textContent).join(". "); }, 400);
  }

  function keep() {
    const address = new URL(location.href);
    const was = start();
    const put = (name, value, unchanged) => {
      if (unchanged) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    };
    put("from", from.value, !from.value);
    put("hours", hours.value, asked() === null || asked() === Number(was.hours));
    put("split", shares.join("-"), shares.every((share, at) => share === was.split[at]));
    history.replaceState(history.state, "", address);
  }

  function begin() {
    set(start().split);
    hours.value = start().hours;
  }

  /** What the address asks for; a part of it that cannot be is passed over. */
  function restore() {
    const kept = new URLSearchParams(location.search);
    const key = kept.get("from") || "";
    from.value = [...from.options].some((option) => option.value === key) ? key : from.options[0].value;
    begin();
    if (kept.has("hours")) {
      const before = hours.value;
      hours.value = kept.get("hours");
      if (asked() === null) hours.value = before;
    }
    const split = (kept.get("split") || "").split("-").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : NaN));
    if (split.length === ranges.length && add(split) === 100) set(split);
    draw(false);
  }

  from.addEventListener("change", () => { begin(); keep(); draw(true); });
  hours.addEventListener("input", () => { keep(); draw(true); });
  ranges.forEach((range, nth) => range.addEventListener("input", () => {
    move(nth, Number(range.value));
    keep();
    draw(true);
  }));
  place("back").addEventListener("click", () => {
    begin();
    keep();
    draw(true);
    from.focus();
  });
  window.addEventListener("popstate", restore);
  restore();
})();
