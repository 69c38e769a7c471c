/* What the worker's pages do while a visit runs: the clock and the checklist. */

import "../photo-store.js";
import { owner } from "./photo-tile.js";
import { post, reason, toast } from "./talk.js";

const two = (n) => String(n).padStart(2, "0");

/** The time since data-started (ISO 8601), counted on. With data-seconds the server's figure counts, whatever the phone's clock
    says; only an old copy of the page, shown without signal, has to go by the phone's clock. */
export function elapsed(el) {
  const old = "stale" in document.documentElement.dataset;
  const { started, seconds } = el.dataset;
  const from = seconds && !old ? Date.now() - 1000 * Number(seconds) : Date.parse(started);
  if (Number.isNaN(from)) return;
  const tick = () => {
    const s = Math.max(0, Math.floor((Date.now() - from) / 1000));
    el.textContent = `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  };
  setInterval(() => document.hidden || tick(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}

/** Ticks are sent one by one as they are made. Without signal they are kept on the phone and sent later; a tick that the server
    refuses goes back, with the reason. */
export async function checklist(el) {
  const { photoStore } = self;
  const url = new URL(el.dataset.save, location.href).href;
  const boxes = () => [...el.querySelectorAll("input[name=done]")];
  const idOf = (box) => `${url}#${box.value}`;
  const count = () => {
    const all = boxes();
    const done = all.filter((box) => box.checked).length;
    el.querySelector("[data-count]").textContent = `${done} of ${all.length}`;
    const meter = el.querySelector("progress");
    meter.max = all.length || 1;
    meter.value = done;
    for (const group of el.querySelectorAll("[data-group]")) {
      const mine = [...group.querySelectorAll("input[name=done]")];
      const words = group.querySelector("[data-group-count]");
      if (words) words.textContent = `${mine.filter((box) => box.checked).length} of ${mine.length}`;
    }
  };
  const set = (box, done) => {
    box.checked = done;
    count();
  };
  const settled = () => document.dispatchEvent(new CustomEvent("visit:changed"));

  el.addEventListener("change", async (event) => {
    const box = event.target.closest("input[name=done]");
    if (!box) return;
    const done = box.checked;
    const tick = { id: idOf(box), owner: owner(), url, item: box.value, done };
    count();
    await photoStore.keepTick(tick);
    try {
      const response = await post(url, { item: box.value, done: done ? "1" : "0" });
      if (response.status === 400 || response.status === 401 || response.status >= 500) return photoStore.drain();
      await photoStore.dropTick(tick.id);
      if (response.ok) return settled();
      set(box, !done);
      toast(await reason(response));
    } catch {
      toast("No signal. The tick is kept on this phone and sent later.");
    }
  });
  photoStore.listen(({ tick, state, done, why }) => {
    const box = tick && boxes().find((one) => idOf(one) === tick);
    if (box && state === "sent") settled();
    if (!box || state !== "refused") return;
    set(box, !done);
    toast(why || "The tick was not accepted.");
  });
  for (const tick of await photoStore.ticks()) {
    const box = tick.owner === owner() && boxes().find((one) => idOf(one) === tick.id);
    if (box) set(box, tick.done);
  }
}
