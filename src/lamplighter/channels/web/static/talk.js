// Chat and text: one page each, the same talk.
"use strict";

(() => {
  const box = document.querySelector("[data-line]");
  const words = JSON.parse(document.getElementById("page-words").textContent);
  const state = box.querySelector("[data-state]");
  const form = box.querySelector("[data-write]");
  const field = form.elements.words;
  const again = box.querySelector("[data-again]");
  const thread = new Thread(box.querySelector("[data-thread]"), words);
  const line = new Line(box.dataset.line);
  const ticketName = `ticket:${location.host}`;
  const isText = box.dataset.kind === "text";
  let over = false;

  const ticket = {
    get: () => { try { return sessionStorage.getItem(ticketName); } catch { return null; } },
    set: (value) => { try { sessionStorage.setItem(ticketName, value); } catch { /* lost with the page */ } },
    drop: () => { try { sessionStorage.removeItem(ticketName); } catch { /* there was none */ } },
  };

  function show(text, wrong = false) {
    state.textContent = text;
    state.classList.toggle("wrong", wrong);
  }

  function newId() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function fit() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 144)}px`;
  }

  line.addEventListener("up", () => {
    line.send(isText
      ? { type: "hello", number: box.dataset.number }
      : { type: "hello", ticket: ticket.get(), locale: box.dataset.locale });
  });
  line.addEventListener("hello", ({ detail }) => {
    show(words.connected);
    if (detail.ticket) ticket.set(detail.ticket);
    for (const [id, item] of thread.waiting) line.send({ type: "say", id, text: item.text });
  });
  line.addEventListener("entries", ({ detail }) => {
    if (detail.whole) thread.clear();
    thread.thinking(false);
    thread.add(detail.entries);
    const last = detail.entries.at(-1);
    over = last ? last.who === "note" && last.text === "ended" : over;
    if (last && last.who === "person") thread.thinking(true);
    if (!state.classList.contains("wrong")) show(words.connected);
    form.classList.toggle("over", over);
  });
  line.addEventListener("taken", ({ detail }) => {
    const item = thread.waiting.get(detail.id);
    if (item) thread.giveBack(detail.id);
    thread.thinking(false);
    show(words.connected);
  });
  line.addEventListener("error", ({ detail }) => {
    thread.thinking(false);
    show(words[detail.code] ?? words.failed, true);
    if (detail.code === "not_yours") { ticket.drop(); return line.socket.close(); }
    if (detail.id) { field.value = [thread.giveBack(detail.id), field.value].filter(Boolean).join("\n"); fit(); }
  });
  line.addEventListener("down", () => show(words.lost, true));

  function submit() {
    const text = field.value.trim();
    if (!text) return;
    if (text.length > 8000) return show(words.too_long, true);
    const id = newId();
    thread.wait(id, text);
    field.value = "";
    fit();
    if (line.open) { show(words.sending); line.send({ type: "say", id, text }); }
    else show(line.tries ? words.lost : words.connecting, line.tries > 0);
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); field.focus(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  field.addEventListener("input", fit);
  again?.addEventListener("click", () => { ticket.drop(); location.reload(); });
  // Leaves at once and without a trace here: another page stands in place of this one, and the talk can't be reopened.
  const leave = box.querySelector("[data-leave]");
  function go() {
    ticket.drop();
    document.body.replaceChildren();
    location.replace(leave.dataset.leave);
  }
  let escaped = 0;
  leave?.addEventListener("click", go);
  document.addEventListener("keydown", (event) => {
    if (!leave || event.key !== "Escape" || event.isComposing) return;
    if (event.timeStamp - escaped < 1000) go();
    escaped = event.timeStamp;
  });
  line.connect();
  if (matchMedia("(pointer: fine)").matches) field.focus();
})();
