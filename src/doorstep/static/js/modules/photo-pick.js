/* Photos that come with a form: shown before they are sent, made smaller on the way, taken out again with one tap.
   Without script, or where the browser cannot change a file field, the field works as it is. */

function preview(file, remove) {
  const tile = document.createElement("li");
  const img = tile.appendChild(document.createElement("img"));
  img.alt = file.name;
  img.width = 240;
  img.height = 180;
  img.src = URL.createObjectURL(file);
  const done = () => URL.revokeObjectURL(img.src);
  img.addEventListener("load", done, { once: true });
  img.addEventListener(
    "error",
    () => {
      done();
      img.replaceWith(Object.assign(document.createElement("span"), { className: "unseen", textContent: file.name }));
    },
    { once: true },
  );
  const drop = tile.appendChild(document.createElement("button"));
  drop.type = "button";
  drop.className = "drop";
  drop.textContent = "×";
  drop.setAttribute("aria-label", `Take out ${file.name}`);
  drop.addEventListener("click", remove);
  return tile;
}

async function smaller(file) {
  const { shrink } = await import("./photo-queue.js");
  const small = await shrink(file);
  return small === file ? file : new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: small.type });
}

export default function photoPick(box) {
  if (typeof DataTransfer !== "function") return;
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-previews]");
  const say = box.querySelector("[data-say]");
  const most = Number(box.dataset.most);
  let chosen = [];

  const keep = (leftOut = 0) => {
    const held = new DataTransfer();
    for (const photo of chosen) held.items.add(photo.file);
    input.files = held.files;
    list.hidden = chosen.length === 0;
    const words = `${chosen.length} ${chosen.length === 1 ? "photo" : "photos"} chosen.`;
    say.textContent = leftOut > 0 ? `${words} At most ${most} can come with a request; ${leftOut} left out.` : words;
  };
  const remove = (photo) => {
    chosen = chosen.filter((other) => other !== photo);
    photo.tile.remove();
    keep();
    input.focus();
  };
  const add = (file) => {
    const photo = { file };
    photo.tile = preview(file, () => remove(photo));
    list.append(photo.tile);
    chosen.push(photo);
    return photo;
  };

  input.addEventListener("change", async () => {
    const files = [...input.files];
    const added = files.slice(0, most - chosen.length).map(add);
    const leftOut = files.length - added.length;
    keep(leftOut);
    for (const photo of added) {
      photo.file = await smaller(photo.file).catch(() => photo.file);
    }
    keep(leftOut);
  });
}
