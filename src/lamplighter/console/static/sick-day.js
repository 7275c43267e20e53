// Brings the tally up to date every few seconds; the keyboard stays where it was.
(() => {
  const tally = document.getElementById("tally");
  if (!tally) return;
  let shown = "";

  const named = (form) => form && form.action + (form.elements.task ? form.elements.task.value : "");

  function show(fresh) {
    if (fresh === shown) return;
    shown = fresh;
    const held = tally.contains(document.activeElement) ? document.activeElement.closest("form") : null;
    const name = named(held);
    tally.innerHTML = fresh;
    if (!held) return;
    const again = [...tally.querySelectorAll("form")].find((form) => named(form) === name);
    (again ? again.querySelector("button") : document.getElementById("main")).focus();
  }

  async function look() {
    try {
      const answer = await fetch(tally.dataset.part, { headers: { accept: "text/html" } });
      if (answer.status === 404) return void location.assign("/sick-day?undone=yes");
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch {
      // the desk is away for a moment; the next look finds it
    }
    setTimeout(look, 2000);
  }

  setTimeout(look, 1000);
})();
