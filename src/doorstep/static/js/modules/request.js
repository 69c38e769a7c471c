/* The request form while it is filled in: the extras of the chosen service, the price, the free times, the summary beside it.
   The server computes all of it again when the form is sent; without network everything stays as it was. */

import { showExtras } from "./extras.js";
import { days } from "./forms.js";

const WAIT_MS = 15000;

/** The words of a chosen radio button or box. */
export function wordsOf(input) {
  return (
    input.dataset.words ?? input.dataset.label ?? input.closest("label")?.querySelector(".t")?.textContent.trim() ?? ""
  );
}

async function fetchEstimate(url, service, extras) {
  const body = JSON.stringify({ service, extras: extras.map((value) => value.split("/")[1]) });
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const answer = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(WAIT_MS) });
  return answer.ok ? answer.json() : {};
}

async function fetchTimes(url, service, extras) {
  const query = new URLSearchParams([["service", service], ...extras.map((value) => ["extras", value])]);
  const answer = await fetch(`${url}?${query}`, { signal: AbortSignal.timeout(WAIT_MS) });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-times]");
}

/** Puts the fresh times in place of the old ones; the chosen time stays chosen while it is free. */
function swapTimes(form, fresh) {
  const old = form.querySelector("[data-times]");
  const chosen = old.querySelector("[name=wished_at]:checked")?.value;
  const day = old.querySelector("[name=day]:checked")?.value;
  const pick = (name, value) => {
    const input = value && fresh.querySelector(`[name=${name}][value="${CSS.escape(value)}"]`);
    if (input) input.checked = true;
  };
  pick("day", day);
  pick("wished_at", chosen);
  old.replaceChildren(...fresh.childNodes);
  const places = old.querySelector("[data-module=days]");
  if (places) days(places);
  unfold(old);
}

/** The days are folded for those without script; here the day's own button shows and hides them. */
function unfold(root) {
  for (const day of root.querySelectorAll("details[data-day]")) day.open = true;
}

export default function request(form) {
  let latest = 0;
  const out = (name, words) => {
    for (const place of form.querySelectorAll(`[data-out="${name}"]`)) {
      if (words !== undefined && place.textContent !== words) place.textContent = words;
    }
  };
  const all = (selector) => [...form.querySelectorAll(selector)];
  const summarize = () => {
    out("service", wordsOf(form.querySelector("[name=service]:checked")));
    out("extras", all("[name=extras]:checked:not(:disabled)").map(wordsOf).join(", ") || "No extras");
    const time = form.querySelector("[name=wished_at]:checked:not(:disabled)");
    out("arrives", time ? wordsOf(time) : "Not chosen yet");
  };
  const ask = async () => {
    const turn = ++latest;
    const service = form.querySelector("[name=service]:checked").value;
    const extras = all("[name=extras]:checked:not(:disabled)").map((input) => input.value);
    try {
      const words = await fetchEstimate(form.dataset.estimateUrl, service, extras);
      if (turn !== latest) return;
      out("price", words.price);
      out("time", words.time);
      const fresh = await fetchTimes(form.dataset.pageUrl, service, extras);
      if (fresh && turn === latest) swapTimes(form, fresh);
    } catch {
      /* no network: what stands there stays */
    }
    summarize();
  };
  form.addEventListener("change", (event) => {
    const { name } = event.target;
    if (name === "service") showExtras(form, event.target.value);
    if (name === "service" || name === "extras") ask();
    summarize();
  });
  showExtras(form, form.querySelector("[name=service]:checked").value);
  unfold(form);
  summarize();
}
