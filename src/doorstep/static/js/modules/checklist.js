/* Ticks are sent one by one as they are made; a tick that the server refuses goes back, with the reason. */

import { post, reason } from "./http.js";
import { toast } from "./toasts.js";

export default function checklist(el) {
  const boxes = () => [...el.querySelectorAll("input[name=done]")];
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
  const putBack = (box, words) => {
    box.checked = !box.checked;
    count();
    toast(words);
  };
  el.addEventListener("change", async (event) => {
    const box = event.target.closest("input[name=done]");
    if (!box) return;
    count();
    try {
      const response = await post(el.dataset.save, { item: box.value, done: box.checked ? "1" : "0" });
      if (!response.ok) putBack(box, await reason(response));
    } catch {
      putBack(box, "No signal. The tick was not kept, try again in a moment.");
    }
  });
}
