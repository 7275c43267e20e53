// The pages under "More" close again: by Escape, and when the keyboard or the mouse goes elsewhere.
(() => {
  const more = document.querySelector("[data-more]");
  if (!more) return;
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });
  more.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !more.contains(event.relatedTarget)) more.open = false;
  });
  document.addEventListener("click", (event) => {
    if (!more.contains(event.target)) more.open = false;
  });
})();
