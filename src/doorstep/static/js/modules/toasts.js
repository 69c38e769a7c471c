/* Toasts leave after ten seconds, not while the pointer or the focus rests on them. */

const STAY_MS = 10000;

function leave(el) {
  el.classList.add("leaving");
  setTimeout(() => el.remove(), 250);
}

function schedule(el) {
  let timer = setTimeout(() => leave(el), STAY_MS);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(() => leave(el), STAY_MS / 2);
  };
  el.addEventListener("pointerenter", hold);
  el.addEventListener("focusin", hold);
  el.addEventListener("pointerleave", release);
  el.addEventListener("focusout", release);
}

/** Shows a sentence; `undo` is called by its button and by the key Z. */
export function toast(words, { undo, label = "Undo" } = {}) {
  const region = document.querySelector(".toasts");
  if (!region) return;
  const el = document.createElement("div");
  el.className = "toast";
  const text = el.appendChild(document.createElement("span"));
  text.className = "grow";
  text.textContent = words;
  if (undo) {
    const button = el.appendChild(document.createElement("button"));
    button.className = "btn sm";
    button.type = "button";
    button.textContent = label;
    button.dataset.hotkey = "z";
    button.addEventListener("click", () => {
      leave(el);
      undo();
    });
  }
  region.append(el);
  schedule(el);
}

export default function toasts(region) {
  for (const el of region.querySelectorAll("[data-toast]")) schedule(el);
}
