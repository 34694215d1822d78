/* Light, dark or automatic, set before the first paint. Loaded in the head without defer: keep it small. */
(function () {
  var root = document.documentElement, mode = null;
  try { mode = localStorage.getItem("mode"); } catch (error) { /* storage is blocked: automatic */ }
  if (mode !== "light" && mode !== "dark") mode = "auto";
  root.dataset.mode = mode;
  root.dataset.theme = mode !== "auto" ? mode
    : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.classList.add("js");
})();
