// The staff page's own few lines: forms without a reload, a transcript that stays at its end, a word when the line is lost.
"use strict";

(() => {
  const offline = document.getElementById("offline");

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
      if (wrong) wrong.textContent = "The desk can't be reached. Nothing was sent."; else offline.hidden = false;
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

  const detail = document.getElementById("detail");
  let atEnd = true;
  const lines = () => document.getElementById("detail-lines");
  const toEnd = () => { lines().scrollTop = lines().scrollHeight; };
  detail.addEventListener("scroll", () => {
    const list = lines();
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  }, true);
  new MutationObserver(() => { if (atEnd) toEnd(); }).observe(detail, { childList: true, subtree: true, characterData: true });
  toEnd();

  new MutationObserver(() => {
    const waiting = parseInt(document.getElementById("summary").textContent, 10);
    document.title = (waiting ? `(${waiting}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  }).observe(document.querySelector("header"), { childList: true, subtree: true, characterData: true });

  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail.status === 403) location.reload(); // the shift is over: the page says how to open the desk again
    offline.hidden = false;
  });
  document.addEventListener("htmx:sse:close", () => { offline.hidden = false; });
  document.addEventListener("htmx:sse:before:connection", (event) => {
    if (event.detail.connection.attempt > 0) offline.hidden = false;
  });
  document.addEventListener("htmx:sse:after:connection", () => { offline.hidden = true; });
})();
