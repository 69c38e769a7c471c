/* Photos on a bad network: a picture is shrunk, kept on the phone, sent, and shown with its state until the server has it.
   Without script the same form posts the files directly. */

import "../photo-store.js";
import { csrf } from "./http.js";
import { toast } from "./toasts.js";

const EDGE_PX = 2048;
const QUALITY = 0.82;
const SMALL_BYTES = 900e3;
const LOOK_AGAIN_MS = 5000;

const WORDS = {
  waiting: ["clock", "Waiting"],
  sending: ["cloud-upload", "Sending"],
  sent: ["check", "Sent"],
  refused: ["circle-alert", "Needs you"],
  signin: ["lock", "Sign in again"],
};

/** A smaller JPEG of the picture, turned upright; the file itself where the browser cannot read it (raw HEIC). */
export async function shrink(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const scale = Math.min(1, EDGE_PX / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < SMALL_BYTES) {
    picture.close();
    return file;
  }
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const smaller = await new Promise((ok) => canvas.toBlob(ok, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0;
  return smaller && smaller.size < file.size ? smaller : file;
}

function drawState(tile, state, why, icons) {
  const [icon, words] = WORDS[state] ?? WORDS.waiting;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i-sm");
  svg.setAttribute("aria-hidden", "true");
  svg
    .appendChild(document.createElementNS("http://www.w3.org/2000/svg", "use"))
    .setAttribute("href", `${icons}#${icon}`);
  const line = tile.querySelector(".state");
  line.replaceChildren(svg, why || words);
  tile.classList.toggle("is-refused", state === "refused" || state === "signin");
  tile.querySelector("button")?.remove();
  if (state !== "refused") return;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "again";
  remove.setAttribute("aria-label", `Remove this photo from the phone. ${why || ""}`.trim());
  tile.append(remove);
}

function tileFor(photo, icons) {
  const tile = document.createElement("li");
  tile.dataset.id = photo.id;
  const img = tile.appendChild(document.createElement("img"));
  img.alt = `Photo ${photo.name}`;
  img.width = 240;
  img.height = 180;
  img.src = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
  img.addEventListener("load", () => URL.revokeObjectURL(img.src), { once: true });
  tile.appendChild(document.createElement("span")).className = "state";
  drawState(tile, photo.state, photo.why, icons);
  return tile;
}

export default async function photoQueue(form) {
  const { photoStore } = self;
  const list = form.querySelector("[data-photos]");
  const add = form.querySelector("[data-add]");
  const say = form.querySelector("[data-say]");
  const input = form.querySelector("input[type=file]");
  const { icons } = form.dataset;
  const mine = (photo) => photo.url === form.action && photo.fields.phase === form.elements.phase.value;
  const find = (id) => list.querySelector(`[data-id="${CSS.escape(id)}"]`);

  const keep = async (file) => {
    const small = await shrink(file);
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const photo = {
      id: crypto.randomUUID(),
      url: form.action,
      fields: { ...fields, taken_at: new Date(file.lastModified).toISOString() },
      bytes: await small.arrayBuffer(), // not a Blob: older WebKit lost those
      type: small.type || file.type,
      name: file.name || "photo.jpg",
      csrf: csrf(),
      tries: 0,
      next: 0,
      state: "waiting",
    };
    await photoStore.put(photo);
    add.before(tileFor(photo, icons));
  };
  const count = async () => {
    const waiting = await photoStore.all();
    for (const badge of document.querySelectorAll("[data-photos-waiting]")) {
      badge.hidden = waiting.length === 0;
      const words = badge.querySelector("[data-n]") ?? badge;
      words.textContent = `${waiting.length} waiting`;
    }
    return waiting;
  };

  input.addEventListener("change", async () => {
    const files = [...input.files];
    try {
      for (const file of files) await keep(file);
    } catch {
      toast("This phone has no room for more photos. Send the waiting ones first.");
      return;
    }
    input.value = "";
    say.textContent =
      files.length === 1 ? "One photo kept, it will be sent." : `${files.length} photos kept, they will be sent.`;
    count();
    navigator.storage?.persist?.();
    photoStore.drain();
    const worker = await navigator.serviceWorker?.getRegistration();
    worker?.sync?.register("photos").catch(() => {});
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  list.addEventListener("click", async (event) => {
    const tile = event.target.closest("button.again")?.closest("li");
    if (!tile) return;
    const photo = (await photoStore.all()).find(({ id }) => id === tile.dataset.id);
    await photoStore.drop(tile.dataset.id);
    tile.remove();
    count();
    toast("Photo removed from this phone.", {
      undo: async () => {
        await photoStore.put(photo);
        add.before(tileFor(photo, icons));
        count();
      },
    });
  });
  photoStore.listen(({ id, state, why }) => {
    const tile = find(id);
    if (tile) drawState(tile, state, why, icons);
    count();
  });

  for (const photo of await count()) {
    if (photo.state !== "refused") await photoStore.put({ ...photo, csrf: csrf(), state: "waiting", next: 0 });
    if (mine(photo)) add.before(tileFor(photo, icons));
  }
  addEventListener("online", () => photoStore.drain(true));
  document.addEventListener("visibilitychange", () => document.hidden || photoStore.drain());
  setInterval(() => document.hidden || photoStore.drain(), LOOK_AGAIN_MS);
  photoStore.drain();
}
