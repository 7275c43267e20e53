// Looking over by keyboard: j and k go from one to the next, r and w mark it, n opens the next that waits; ids are copied.
"use strict";

(() => {
  const stops = () => [...document.querySelectorAll("[data-stop]")].filter((each) => each.checkVisibility());
  const writes = (element) => element.closest("input, select, textarea, [contenteditable]");

  function step(by) {
    const all = stops();
    if (!all.length) return;
    const at = all.findIndex((each) => each.contains(document.activeElement));
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  function mark(how) {
    const at = document.activeElement.closest("[data-stop]");
    if (at && at.matches("a")) { location.href = `${at.href}#${how}`; return; }
    const judged = (at || document.querySelector("#judged"))?.querySelector(".judge");
    if (!judged) return;
    if (how === "right") { judged.querySelector("[data-right] button")?.focus(); judged.querySelector("[data-right]")?.requestSubmit(judged.querySelector("[data-right] button")); return; }
    open(judged);
  }

  function open(judged) {
    const wrong = judged.querySelector("[data-wrong]");
    if (!wrong) return;
    wrong.open = true;
    wrong.querySelector("select, textarea").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const wrong = event.target.closest("[data-wrong][open]");
      if (wrong) { wrong.open = false; wrong.querySelector("summary").focus(); }
      return;
    }
    if (writes(event.target)) return;
    const acts = {
      j: () => step(1), k: () => step(-1), r: () => mark("right"), w: () => mark("wrong"),
      n: () => document.querySelector("[data-next]")?.click(),
    };
    if (!(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const told = document.querySelector("[data-copied]");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      told.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
      told.textContent = "Selected: copy it with your keyboard";
    }
  });

  // From the queue: the contact opens at its mark.
  const whole = document.querySelector("[data-whole]");
  if (whole && location.hash === "#wrong") open(whole);
  if (whole && location.hash === "#right") whole.querySelector("[data-right] button")?.focus();
  const turn = /^#turn-\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (turn) { turn.closest("details:not([open])")?.setAttribute("open", ""); turn.focus(); turn.scrollIntoView(); }
})();
