/* A page that moved: go where it is now, with the place on the page and the question that the link names. */
(() => {
  "use strict";

  const to = new URL(document.currentScript.dataset.to, location.href);
  if (to.origin !== location.origin) return;
  if (!to.hash) to.hash = location.hash;
  if (!to.search) to.search = location.search;
  location.replace(to.href);
})();
