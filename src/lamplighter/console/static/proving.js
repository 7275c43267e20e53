// How far the proof of the ledger is; once it is over the page is drawn anew, with what came of it.
(() => {
  const box = document.querySelector("[data-proving]");
  if (!box) return;
  const bar = box.querySelector("progress"), done = box.querySelector("[data-done]");

  async function look() {
    let stands;
    try {
      const answer = await fetch("/ledger/proof", { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      stands = await answer.json();
    } catch {
      return void setTimeout(look, 5000);
    }
    if (!stands.running) return location.reload();
    bar.value = stands.done;
    done.textContent = stands.done;
    setTimeout(look, 1000);
  }

  setTimeout(look, 500);
})();
