// Counts down while a change can be taken back, and takes the button away when it can't be any more.
"use strict";

(() => {
  const bar = document.querySelector("[data-undo]");
  if (!bar) return;
  const left = bar.querySelector("[data-left]");
  const over = performance.now() + Number(bar.dataset.seconds) * 1000;

  function count() {
    const seconds = Math.ceil((over - performance.now()) / 1000);
    if (seconds <= 0) return void bar.remove();
    left.textContent = ` (${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")})`;
    setTimeout(count, 500);
  }
  count();
})();
