/* Service worker of the worker's pages. Served at /worker/sw.js with the header Service-Worker-Allowed: /worker, so that its
   scope is the worker's pages and nothing else is ever cached.
   Pages: network first, the last good copy when there is no signal. Static files: from the cache once they were seen. */

importScripts("/static/js/photo-store.js");

const PAGES = "worker-pages-1";
const FILES = "worker-files-1";
const MOST_PAGES = 40;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (![PAGES, FILES].includes(name)) await caches.delete(name);
  };
  event.waitUntil(Promise.all([old(), self.clients.claim()]));
});

async function keep(name, request, response) {
  const cache = await caches.open(name);
  await cache.put(request, response);
  const known = await cache.keys();
  if (name === PAGES && known.length > MOST_PAGES) await cache.delete(known[0]);
}

async function page(request) {
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) keep(PAGES, request, response.clone());
    return response;
  } catch (error) {
    const copy = (await caches.match(request)) ?? (await caches.match("/worker"));
    if (copy) return copy;
    throw error;
  }
}

async function file(request, hashed) {
  const copy = await caches.match(request);
  if (copy && hashed) return copy;
  try {
    const response = await fetch(request);
    if (response.ok) keep(FILES, request, response.clone());
    return response;
  } catch (error) {
    if (copy) return copy;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) {
    event.respondWith(file(request, /^\/static\/(b|fonts)\//.test(url.pathname)));
  }
});
self.addEventListener("sync", (event) => event.tag === "photos" && event.waitUntil(self.photoStore.drain(true)));
self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete(PAGES));
  if (event.data.keep) event.waitUntil(keepAll(event.data.keep));
});

async function keepAll([address, ...files]) {
  await Promise.all([
    page(new Request(address, { credentials: "same-origin" })),
    ...files.map((name) => file(new Request(name), true)),
  ]);
}
