/* Service worker of the worker's pages. Served at /worker/sw.js with the header Service-Worker-Allowed: /worker, so that its scope
   is the worker's pages and nothing else is ever kept. The server writes self.SHELL above this text: {version, page, files}.
   Pages: from the network; the last good copy, marked as old, when there is no signal. Files: from the phone once they are there. */

importScripts("/static/js/photo-store.js");

const FILES = `worker-files-${self.SHELL.version}`;
const PAGES = "worker-pages-1";
const PICTURES = "worker-pictures-1";
const MOST = { [PAGES]: 40, [PICTURES]: 80 };
const PATIENCE_MS = 6000; // for a page of which there is a copy
const FRESH_MS = 10 * 60e3;
const OWNER = "/worker/.owner"; // whose pages these are, kept among them

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(FILES);
    await cache.addAll([...self.SHELL.files, self.SHELL.page].map((name) => new Request(name, { cache: "reload" })));
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});
self.addEventListener("activate", (event) => {
  const known = [FILES, PAGES, PICTURES];
  const old = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("worker-") && !known.includes(name)) await caches.delete(name);
    }
  };
  event.waitUntil(Promise.all([old(), self.clients.claim()]));
});

async function keep(name, key, response) {
  const cache = await caches.open(name);
  await cache.delete(key);
  await cache.put(key, response);
  const known = await cache.keys();
  for (const one of known.slice(0, Math.max(0, known.length - MOST[name]))) await cache.delete(one);
}

const forget = () => Promise.all([caches.delete(PAGES), caches.delete(PICTURES)]);
const isPage = (response) => response.ok && !response.redirected && /^text\/html/.test(response.headers.get("Content-Type"));

/** The copy as it was, saying of itself that it is one: <html data-stale>. */
async function marked(copy) {
  const headers = new Headers();
  for (const name of ["Content-Type", "Content-Security-Policy"]) headers.set(name, copy.headers.get(name) ?? "");
  return new Response((await copy.text()).replace("<html", "<html data-stale"), { headers });
}

async function fetched(request, key) {
  const response = await fetch(request);
  if (response.type === "opaqueredirect") await forget(); // signed out: nothing private stays
  else if (isPage(response)) await keep(PAGES, key, response.clone());
  return response;
}

async function page(request) {
  const key = request.url.split("#")[0];
  const copy = await caches.match(key, { cacheName: PAGES });
  const late = new Promise((_, no) => setTimeout(no, PATIENCE_MS, new Error("late")));
  const network = fetched(request, key);
  network.catch(() => {});
  try {
    return await (copy ? Promise.race([network, late]) : network);
  } catch {
    return copy ? marked(copy) : sorry();
  }
}

const sorry = async () => (await caches.match(self.SHELL.page, { cacheName: FILES })) ?? Response.error();

async function file(request) {
  const copy = await caches.match(request, { cacheName: FILES });
  if (copy) return copy;
  return fetch(request).catch(() => caches.match(request, { ignoreSearch: true }).then((other) => other ?? Response.error()));
}

/** A small picture: its address changes every few minutes, the picture never. */
async function small(request) {
  const key = request.url.split("?")[0];
  const copy = await caches.match(key, { cacheName: PICTURES });
  if (copy) return copy;
  const response = await fetch(request);
  if (response.ok) await keep(PICTURES, key, response.clone());
  return response;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(sorry));
  else if (request.method !== "GET") return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (/^\/photos\/.+\/thumb$/.test(url.pathname)) event.respondWith(small(request));
});
self.addEventListener("sync", (event) => event.tag === "photos" && event.waitUntil(self.photoStore.drain(true)));
self.addEventListener("message", (event) => event.data?.keep && event.waitUntil(keepAll(event.data)));

/** Keeps these pages for the time without signal; those of another worker go first. */
async function keepAll({ keep: addresses, owner }) {
  const before = await (await caches.match(OWNER, { cacheName: PAGES }))?.text();
  if (before !== undefined && before !== owner) await forget();
  await keep(PAGES, OWNER, new Response(owner));
  for (const address of addresses) {
    const key = new URL(address, location.href).href;
    const copy = await caches.match(key, { cacheName: PAGES });
    const age = copy ? Date.now() - Date.parse(copy.headers.get("Date")) : Infinity;
    if (age > FRESH_MS || Number.isNaN(age)) await fetched(new Request(key, { redirect: "manual" }), key).catch(() => {});
  }
}
