// The schedule's own few lines: the live stream and a watch over it, and choosing a day without a button.
"use strict";

(() => {
  const QUIET = 6000; // milliseconds; the desk says every second that it is there
  const LONGEST_WAIT = 20000;
  const main = document.getElementById("main");
  const offline = document.getElementById("offline");
  let stream = null;
  let heard = performance.now();
  let tried = 0;
  let wait = QUIET;
  let waiting = null; // a board that came while a visit is carried

  function say(lost) {
    offline.classList.remove("unproven");
    offline.hidden = !lost;
  }

  // Whoever has the focus in a column or has scrolled stays there.
  function put(text) {
    const board = document.getElementById("board");
    const wrap = board.querySelector(".grid-wrap");
    const [left, top] = [wrap?.scrollLeft ?? 0, wrap?.scrollTop ?? 0];
    const held = board.contains(document.activeElement) ? document.activeElement : null;
    const name = held?.id;
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("board");
    if (!fresh) return;
    board.replaceWith(fresh);
    const again = fresh.querySelector(".grid-wrap");
    if (again) { again.scrollLeft = left; again.scrollTop = top; }
    if (held) (name && document.getElementById(name) || again || main).focus({ preventScroll: true });
    main.dispatchEvent(new CustomEvent("drawn"));
  }

  function connect() {
    stream?.close();
    tried = performance.now();
    const mine = new EventSource(main.dataset.stream);
    mine.addEventListener("message", (event) => {
      if (stream !== mine) return;
      if (document.body.dataset.carries) waiting = event.data; else put(event.data);
    });
    mine.addEventListener("here", () => { if (stream === mine) { heard = performance.now(); wait = QUIET; say(false); } });
    mine.addEventListener("error", () => { if (mine.readyState === EventSource.CLOSED) refused(mine); });
    stream = mine;
  }

  // The shift is over, and the page then says how to open the desk again; or the desk has a fault, and the watch goes on.
  async function refused(mine) {
    const answer = await fetch(main.dataset.stream, { method: "HEAD" }).catch(() => null);
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

  main.addEventListener("put-down", () => {
    if (waiting !== null) put(waiting);
    waiting = null;
  });

  // What is going on now stands in sight when the page opens.
  const line = document.querySelector(".grid .now-line");
  const wrap = document.querySelector(".grid-wrap");
  if (line && wrap) wrap.scrollTop = Math.max(0, line.offsetTop - wrap.clientHeight / 3);

  const pick = document.querySelector("[data-pick]");
  pick?.querySelector("select")?.addEventListener("change", () => pick.requestSubmit());

  connect();
  setInterval(watch, 1000);
  document.addEventListener("visibilitychange", watch);
})();
