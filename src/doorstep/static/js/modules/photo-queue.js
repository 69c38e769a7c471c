/* Photos on a bad network: a picture is shrunk, kept on the phone, sent, and shown with its state until the server has it.
   Without script the same form posts the files directly. Sending is started by the page's `offline`. */

import "../photo-store.js";
import { drawTile, owner, ownerName, tileOf } from "./photo-tile.js";
import { toast } from "./talk.js";

const EDGE_PX = 2048;
const QUALITY = 0.82;
const SMALL_BYTES = 900e3;

/** A smaller JPEG of the picture, turned upright; the file itself where the browser cannot read it (raw HEIC). */
export async function shrink(file) {
  let drawn;
  try {
    drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const scale = Math.min(1, EDGE_PX / Math.max(drawn.width, drawn.height));
  if (scale === 1 && file.size < SMALL_BYTES) {
    drawn.close();
    return file;
  }
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(drawn.width * scale);
  canvas.height = Math.round(drawn.height * scale);
  canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  const smaller = await new Promise((ok) => canvas.toBlob(ok, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0;
  return smaller && smaller.size < file.size ? smaller : file;
}

/** What is kept of a photo, made once when it is taken. */
async function kept(form, file) {
  const small = await shrink(file);
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token");
  return {
    id: crypto.randomUUID(), // the idempotency key, however often it is sent
    at: Date.now(),
    owner: owner(),
    ownerName: ownerName(),
    order: form.dataset.order,
    label: document.querySelector("h1")?.textContent.trim() ?? "",
    url: form.action,
    fields: { ...Object.fromEntries(typed), taken_at: new Date(file.lastModified).toISOString() },
    bytes: await small.arrayBuffer(), // not a Blob: older WebKit lost those
    type: small.type || file.type,
    name: file.name || "photo.jpg",
    tries: 0,
    next: 0,
    state: "waiting",
  };
}

export default async function photoQueue(form) {
  const { photoStore } = self;
  const list = form.querySelector("[data-photos]");
  const add = form.querySelector("[data-add]");
  const say = form.querySelector("[data-say]");
  const input = form.querySelector("input[type=file]");
  const { icons } = form.dataset;
  const place = (fields) => fields.checklist_item ?? fields.phase;
  const here = form.elements.checklist_item?.value ?? form.elements.phase.value;
  const mine = (photo) => photo.owner === owner() && photo.url === form.action && place(photo.fields) === here;

  const keep = async (file) => {
    const photo = await kept(form, file);
    await photoStore.put(photo);
    photoStore.tell({ id: photo.id, state: "waiting" });
    add.before(tileOf(photo, icons));
  };
  input.addEventListener("change", async () => {
    const files = [...input.files];
    let done = 0;
    try {
      for (const file of files) done += (await keep(file), 1);
    } catch {
      toast(`This phone has no room for ${files.length - done} of the photos. Send the waiting ones first.`);
    }
    input.value = "";
    say.textContent = done === 1 ? "One photo kept, it will be sent." : `${done} photos kept, they will be sent.`;
    navigator.storage?.persist?.();
    photoStore.drain();
    const worker = await navigator.serviceWorker?.getRegistration();
    worker?.sync?.register("photos").catch(() => {});
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  photoStore.listen((photo) => {
    const tile = photo.id && list.querySelector(`[data-id="${CSS.escape(photo.id)}"]`);
    if (tile && photo.state === "removed") tile.remove();
    else if (tile) drawTile(tile, photo, icons);
  });
  for (const photo of (await photoStore.all()).filter(mine)) add.before(tileOf(photo, icons));
}
