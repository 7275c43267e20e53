// The call page: one button, and everything works without a microphone.
"use strict";

(() => {
  const words = JSON.parse(document.getElementById("page-words").textContent);
  const find = (name) => document.querySelector(`[data-${name}]`);
  const [start, startLabel, callState, micState, mute] = ["start", "start-label", "call-state", "mic-state", "mute"].map(find);
  const [state, interim, form, from] = ["state", "interim", "write", "from"].map(find);
  const field = form.elements.words;
  const keys = [...document.querySelectorAll("[data-key]")];
  const thread = new Thread(find("thread"), words);
  let line = null;
  let sound = null;
  let speech = find("speech").dataset.speech;

  function show(text, wrong = false) {
    state.textContent = text;
    state.classList.toggle("wrong", wrong);
  }

  function draw(on) {
    start.classList.toggle("on", on);
    startLabel.textContent = on ? words.call_stop : words.call_start;
    for (const each of [...keys, field, form.querySelector("button")]) each.disabled = !on;
    if (from) from.disabled = on;
    if (!on) { mute.hidden = true; interim.textContent = ""; micState.textContent = ""; }
  }

  async function begin() {
    thread.waiting.clear();
    thread.clear();
    show("");
    draw(true);
    callState.textContent = words.call_ringing;
    line = new Line("/call/line");
    listenTo(line);
    sound = new CallSound((piece) => line?.sendSound(piece));
    line.connect();
    const opened = sound;
    try { await opened.open(); } catch { micState.textContent = words.mic_none; return; }
    micState.textContent = words.mic_waiting;
    try {
      await opened.listen();
      if (opened !== sound) return;
      micState.textContent = words.mic_on;
      mute.hidden = false;
      mute.setAttribute("aria-pressed", "false");
      mute.textContent = words.mute;
    } catch {
      if (opened === sound) micState.textContent = words.mic_none;
    }
  }

  function end(text) {
    line?.close();
    sound?.close();
    line = sound = null;
    draw(false);
    thread.thinking(false);
    callState.textContent = text;
    show("");
  }

  function listenTo(current) {
    const on = (type, take) => current.addEventListener(type, (event) => { if (current === line) take(event.detail); });
    on("up", () => current.send({ type: "hello", number: from?.value || null }));
    on("hello", () => { callState.textContent = words.call_on; field.focus({ preventScroll: true }); });
    on("entries", (frame) => {
      thread.thinking(false);
      thread.add(frame.entries);
      if (frame.entries.at(-1)?.who === "person") thread.thinking(true);
    });
    on("interim", (frame) => { interim.textContent = frame.text; });
    on("speaking", () => { if (speech === "ready") show(words.speaking); });
    on("listening", () => { if (speech === "ready" && sound?.capture) show(words.listening); else show(""); });
    on("sound", (frame) => sound?.play(frame));
    on("hush", () => sound?.hush());
    on("taken", (frame) => { thread.giveBack(frame.id); });
    on("over", () => setTimeout(() => { if (current === line) end(words.call_over); }, 400));
    on("error", (frame) => {
      thread.thinking(false);
      show(words[frame.code] ?? words.failed, true);
      if (frame.id) field.value = [thread.giveBack(frame.id), field.value].filter(Boolean).join("\n");
      if (frame.closing) end(words[frame.code] ?? words.failed);
    });
    on("down", () => end(words.call_over));
  }

  start.addEventListener("click", () => (line ? end(words.call_over) : begin()));
  mute.addEventListener("click", () => {
    const muted = mute.getAttribute("aria-pressed") !== "true";
    sound?.mute(muted);
    mute.setAttribute("aria-pressed", String(muted));
    mute.textContent = muted ? words.unmute : words.mute;
    micState.textContent = muted ? words.muted : words.mic_on;
  });

  function press(key) {
    line?.send({ type: "keys", keys: key });
    sound?.hush();
    const button = keys.find((each) => each.dataset.key === key);
    button?.classList.add("down");
    setTimeout(() => button?.classList.remove("down"), 150);
  }
  for (const button of keys) button.addEventListener("click", () => press(button.dataset.key));
  document.addEventListener("keydown", (event) => {
    if (!line || event.target === field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[0-9*#]$/.test(event.key) && event.target.tagName !== "SELECT") press(event.key);
  });

  function submit() {
    const text = field.value.trim();
    if (!text || !line?.open) return;
    if (text.length > 8000) return show(words.too_long, true);
    const id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    sound?.hush();
    thread.wait(id, text);
    field.value = "";
    line.send({ type: "say", id, text });
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });

  function drawSpeech(status) {
    speech = status.state;
    find("speech").dataset.speech = speech;
    const percent = String(status.percent);
    find("speech-line").textContent = {
      ready: words.speech_ready,
      installing: words.speech_installing.replace("{percent}", percent),
      absent: words.speech_absent,
    }[speech];
    const asks = speech === "absent" && status.remedy;
    find("speech-more").textContent = speech === "installing" ? words.speech_installing_more : asks ? words.speech_remedy : "";
    const progress = find("speech-progress");
    progress.hidden = speech !== "installing";
    progress.value = status.percent;
    const remedy = find("speech-remedy");
    remedy.hidden = !asks;
    remedy.textContent = asks ? status.remedy : "";
  }
  async function look() {
    try { drawSpeech(await (await fetch("/speech")).json()); } catch { /* the next look may work */ }
    if (speech !== "ready") setTimeout(look, 2000);
  }
  look();
})();
