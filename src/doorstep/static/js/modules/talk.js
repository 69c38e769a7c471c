/* How a page speaks: to the server as its forms do, and to the person in toasts. */

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Posts fields (an object or a FormData). Gives the response; rejects only when the network is gone. */
export function post(url, fields, { headers = {}, timeout = 15000 } = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  return fetch(url, {
    method: "POST",
    body,
    headers: { Accept: "application/json", "X-CSRFToken": csrf(), "X-Requested-With": "fetch", ...headers },
    credentials: "same-origin",
    signal: AbortSignal.timeout(timeout),
  });
}

/** The sentence of a refusal: problem+json's detail, or plain words. */
export async function reason(response) {
  if (response.status === 401) return "You were signed out. Sign in again, nothing is lost.";
  try {
    const { detail, title } = await response.json();
    return detail || title || "That did not work. Try again.";
  } catch {
    return "That did not work. Try again.";
  }
}

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
  el.addEventListener("click", (event) => event.target.closest("a, button") || leave(el)); // it may lie over what is wanted next
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

/** Toasts leave after ten seconds, not while the pointer or the focus rests on them. */
export function toasts(region) {
  for (const el of region.querySelectorAll("[data-toast]")) schedule(el);
}

/** A button with data-copy (words, or "#id" of a field) puts them on the clipboard and says so. */
export function copy(button) {
  button.addEventListener("click", async () => {
    const source = button.dataset.copy;
    const words = source.startsWith("#") ? document.querySelector(source).value : source;
    try {
      await navigator.clipboard.writeText(words);
      toast("Copied.");
    } catch {
      toast("Copying is not allowed here. Select the text and copy it by hand.");
    }
  });
}
