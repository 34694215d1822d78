/* A clip: times become buttons that go there and play, chapters do the same, and the comment of the
   moment is lit while the clip plays. Without this script the clip plays and all of it can be read. */
(() => {
  "use strict";

  for (const clip of document.querySelectorAll("[data-clip]")) {
    const video = clip.querySelector("video");

    /** Go to a moment, in seconds, and play from there. */
    const play = (seconds) => {
      const begin = () => {
        video.currentTime = seconds;
        video.play().catch(() => { /* the browser wants a tap on the clip itself */ });
      };
      if (video.readyState > 0) begin();
      else {
        video.addEventListener("loadedmetadata", begin, { once: true });
        video.load();
      }
      const box = video.getBoundingClientRect();
      if (box.top < 0 || box.bottom > innerHeight) video.scrollIntoView({ block: "nearest" });
    };

    for (const time of clip.querySelectorAll(".clip-time")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = time.className;
      button.textContent = time.textContent;
      button.setAttribute("aria-label", `${time.textContent}: play from here`);
      button.addEventListener("click", () => play(Number(time.dataset.at)));
      time.replaceWith(button);
    }
    for (const link of clip.querySelectorAll(".clip-chapters a")) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        play(Number(link.dataset.at));
      });
    }

    const comments = [...clip.querySelectorAll(".clip-comment")];
    const chapters = [...clip.querySelectorAll(".clip-chapters a")];
    const light = () => {
      const now = video.currentTime;
      const begun = !video.paused || now > 0;
      for (const comment of comments) {
        const on = begun && Number(comment.dataset.from) <= now && now < Number(comment.dataset.to);
        comment.classList.toggle("is-lit", on);
        if (on) comment.setAttribute("aria-current", "true");
        else comment.removeAttribute("aria-current");
      }
      const current = begun ? chapters.filter((link) => Number(link.dataset.at) <= now).pop() : null;
      for (const link of chapters) {
        if (link === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    for (const name of ["timeupdate", "seeked", "play", "pause"]) video.addEventListener(name, light);
  }
})();
