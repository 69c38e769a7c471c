/* Registers the service worker of the worker's pages, and empties the phone at sign-out (forms with data-forgets). */

import "../photo-store.js";

export default async function offline(el) {
  if (!("serviceWorker" in navigator)) return;
  for (const form of document.querySelectorAll("form[data-forgets]")) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sure) return;
      event.preventDefault();
      const waiting = (await self.photoStore.all()).length;
      const words = `${waiting} ${waiting === 1 ? "photo is" : "photos are"} still on this phone and will be lost. Sign out anyway?`;
      if (waiting && !confirm(words)) return;
      await self.photoStore.clear();
      navigator.serviceWorker.controller?.postMessage("forget");
      form.dataset.sure = "1";
      form.requestSubmit();
    });
  }
  const first = !navigator.serviceWorker.controller;
  await navigator.serviceWorker.register(el.dataset.worker, { scope: "/worker" });
  if (first) (await navigator.serviceWorker.ready).active.postMessage({ keep: seen() });
}

/** What this page was made of: the service worker was not there yet to keep it. */
function seen() {
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  return [location.href, ...new Set(files.filter((name) => name.startsWith(`${location.origin}/static/`)))];
}
