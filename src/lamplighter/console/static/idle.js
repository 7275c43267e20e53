// A page that nobody touches signs out by itself. What a person does on it keeps it open; it warns a minute before.
"use strict";

(() => {
  const EVERY = 10000; // milliseconds between looks
  const WARNED = 60; // seconds
  const box = document.getElementById("idle");
  let touched = false;

  for (const kind of ["keydown", "pointerdown", "wheel", "touchstart"]) {
    document.addEventListener(kind, (event) => { touched ||= event.isTrusted; }, { capture: true, passive: true });
  }

  async function look() {
    const told = touched;
    touched = false;
    try {
      const answer = told
        ? await fetch("/here", { method: "POST", headers: { "x-csrf": box.dataset.csrf } })
        : await fetch("/idle");
      if (answer.status === 403) { location.reload(); return; }
      if (answer.ok) box.hidden = (await answer.json()).left > WARNED;
    } catch {
      touched ||= told;
    }
  }

  box.querySelector("[data-stay]").addEventListener("click", look);
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
})();
