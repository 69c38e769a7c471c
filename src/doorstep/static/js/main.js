/* Starts the behaviours of a page: every element with data-module="name" gets the function of that name, loaded only where it is
   used. Every page works without this file. No inline handlers and no eval: runs under script-src 'self'. */

/* Small behaviours that are met together share a file, so that a page asks for few; every other name is a file of its own. */
const FILES = {
  forms: ["form", "unsaved", "autosubmit", "focus", "reveal", "stepper", "days", "address"],
  phone: ["network", "offline"],
  shift: ["elapsed", "checklist"],
  talk: ["toasts", "copy"],
};
const fileOf = (name) => Object.keys(FILES).find((file) => FILES[file].includes(name)) ?? name;

async function start(el, name) {
  try {
    const module = await import(`./modules/${fileOf(name)}.js`);
    await (module[name] ?? module.default)(el);
  } catch (error) {
    console.error(`module ${name} did not start`, error);
  }
}

for (const el of document.querySelectorAll("[data-module]")) {
  for (const name of el.dataset.module.split(" ")) start(el, name);
}
if (document.querySelector("[data-hotkey]")) start(document, "hotkeys");
