/* Life without signal on the worker's pages: what is kept is sent when it can be, forms that need the office say so instead of
   being lost, and nothing private stays behind after signing out. */

import "../photo-store.js";
import { owner } from "./photo-tile.js";
import { toast } from "./talk.js";

const LOOK_AGAIN_MS = 5000;
const SCOPE = "/worker";
const OURS = /^worker-(pages|pictures)/;

const old = () => "stale" in document.documentElement.dataset;
const mine = async () => (await self.photoStore.all()).filter((photo) => photo.owner === owner());

/** Shown while there is no signal, or while this is an old copy of the page; says of when it is (data-as-of, ISO 8601). */
export function network(el) {
  const words = el.querySelector("[data-as-of-words]");
  const asOf = new Date(el.dataset.asOf ?? "");
  if (words && !Number.isNaN(asOf.getTime())) {
    words.textContent = `, as of ${asOf.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" })}`;
  }
  const set = () => (el.hidden = navigator.onLine && !old());
  addEventListener("online", set);
  addEventListener("offline", set);
  set();
}

/** Sends what waits whenever there is reason to hope, and shows how much it is. */
function sendWhatWaits() {
  const { photoStore } = self;
  const count = async () => {
    const waiting = (await mine()).length;
    for (const badge of document.querySelectorAll("[data-photos-waiting]")) {
      badge.hidden = waiting === 0;
      badge.querySelector("[data-n]").textContent = waiting;
    }
    return waiting;
  };
  photoStore.listen(async ({ state, order }) => {
    const waiting = await count();
    if (state === "sent" && order && !waiting) document.dispatchEvent(new CustomEvent("visit:changed"));
  });
  addEventListener("online", () => photoStore.drain(true));
  document.addEventListener("visibilitychange", () => document.hidden || photoStore.drain(true));
  setInterval(() => document.hidden || photoStore.drain(), LOOK_AGAIN_MS);
  count();
  photoStore.drain(true);
}

/** Forms with data-signal are sent only when the office can be reached, with a form token of this minute: the page may be hours
    old. Otherwise everything stays as it is and a sentence says why. */
function sendWithSignal() {
  let busy = null;
  const release = () => {
    busy?.removeAttribute("aria-busy");
    busy = null;
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-signal]") || event.defaultPrevented) return;
    event.preventDefault();
    if (busy) return;
    busy = event.submitter ?? form;
    busy.setAttribute("aria-busy", "true");
    try {
      const who = await self.photoStore.session();
      if (!who) return location.assign(`/auth/sign-in?next=${encodeURIComponent(location.pathname)}`);
      form.elements.csrf_token.value = who.csrf_token;
      HTMLFormElement.prototype.submit.call(form);
    } catch {
      release();
      toast("No signal. This needs the office: try again when you are connected. Nothing is lost.");
    }
  });
  addEventListener("pageshow", (event) => event.persisted && release());
}

/** Parts with data-fresh and an id show what the server says after a tick or a photo has arrived there. */
function keepFresh() {
  let timer = 0;
  const read = async () => {
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!response.ok || response.redirected) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of document.querySelectorAll("[data-fresh][id]")) {
        const fresh = page.getElementById(part.id);
        if (fresh && !part.contains(document.activeElement)) part.innerHTML = fresh.innerHTML;
      }
    } catch {
      /* no signal: the parts stay as they are */
    }
  };
  document.addEventListener("visit:changed", () => {
    clearTimeout(timer);
    timer = setTimeout(read, 400);
  });
}

async function forget() {
  for (const name of await caches.keys()) if (OURS.test(name)) await caches.delete(name);
}

/** Forms with data-forgets sign out: the pages kept on this phone go; photos that wait are asked about first, and stay. */
function signOut() {
  for (const form of document.querySelectorAll("form[data-forgets]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const waiting = (await mine()).length;
      const sheet = document.getElementById(form.dataset.forgets);
      if (waiting && sheet && !sheet.open) {
        sheet.querySelector("[data-n]").textContent = waiting === 1 ? "One photo is" : `${waiting} photos are`;
        return sheet.showModal();
      }
      await forget();
      HTMLFormElement.prototype.submit.call(form);
    });
  }
}

/** Starts all of it, and the service worker that keeps the pages (its address in data-worker, more pages in data-keep). */
export async function offline(el) {
  sendWhatWaits();
  sendWithSignal();
  keepFresh();
  if (!("serviceWorker" in navigator)) return;
  signOut();
  await navigator.serviceWorker.register(el.dataset.worker, { scope: SCOPE, updateViaCache: "none" });
  if (old()) return;
  const more = document.querySelector("[data-keep]")?.dataset.keep.split(" ") ?? [];
  const pages = [location.href.split("#")[0], ...more.filter(Boolean)];
  (await navigator.serviceWorker.ready).active.postMessage({ keep: pages, owner: owner() });
}
