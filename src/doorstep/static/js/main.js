/* Starts the behaviours of a page: every element with data-module="name" gets modules/name.js, loaded only where it is used.
   Every page works without this file. No inline handlers and no eval: runs under script-src 'self'. */

const started = new WeakMap();

export async function start(root = document) {
  const places = [...root.querySelectorAll("[data-module]")];
  if (root instanceof Element && root.dataset.module) places.unshift(root);
  await Promise.all(places.flatMap((el) => el.dataset.module.split(" ").map((name) => startOne(el, name))));
}

async function startOne(el, name) {
  const known = started.get(el) ?? new Set();
  if (known.has(name)) return;
  started.set(el, known.add(name));
  try {
    (await import(`./modules/${name}.js`)).default(el);
  } catch (error) {
    console.error(`module ${name} did not start`, error);
  }
}

start();
if (document.querySelector("[data-hotkey]")) import("./modules/hotkeys.js").then((m) => m.default(document));
