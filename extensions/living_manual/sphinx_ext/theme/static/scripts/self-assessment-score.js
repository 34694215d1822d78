/* A self-assessment: how answers are counted, how saved files are read and laid beside each other. Values in,
   values out; the page tells the rule in words. Points are whole numbers of a small unit that every count of
   answers from 1 to 24 divides, so that means and medians are exact. */
window.selfAssessment = (() => {
  "use strict";

  const UNIT = 5354228880;
  const FORMAT = "living-manual-self-assessment";
  const VERSION = 1;
  const NOT_SURE = "not-sure";
  const PICKED = 3;

  /** Points with one decimal; `parts` is how many times smaller the unit is. */
  function say(value, parts = 1) {
    const whole = UNIT * parts;
    const tenths = Math.floor((20 * Math.abs(value) + whole) / (2 * whole));
    return `${Math.floor(tenths / 10)}.${tenths % 10}`;
  }

  /** The mean of the answers with points, null when there are none; and how many there are of each kind. */
  function mean(statements) {
    const points = statements.map((each) => each.answer).filter((answer) => Number.isInteger(answer));
    const unsure = statements.filter((each) => each.answer === NOT_SURE).length;
    return {
      value: points.length ? points.reduce((sum, each) => sum + each, 0) * (UNIT / points.length) : null,
      answered: points.length,
      unsure,
      blank: statements.length - points.length - unsure,
      of: statements.length,
    };
  }

  /** Up to three elements by a rank within their part, then by value, then as they come. */
  function pick(elements, sign) {
    const inPart = new Map();
    for (const each of elements) inPart.set(each.part, [...(inPart.get(each.part) || []), each]);
    const ranked = [];
    for (const group of inPart.values()) {
      group.sort((one, other) => sign * (one.value - other.value) || one.order - other.order);
      group.forEach((each, rank) => ranked.push({ ...each, rank }));
    }
    ranked.sort((one, other) => one.rank - other.rank || sign * (one.value - other.value) || one.order - other.order);
    return ranked.slice(0, PICKED);
  }

  /** What a report says of an assessment. */
  function reckon(assessment) {
    const most = assessment.scale.length - 1;
    let order = 0;
    const parts = assessment.parts.map((part) => {
      const whole = mean(part.elements.flatMap((element) => element.statements));
      if (whole.answered * 2 < whole.of) whole.value = null;
      const elements = part.elements.map((element) =>
        ({ id: element.id, title: element.title, part: part.title, order: order++, ...mean(element.statements) }));
      return { id: part.id, title: part.title, ...whole, elements };
    });
    const scored = parts.flatMap((part) => part.elements).filter((each) => each.value !== null);
    const lowest = pick(scored.filter((each) => each.value < most * UNIT), 1);
    const next = new Set(lowest.map((each) => each.id));
    const strongest = pick(scored.filter((each) => each.value >= (most - 1) * UNIT && !next.has(each.id)), -1);
    const all = mean(assessment.parts.flatMap((part) => part.elements.flatMap((each) => each.statements)));
    return { parts, lowest, strongest, most, all };
  }

  /** The place on the scale that a value is nearest to; the higher one when it lies between two. */
  const nearest = (value) => Math.floor((2 * value + UNIT) / (2 * UNIT));

  /* ---- Saved files ---- */

  const FOREIGN = "This is not a saved self-assessment. Choose a file that was saved on this page. Its name ends in .json.";
  const NEWER = "This file was saved by a newer version of this page. Reload the page and open the file again.";
  const DAMAGED = "This file is damaged and cannot be read. Ask for it again, or use another copy.";

  const isText = (value, most, least = 1) => typeof value === "string" && value.length <= most && value.trim().length >= least;
  const isList = (value, most, check, least = 1) => Array.isArray(value) && value.length >= least && value.length <= most && value.every(check);
  const isThing = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

  /** A saved file from its text: an assessment, or a message that says why it is none. */
  function read(text) {
    let found;
    try {
      found = JSON.parse(text);
    } catch {
      return { fault: text.includes(FORMAT) ? DAMAGED : FOREIGN };
    }
    if (!isThing(found) || found.format !== FORMAT) return { fault: FOREIGN };
    if (Number.isInteger(found.version) && found.version > VERSION) return { fault: NEWER };
    return whole(found) ? { assessment: found } : { fault: DAMAGED };
  }

  function whole(found) {
    const ids = new Set();
    const once = (id) => !ids.has(id) && Boolean(ids.add(id));
    const statement = (each) => isThing(each) && isText(each.text, 160)
      && (each.answer === null || each.answer === NOT_SURE
        || (Number.isInteger(each.answer) && each.answer >= 0 && each.answer < found.scale.length));
    const element = (each) => isThing(each) && isText(each.id, 40) && once(`e ${each.id}`) && isText(each.title, 80)
      && isList(each.statements, 2, statement);
    const part = (each) => isThing(each) && isText(each.id, 80) && once(`p ${each.id}`) && isText(each.title, 160)
      && isList(each.elements, 12, element);
    return found.version === VERSION && isText(found.label, 60, 0) && /^\d{4}-\d\d-\d\d$/.test(found.date)
      && !Number.isNaN(Date.parse(found.date)) && /^[0-9a-f]{8}$/.test(found.questions)
      && isList(found.scale, 6, (step) => isText(step, 24), 3) && isList(found.parts, 12, part);
  }

  const elementsOf = (assessment) => assessment.parts.flatMap((part) => part.elements);
  const wordsOf = (element) => element.statements.map((each) => each.text).join("\n");

  /** What a file asked that the page does not ask, and the other way about; titles of elements. */
  function differences(assessment, now) {
    const then = new Map(elementsOf(assessment).map((each) => [each.id, each]));
    const today = new Map(elementsOf(now).map((each) => [each.id, each]));
    const titles = (list) => list.map((each) => each.title);
    return {
      missing: titles([...today.values()].filter((each) => !then.has(each.id))),
      gone: titles([...then.values()].filter((each) => !today.has(each.id))),
      reworded: titles([...today.values()].filter((each) => then.has(each.id) && wordsOf(then.get(each.id)) !== wordsOf(each))),
      scale: assessment.scale.join("\n") !== now.scale.join("\n"),
    };
  }

  /* ---- Several files ---- */

  /** The middle of some values, the ends, and how far they lie from the middle on average. */
  function spread(values) {
    const known = values.filter((value) => value !== null).sort((one, other) => one - other);
    const count = known.length;
    if (!count) return { count };
    const half = Math.floor(count / 2);
    /* Twice the median: the mean of two values can lie between two units. */
    const twice = count % 2 ? 2 * known[half] : known[half - 1] + known[half];
    return { count, twice, low: known[0], high: known[count - 1],
      away: known.reduce((sum, value) => sum + Math.abs(2 * value - twice), 0) };
  }

  /** Whether views lie farther apart on one row than on another: on average, then end to end, then as they come. */
  function fartherApart(one, other) {
    return other.away * one.count - one.away * other.count
      || (other.high - other.low) - (one.high - one.low) || one.order - other.order;
  }

  /** Assessments beside each other: a row for each part and each element of any, those of today's questions first. */
  function compare(assessments, now) {
    const reckoned = assessments.map(reckon);
    const parts = new Map();
    for (const from of [reckon(now), ...reckoned]) {
      for (const part of from.parts) {
        const known = parts.get(part.id) || { id: part.id, title: part.title, elements: new Map() };
        parts.set(part.id, known);
        for (const each of part.elements) if (!known.elements.has(each.id)) known.elements.set(each.id, each.title);
      }
    }
    let order = 0;
    const row = (id, title, part, values) => {
      const known = values.filter((value) => value !== null);
      const change = known.length > 1 ? known[known.length - 1] - known[0] : null;
      return { id, title, part, values, change, order: order++, ...spread(values) };
    };
    const valueIn = (from, id) => {
      const found = from.parts.flatMap((part) => part.elements).find((each) => each.id === id);
      return found ? found.value : null;
    };
    const seen = new Set();
    const rows = [...parts.values()].map((part) => ({
      ...row(part.id, part.title, "", reckoned.map((from) => from.parts.find((each) => each.id === part.id)?.value ?? null)),
      /* An element that has moved from one part to another stands where it is asked today. */
      elements: [...part.elements].filter(([id]) => !seen.has(id) && seen.add(id))
        .map(([id, title]) => row(id, title, part.title, reckoned.map((from) => valueIn(from, id)))),
    }));
    const elements = rows.flatMap((part) => part.elements).filter((each) => each.count > 1);
    return {
      rows,
      apart: elements.filter((each) => each.away > 0).sort(fartherApart).slice(0, PICKED),
      moved: elements.filter((each) => each.change)
        .sort((one, other) => Math.abs(other.change) - Math.abs(one.change) || one.order - other.order).slice(0, PICKED),
    };
  }

  return { UNIT, FORMAT, VERSION, NOT_SURE, FOREIGN, say, reckon, nearest, read, differences, compare };
})();
