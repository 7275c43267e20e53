// Sends the pictures with a bar that moves, smaller than a telephone makes them, and keeps them chosen where it fails.
// Without it the form is sent by the browser itself, to the same effect.
(() => {
  const form = document.getElementById("card");
  if (!form || !window.FormData || !window.XMLHttpRequest) return;
  const LONGEST = 2000;
  const wrong = document.getElementById("wrong");
  const sending = document.getElementById("sending");
  const bar = document.getElementById("progress");
  const button = form.querySelector("button");

  const say = (words) => {
    wrong.textContent = words;
    wrong.hidden = !words;
    if (words) wrong.scrollIntoView({ block: "center" });
  };

  const underWay = (on) => {
    button.disabled = on;
    sending.hidden = bar.hidden = !on;
    sending.textContent = on ? form.dataset.sending : "";
    bar.value = 0;
  };

  // As it is where the browser can't draw it: then the desk's own reader says what is wrong with it.
  const smaller = async (file) => {
    try {
      const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
      const by = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
      if (by === 1 && file.size < 1_000_000) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(drawn.width * by);
      canvas.height = Math.round(drawn.height * by);
      canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
      return made || file;
    } catch {
      return file;
    }
  };

  const isTooLarge = (piece) => piece.size > Number(form.dataset.most);

  const failed = (words) => {
    underWay(false);
    say(words || form.dataset.cutOff);
  };

  const answered = (request) => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const told = page.getElementById("wrong");
    if (told && !told.hidden) return failed(told.textContent);
    location.replace(request.responseURL || location.href);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    underWay(true);
    const sent = new FormData();
    for (const input of form.querySelectorAll("input[type=file]")) {
      if (!input.files.length) continue;
      const piece = await smaller(input.files[0]);
      if (isTooLarge(piece)) return failed(form.dataset.tooLarge);
      sent.append(input.name, piece, `${input.name}.jpg`);
    }
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (told) => {
      if (told.lengthComputable) bar.value = told.loaded / told.total;
    });
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => failed(""));
    request.addEventListener("abort", () => failed(""));
    request.open("POST", form.getAttribute("action"));
    request.send(sent);
  });
})();
