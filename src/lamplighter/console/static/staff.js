// The staff page's own few lines: the live stream and a watch over it, forms without a reload, a transcript that stays
// at its end.
"use strict";

(() => {
  const QUIET = 6000; // milliseconds; the desk says every second that it is there
  const LONGEST_WAIT = 20000;
  const WRITING = 5000;
  const offline = document.getElementById("offline");
  const live = document.getElementById("live");
  let stream = null;
  let heard = performance.now();
  let tried = 0;
  let wait = QUIET;

  function say(lost) {
    offline.classList.remove("unproven");
    offline.hidden = !lost;
  }

  // A stream begins with all that the page shows: to open a new one is to catch up.
  function connect() {
    stream?.close();
    tried = performance.now();
    const mine = new EventSource(live.dataset.stream);
    let done = Promise.resolve();
    const next = (step) => {
      done = done.then(() => stream === mine && step()).catch((error) => stream === mine && lose(error));
    };
    mine.addEventListener("message", (event) => next(() => put(event.data)));
    mine.addEventListener("here", () => next(alive));
    mine.addEventListener("error", () => { if (mine.readyState === EventSource.CLOSED) refused(mine); });
    stream = mine;
  }

  // What is drawn anew keeps whoever writes in it where they were.
  async function put(text) {
    let field = document.activeElement;
    const follow = (event) => { field = event.target; };
    document.addEventListener("focusin", follow);
    try {
      await htmx.swap({ text, sourceElement: live, target: live, swap: "none" });
    } finally {
      document.removeEventListener("focusin", follow);
    }
    const [from, to] = [field?.selectionStart, field?.selectionEnd];
    const again = field?.id && document.activeElement !== field && document.getElementById(field.id);
    if (!again || document.activeElement !== document.body) return;
    again.focus();
    if (again.matches("textarea")) again.setSelectionRange(from, to);
  }

  function alive() {
    heard = performance.now();
    wait = QUIET;
    say(false);
  }

  function lose(error) {
    console.error(error);
    stream.close();
    stream = null;
    say(true);
  }

  // The shift is over, and the page then says how to open the desk again; or the desk has a fault, and the watch goes on.
  async function refused(mine) {
    const answer = await fetch(live.dataset.stream, { method: "HEAD" }).catch(() => null);
    if (stream !== mine) return;
    if (answer?.status === 403) location.reload(); else say(true);
  }

  function watch() {
    const now = performance.now();
    if (now - heard < QUIET) return;
    say(true);
    if (now - tried < wait) return;
    wait = Math.min(wait * 2, LONGEST_WAIT);
    connect();
  }

  connect();
  setInterval(watch, 1000);
  document.addEventListener("visibilitychange", watch);

  async function quietly(form) {
    const wrong = form.parentElement.querySelector("[data-wrong]");
    const button = form.querySelector("button");
    const field = form.querySelector("textarea");
    button.disabled = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "x-quiet": "1" },
      });
      if (answer.ok) { if (field) field.value = ""; if (wrong) wrong.textContent = ""; return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const said = page.querySelector("h1")?.textContent ?? "That did not work";
      if (wrong) wrong.textContent = said; else location.reload();
    } catch {
      if (wrong) wrong.textContent = "The desk can't be reached. Nothing was sent."; else say(true);
    } finally {
      button.disabled = false;
      if (field) field.focus();
    }
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-quiet]")) return;
    event.preventDefault();
    quietly(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-reply]");
    if (form && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (form.reportValidity()) quietly(form);
    }
  });

  // Whoever is being written to in a crisis is not spoken to by the assistant meanwhile.
  let wrote = -Infinity;
  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("[data-reply]");
    if (!form || performance.now() - wrote < WRITING) return;
    wrote = performance.now();
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    fetch(form.dataset.reply, { method: "POST", body, headers: { "x-quiet": "1" } }).catch(() => null);
  });

  const detail = document.getElementById("detail");
  let atEnd = true;
  const lines = () => document.getElementById("detail-lines");
  const toEnd = () => { lines().scrollTop = lines().scrollHeight; };
  detail.addEventListener("scroll", () => {
    const list = lines();
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  }, true);
  // What somebody unfolded stays so while it is drawn anew, be it between the click and the unfolding.
  let unfolded = null;
  detail.addEventListener("click", ({ target }) => {
    const folded = target.closest(".on-file > summary")?.parentElement;
    if (folded) unfolded = folded.open ? null : folded.dataset.of;
  });
  const unfold = () => {
    const folded = detail.querySelector(".on-file:not([open])");
    if (folded && folded.dataset.of === unfolded) folded.open = true;
  };

  new MutationObserver(() => { unfold(); if (atEnd) toEnd(); }).observe(detail, { childList: true, subtree: true, characterData: true });
  toEnd();

  new MutationObserver(() => {
    const waiting = parseInt(document.getElementById("summary").textContent, 10);
    document.title = (waiting ? `(${waiting}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  }).observe(document.querySelector("header"), { childList: true, subtree: true, characterData: true });
})();
