// Moving a visit on the schedule: dragged, or picked up with M and carried by the arrow keys through the places that are
// free for it. Where it is dropped, the desk reads what its people would be told before anything is done.
"use strict";

(() => {
  const main = document.getElementById("main");
  const says = document.getElementById("says");
  if (!says) return;
  const STEP = 5; // minutes a row
  let carried = null; // { id, link, places } of the visit that is on its way

  const say = (text) => { says.textContent = text; };
  const links = (target) => target.closest?.("a[data-moves]");
  const columns = () => [...document.querySelectorAll(".grid .col")];
  const unique = (values) => [...new Set(values)];

  async function freePlaces(id) {
    const asked = new URLSearchParams({
      days: unique(columns().map((column) => column.dataset.day)).join(","),
      clinicians: unique(columns().map((column) => column.dataset.clinician)).join(","),
    });
    const answer = await fetch(`/schedule/visits/${encodeURIComponent(id)}/places?${asked}`);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  // Times begin closer together than a visit lasts: each is as high as it is far from the next, and its whole length
  // shows when it is aimed at.
  function drawn(column, places) {
    const first = Number(document.getElementById("board").dataset.first);
    const mine = places
      .filter((place) => place.clinician === column.dataset.clinician && place.day === column.dataset.day)
      .sort((one, other) => one.minute - other.minute);
    return mine.map((place, index) => {
      const rows = Math.ceil(place.minutes / STEP);
      const next = mine[index + 1] ? (mine[index + 1].minute - place.minute) / STEP : rows;
      const item = document.createElement("li");
      const [row, whole, part] = [`r${(place.minute - first) / STEP + 1}`, `n${rows}`, `n${Math.min(rows, next)}`];
      item.className = `place ${row} ${part}`;
      const button = document.createElement("button");
      button.type = "button";
      button.tabIndex = -1;
      button.setAttribute("aria-label", place.label);
      button.textContent = place.label.replace(/^.*?, .*?, /, "").replace(/ with .*$/, "");
      item.append(button);
      column.querySelector(".track").append(item);
      return { ...place, column, item, button, row, whole, part };
    });
  }

  async function pickUp(link) {
    putDown();
    const mine = { id: link.dataset.moves, link, places: [] };
    carried = mine;
    document.body.dataset.carries = mine.id;
    link.classList.add("carried");
    let places = [];
    say("Looking for places that are free.");
    try {
      places = await freePlaces(mine.id);
    } catch {
      if (carried === mine) { putDown(); say("The free times could not be read. Enter opens the visit."); }
      return false;
    }
    if (carried !== mine) return false;
    mine.places = columns().flatMap((column) => drawn(column, places));
    if (mine.places.length) return true;
    putDown();
    say("Nothing is free for it on what is shown. Enter opens it, with more times.");
    return false;
  }

  function aim(place) {
    for (const each of carried?.places ?? []) {
      const on = each === place;
      each.item.className = `place ${each.row} ${on ? each.whole : each.part}${on ? " aim" : ""}`;
    }
  }

  function putDown(back = false) {
    if (!carried) return;
    const { link, places } = carried;
    carried = null;
    for (const place of places) place.item.remove();
    link.classList.remove("carried");
    delete document.body.dataset.carries;
    main.dispatchEvent(new CustomEvent("put-down"));
    if (back) document.getElementById(link.id)?.focus();
  }

  // -- what they would be told ----------------------------------------------------------------------------------------

  const dialog = document.createElement("dialog");
  dialog.className = "asks one";
  document.body.append(dialog);

  async function ask(id, to, back) {
    const view = new URLSearchParams(main.dataset.stream.split("?")[1]).get("view") ?? "day";
    const path = `/schedule/visits/${encodeURIComponent(id)}/move?${new URLSearchParams({ to, view })}`;
    try {
      const answer = await fetch(path, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const preview = page.getElementById("preview");
      if (!answer.ok || !preview) return void location.assign(path);
      const title = page.querySelector("h1");
      title.id = "asks-title";
      dialog.replaceChildren(title, preview);
      dialog.setAttribute("aria-labelledby", "asks-title");
      dialog.dataset.back = back;
      dialog.showModal();
      dialog.querySelector("select").focus();
    } catch {
      location.assign(path);
    }
  }

  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("a.button")) { event.preventDefault(); dialog.close(); }
  });
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    document.getElementById(dialog.dataset.back)?.focus();
    say("It stays where it was.");
  });

  function drop(place) {
    const { id, link } = carried;
    putDown();
    say("");
    ask(id, place.to, link.id);
  }

  // -- dragged ----------------------------------------------------------------------------------------------------------

  const placeAt = (target) => carried?.places.find((place) => place.item.contains(target));

  main.addEventListener("dragstart", (event) => {
    const link = links(event.target);
    if (!link) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    pickUp(link);
  });
  main.addEventListener("dragover", (event) => {
    const place = placeAt(event.target);
    if (!place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    aim(place);
  });
  main.addEventListener("drop", (event) => {
    const place = placeAt(event.target);
    if (!place) return;
    event.preventDefault();
    drop(place);
  });
  main.addEventListener("dragend", () => putDown());

  // -- carried by keys --------------------------------------------------------------------------------------------------

  function nearest(places, minute) {
    return places.reduce((best, each) => (
      !best || Math.abs(each.minute - minute) < Math.abs(best.minute - minute) ? each : best
    ), null);
  }

  async function pickUpByKey(link) {
    if (!await pickUp(link)) return;
    const column = link.closest(".col");
    const row = Number(/\br(\d+)\b/.exec(link.closest("li").className)[1]);
    const minute = Number(document.getElementById("board").dataset.first) + (row - 1) * STEP;
    const here = carried.places.filter((place) => place.column === column);
    say(`Picked up. ${carried.places.length} places are free. Arrow keys carry it, Enter drops it, Escape leaves it.`);
    nearest(here.length ? here : carried.places, minute).button.focus();
  }

  function beside(place, step) {
    const all = columns();
    for (let at = all.indexOf(place.column) + step; all[at]; at += step) {
      const there = carried.places.filter((each) => each.column === all[at]);
      if (there.length) return nearest(there, place.minute);
    }
    return place;
  }

  function along(place, step) {
    const here = carried.places.filter((each) => each.column === place.column);
    return here[Math.max(0, Math.min(here.length - 1, here.indexOf(place) + step))];
  }

  function carry(event, place) {
    const to = {
      ArrowDown: () => along(place, 1),
      ArrowUp: () => along(place, -1),
      ArrowRight: () => beside(place, 1),
      ArrowLeft: () => beside(place, -1),
      Home: () => along(place, -Infinity),
      End: () => along(place, Infinity),
    }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      putDown(true);
      say("It stays where it was.");
    } else if (to) {
      event.preventDefault();
      to().button.focus();
    }
  }

  main.addEventListener("keydown", (event) => {
    const link = links(event.target);
    if (link && event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      pickUpByKey(link);
      return;
    }
    if (link && carried?.link === link && event.key !== "Tab") {
      event.preventDefault(); // its places are still being looked for
      if (event.key === "Escape") putDown(true);
      return;
    }
    const place = placeAt(event.target);
    if (place) carry(event, place);
  });
  main.addEventListener("focusin", (event) => {
    const place = placeAt(event.target);
    if (place) { aim(place); place.item.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });
  main.addEventListener("focusout", (event) => {
    if (placeAt(event.target) && event.relatedTarget && !placeAt(event.relatedTarget)) putDown();
  });
  main.addEventListener("click", (event) => {
    const place = placeAt(event.target);
    if (place) drop(place);
  });
})();
