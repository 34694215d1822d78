/* My school: the reader chooses it once; every page that asks shows its living actions and its next
   sessions. The choice stays in this browser; a school's own small file is fetched from this site. */
(() => {
  "use strict";

  const place = document.querySelector("[data-my-school]");
  if (!place) return;
  const KEPT = "my-school";
  const roles = place.dataset.roles.split(" ").filter(Boolean);
  const folded = place.querySelector(".my-school-list");
  const links = [...place.querySelectorAll("[data-school]")];

  /** An element with attributes and children; strings become text. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const count = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

  function read() {
    try {
      return localStorage.getItem(KEPT) || "";
    } catch {
      return "";
    }
  }

  function keep(school) {
    try {
      if (school) localStorage.setItem(KEPT, school);
      else localStorage.removeItem(KEPT);
    } catch { /* storage is blocked: the choice holds for this page */ }
  }

  const select = make("select", { id: "my-school-choice", autocomplete: "off" }, make("option", { value: "" }, "Choose a school"));
  for (const link of links) select.append(make("option", { value: link.dataset.school }, link.textContent));
  const status = make("p", { class: "visually-hidden", role: "status" });
  const told = make("div", { class: "my-school-told" });
  const tool = make("div", { class: "my-school-tool" },
    make("p", { class: "my-school-choose" }, make("label", { for: "my-school-choice" }, "My school"), select), told, status);
  folded.hidden = true;
  place.append(tool);

  const at = (address, root) => new URL(`../../${address}`, root).href;
  const when = (day) => make("time", { datetime: day.iso }, day.said);

  function action(each, root) {
    const said = [];
    if (each.due) said.push(each.overdue ? "was due " : "until ", when(each.due), " · ");
    const names = (list) => list.map((role) => role.title).join(", ");
    said.push(each.led_by.length ? `led by ${names(each.led_by)}` : "nobody leads it yet");
    if (each.backed_up_by.length) said.push(`, backed up by ${names(each.backed_up_by)}`);
    const name = each.status[0].toUpperCase() + each.status.slice(1);
    return make("li", {},
      make("span", { class: `status status--${each.status}` }, name), " ",
      make("a", { href: at(each.url, root) }, each.title), make("span", { class: "muted" }, ...said));
  }

  function session(each, root) {
    const said = [each.hours ? `${each.hours} h · ` : "", each.here ? "at your school" : "for the whole district"];
    return make("li", {}, when(each.day), " ", make("a", { href: at(each.url, root) }, each.title),
      make("span", { class: "muted" }, ...said));
  }

  function list(title, items) {
    return items.length ? [make("p", { class: "my-school-name" }, title), make("ul", {}, ...items)] : [];
  }

  /** Everything about the school, folded to one line; unfolded when the reader has just chosen it. */
  function draw(data, root, open) {
    const now = new Date();
    const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    const coming = data.sessions.filter((each) => each.day.iso >= today);
    const own = (each) => [...each.led_by, ...each.backed_up_by].some((role) => roles.includes(role.id));
    const first = data.actions.filter(own);
    const others = data.actions.filter((each) => !own(each));
    const counted = `${count(data.actions.length, "living action")}, ${count(coming.length, "session")} to come`;
    const about = make("details", {},
      make("summary", {}, counted),
      ...list("Led or backed up by a role of this path", first.map((each) => action(each, root))),
      ...list(first.length ? "Also at your school" : "What the school is doing", others.map((each) => action(each, root))),
      ...(data.actions.length ? [] : [make("p", { class: "my-school-none" }, "No action is alive here. The school’s page shows what is asked for.")]),
      ...list("Coming up", coming.map((each) => session(each, root))),
      ...(coming.length ? [] : [make("p", { class: "my-school-none" }, "No session is on the calendar from today on.")]));
    about.open = open;
    told.replaceChildren(
      make("p", { class: "my-school-page" }, make("a", { href: at(data.school.url, root) }, `${data.school.title}: the school’s page`)), about);
    if (open) status.textContent = `${data.school.title}: ${counted}`;
  }

  async function show(school, chosen) {
    const link = links.find((each) => each.dataset.school === school);
    told.replaceChildren();
    if (!link) return;
    const root = new URL(`${place.dataset.mySchool}/${school}.json`, location.href);
    try {
      const answer = await fetch(root);
      if (!answer.ok) throw new Error(String(answer.status));
      const data = await answer.json();
      if (select.value === school) draw(data, root, chosen);
    } catch {
      if (select.value !== school) return;
      told.replaceChildren(make("p", {},
        "What the school is doing cannot be fetched just now. ", make("a", { href: link.href }, `${link.textContent}: the school’s page`)));
    }
  }

  select.addEventListener("change", () => {
    keep(select.value);
    show(select.value, true);
  });
  window.addEventListener("storage", (event) => {
    if (event.key !== KEPT) return;
    select.value = read();
    show(select.value, false);
  });
  const known = read();
  if (links.some((each) => each.dataset.school === known)) {
    select.value = known;
    show(known, false);
  }
})();
