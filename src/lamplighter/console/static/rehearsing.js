// How far the safety rehearsal is; once it is over the page is drawn anew, with what came of it.
(() => {
  const box = document.querySelector("[data-rehearsing]");
  if (!box) return;
  const bar = box.querySelector("progress");
  const played = box.querySelector("[data-played]"), scenes = box.querySelector("[data-scenes]");

  async function look() {
    let stands;
    try {
      const answer = await fetch("/protocol/rehearsing", { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      stands = await answer.json();
    } catch {
      return void setTimeout(look, 5000);
    }
    if (!stands.running) return location.reload();
    if (stands.scenes) {
      bar.max = stands.scenes;
      bar.value = stands.played;
      played.textContent = stands.played;
      scenes.textContent = stands.scenes;
    }
    setTimeout(look, 1500);
  }

  setTimeout(look, 1000);
})();
