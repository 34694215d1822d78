/* Since you were here: what changed since this browser last saw everything. It keeps one line, the newest
   entry of the record of changes that it has seen and the day; nothing leaves the browser. The small file is
   fetched only when there is something new. */
(() => {
  "use strict";

  const place = document.querySelector("[data-newest-change]");
  if (!place) return;
  const KEPT = "changes-seen";
  const newest = place.dataset.newestChange;
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

  /** What this browser saw last: {entry, on}; nothing when it was never here, or keeps nothing. */
  function read() {
    try {
      const found = JSON.parse(localStorage.getItem(KEPT));
      return typeof found?.entry === "string" && /^\d{4}-\d\d-\d\d$/.test(found.on) ? found : null;
    } catch {
      return null;
    }
  }

  function seen() {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ entry: newest, on: today }));
    } catch { /* storage is blocked: nothing is told the next time either */ }
  }

  function mySchool() {
    try {
      return localStorage.getItem("my-school") || "";
    } catch {
      return "";
    }
  }

  /** 14 Oct, with the year when it is another. */
  function say(day) {
    const [year, month, date] = day.split("-").map(Number);
    const name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1];
    return `${date} ${name}${year === now.getFullYear() ? "" : ` ${year}`}`;
  }

  /** The entry to count from: the one seen, or when it is gone the newest from before that day. */
  function from(data, last) {
    if (last.entry in data.since) return last.entry;
    const older = data.steps.find(([, day]) => day < last.on) || data.steps[data.steps.length - 1];
    return older[0];
  }

  function show(told, last) {
    const school = mySchool();
    const atSchool = school && told.schools[school];
    const link = document.createElement("a");
    link.href = place.dataset.page + (atSchool ? `?school=${encodeURIComponent(school)}` : "");
    link.textContent = "See what changed";
    const done = document.createElement("button");
    done.type = "button";
    done.className = "btn btn--quiet";
    done.textContent = "I have seen it";
    done.addEventListener("click", () => {
      seen();
      place.hidden = true;
    });
    const since = document.createElement("strong");
    since.textContent = `Since ${say(last.on)}: `;
    const line = document.createElement("p");
    line.append(since, atSchool ? `at your school, ${atSchool}. In the whole manual, ${told.all}.` : `${told.all}.`);
    const next = document.createElement("p");
    next.className = "since-next";
    next.append(link, " ", done);
    place.replaceChildren(line, next);
    place.hidden = false;
  }

  async function tell(last) {
    const answer = await fetch(place.dataset.since);
    if (!answer.ok) return;
    const data = await answer.json();
    const told = data.since[from(data, last)];
    if (told?.all) show(told, last);
    else seen();
  }

  const last = read();
  if (!place.dataset.since || !last || last.entry === newest) {
    seen();
    return;
  }
  tell(last).catch(() => { /* offline, or the file is gone: there is nothing to tell */ });
})();
