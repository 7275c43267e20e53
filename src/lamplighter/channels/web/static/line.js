// A line to the practice that comes back by itself. What was said while it was down is sent when it is up again.
"use strict";

class Line extends EventTarget {
  constructor(path) {
    super();
    this.address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    this.tries = 0;
    this.open = false;
    this.closed = false;
  }

  connect() {
    if (this.closed) return;
    this.socket = new WebSocket(this.address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.tell("up");
    this.socket.onmessage = (message) => this.take(message.data);
    this.socket.onclose = () => this.lost();
  }

  take(data) {
    this.tries = 0;
    if (typeof data !== "string") return this.tell("sound", data);
    const frame = JSON.parse(data);
    if (frame.type === "hello") this.open = true;
    this.tell(frame.type, frame);
  }

  lost() {
    const was = this.open;
    this.open = false;
    if (this.closed) return;
    this.tell("down", { was });
    this.tries += 1;
    const wait = Math.min(15000, 400 * 2 ** Math.min(this.tries, 6)) * (0.7 + Math.random() * 0.6);
    this.timer = setTimeout(() => this.connect(), wait);
  }

  send(frame) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  sendSound(bytes) {
    if (this.open && this.socket.bufferedAmount < 64000) this.socket.send(bytes);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    if (this.socket) this.socket.close();
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// The thread on the page: entries as the log has them, and below them what is still on its way.
class Thread {
  constructor(list, words) {
    this.list = list;
    this.words = words;
    this.seen = new Set();
    this.waiting = new Map();
  }

  clear() {
    this.seen.clear();
    this.list.replaceChildren(...[...this.waiting.values()].map((item) => item.element));
  }

  fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  add(entries) {
    for (const entry of entries) {
      if (this.seen.has(entry.id)) continue;
      this.seen.add(entry.id);
      if (entry.who === "person") this.arrived(entry.text);
      this.list.insertBefore(this.draw(entry), this.firstWaiting());
    }
    this.toEnd();
  }

  firstWaiting() {
    return this.list.querySelector("[data-waiting]");
  }

  arrived(text) {
    for (const [id, item] of this.waiting) {
      if (item.text !== text) continue;
      item.element.remove();
      this.waiting.delete(id);
      return;
    }
  }

  draw(entry) {
    const item = document.createElement("div");
    if (entry.who === "note") {
      item.className = "note";
      item.textContent = this.fill(this.words[entry.text], { name: entry.name });
      return item;
    }
    return this.bubble(item, entry.who, entry.text, entry.name);
  }

  bubble(item, who, text, name) {
    item.className = `bubble ${who}`;
    const by = document.createElement("span");
    by.className = "by";
    by.textContent = who === "person" ? this.words.you : who === "staff" ? name : this.words.agent;
    const words = document.createElement("p");
    words.dir = "auto";
    words.textContent = text;
    item.append(by, words);
    const before = this.firstWaiting()?.previousElementSibling ?? this.list.lastElementChild;
    if (before?.classList.contains(who) && before.querySelector(".by")?.textContent === by.textContent) {
      item.classList.add("same");
    }
    return item;
  }

  wait(id, text) {
    const element = this.bubble(document.createElement("div"), "person", text, "");
    element.classList.add("waiting");
    element.dataset.waiting = "";
    this.waiting.set(id, { text, element });
    this.list.append(element);
    this.toEnd();
  }

  giveBack(id) {
    const item = this.waiting.get(id);
    if (!item) return "";
    item.element.remove();
    this.waiting.delete(id);
    return item.text;
  }

  thinking(on) {
    this.dots ??= (() => {
      const dots = document.createElement("div");
      dots.className = "dots";
      dots.dataset.waiting = "";
      const label = document.createElement("span");
      label.className = "hidden";
      label.textContent = this.words.typing;
      dots.append(label, ...[0, 1, 2].map(() => document.createElement("i")));
      return dots;
    })();
    if (on) this.list.append(this.dots);
    else this.dots.remove();
    this.toEnd();
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }
}
