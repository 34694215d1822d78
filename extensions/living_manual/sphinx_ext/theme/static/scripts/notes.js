/* Notes on a picture: the note that is pointed at lights its part of the picture, and the other way
   round. The links between them need no script. */
(() => {
  "use strict";

  for (const picture of document.querySelectorAll("[data-annotated]")) {
    const marks = [...picture.querySelectorAll(".mark")];
    const notes = [...picture.querySelectorAll(".note")];
    const light = (nth, on) => {
      marks[nth].classList.toggle("is-lit", on);
      notes[nth].classList.toggle("is-lit", on);
    };
    [...marks, ...notes].forEach((element, place) => {
      const nth = place % marks.length;
      for (const [name, on] of [["pointerenter", true], ["pointerleave", false], ["focusin", true], ["focusout", false]]) {
        element.addEventListener(name, () => light(nth, on));
      }
    });
  }
})();
