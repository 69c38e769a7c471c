/* The page of what is still on this phone: every photo with its state, the reason of a refusal, and what can be done. */

import "../photo-store.js";
import { drawState, owner, picture } from "./photo-tile.js";
import { toast } from "./talk.js";

const PHASES = { before: "Before", after: "After", other: "Other" };
const size = (bytes) => (bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function button(words, action, id, kind = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn sm ${kind}`;
  made.dataset.do = action;
  made.dataset.id = id;
  made.textContent = words;
  return made;
}

function row(photo, icons) {
  const item = document.createElement("li");
  item.dataset.id = photo.id;
  const text = document.createElement("div");
  text.className = "grow";
  const title = text.appendChild(document.createElement("p"));
  title.className = "b";
  title.textContent = photo.label || "Photo";
  const about = text.appendChild(document.createElement("p"));
  about.className = "sm muted";
  about.textContent = `${PHASES[photo.fields.phase] ?? "Photo"} · ${size(photo.bytes.byteLength)}`;
  const state = text.appendChild(document.createElement("p"));
  state.className = `st is-${photo.state === "refused" || photo.state === "signin" ? "bad" : "warn"}`;
  drawState(state, photo, icons);
  if (photo.why) {
    const why = text.appendChild(document.createElement("p"));
    why.className = "sm why";
    why.textContent = photo.why;
  }
  if (photo.state === "refused") {
    const tools = text.appendChild(document.createElement("p"));
    tools.className = "row-tight";
    tools.append(button("Try again", "retry", photo.id), button("Remove", "remove", photo.id, "danger"));
  }
  item.append(picture(photo, icons), text);
  return item;
}

export default async function photoList(el) {
  const { photoStore } = self;
  const { icons } = el.dataset;
  const list = el.querySelector("[data-list]");
  const show = (name, shown) => (el.querySelector(`[data-${name}]`).hidden = !shown);

  const draw = async () => {
    const every = await photoStore.all();
    const mine = every.filter((photo) => photo.owner === owner());
    const others = new Set(every.filter((photo) => photo.owner !== owner()).map((photo) => photo.ownerName));
    list.replaceChildren(...mine.map((photo) => row(photo, icons)));
    show("empty", !mine.length);
    show("some", mine.length);
    show("signin", mine.some((photo) => photo.state === "signin"));
    show("others", others.size);
    el.querySelector("[data-names]").textContent = [...others].join(" and ");
  };
  const again = async (id) => {
    const photo = (await photoStore.all()).find((one) => one.id === id);
    if (photo) await photoStore.put({ ...photo, state: "waiting", why: "", next: 0 });
    await draw();
    photoStore.drain(true);
  };
  const remove = async (id) => {
    const photo = (await photoStore.all()).find((one) => one.id === id);
    await photoStore.drop(id);
    photoStore.tell({ id, state: "removed" });
    const undo = async () => {
      await photoStore.put(photo);
      photoStore.tell({ id, state: photo.state });
    };
    toast("Photo removed from this phone.", { undo });
  };

  el.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-do]");
    if (pressed?.dataset.do === "send") photoStore.drain(true);
    if (pressed?.dataset.do === "retry") again(pressed.dataset.id);
    if (pressed?.dataset.do === "remove") remove(pressed.dataset.id);
  });
  photoStore.listen((photo) => {
    const state = photo.id && list.querySelector(`[data-id="${CSS.escape(photo.id)}"] .st`);
    if (state && photo.state === "sending") drawState(state, photo, icons);
    else draw();
  });
  await draw();
}
