/* Keeps the price beside the form true while choices change. The server computes it (data-estimate-url answers JSON with words);
   each [data-out="key"] in the form shows the word of that key. The figure of the last answer wins, whatever order they come in. */

import { post } from "./talk.js";

export default function estimate(form) {
  let latest = 0;
  let timer;
  const show = (words) => {
    for (const out of form.querySelectorAll("[data-out]")) {
      const word = words[out.dataset.out];
      if (word !== undefined && word !== null && out.textContent !== word) out.textContent = word;
    }
  };
  const ask = async () => {
    const turn = ++latest;
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    try {
      const response = await post(form.dataset.estimateUrl, fields);
      if (response.ok && turn === latest) show(await response.json());
    } catch {
      /* no network: the figure stays, the server computes it again when the form is sent */
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target.closest("[data-no-estimate]")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
}
