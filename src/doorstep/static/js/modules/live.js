/* Keeps parts of a page fresh: every data-every seconds while somebody looks, the same address is read again and each element
   with data-live and an id takes its new content. A button [data-live-toggle] pauses it. Old figures say that they are old. */

export default function live(el) {
  const every = Number(el.dataset.every || 5) * 1000;
  const toggle = document.querySelector("[data-live-toggle]");
  const stale = document.querySelector("[data-live-stale]");
  let paused = false;
  let good = Date.now();
  const swap = (page) => {
    for (const part of document.querySelectorAll("[data-live][id]")) {
      const fresh = page.getElementById(part.id);
      if (fresh && !part.contains(document.activeElement) && fresh.innerHTML !== part.innerHTML)
        part.innerHTML = fresh.innerHTML;
    }
    document.title = page.title;
  };
  const read = async () => {
    if (paused || document.hidden) return;
    try {
      const response = await fetch(location.href, {
        headers: { Accept: "text/html" },
        signal: AbortSignal.timeout(every * 3),
      });
      if (!response.ok || response.redirected) throw new Error(response.status);
      swap(new DOMParser().parseFromString(await response.text(), "text/html"));
      good = Date.now();
    } catch {
      /* said below, once it is older than three turns */
    }
    const old = Date.now() - good;
    if (!stale) return;
    stale.hidden = old < every * 3;
    stale.querySelector("[data-age]").textContent = `${Math.round(old / 1000)} s`;
  };
  setInterval(read, every);
  document.addEventListener("visibilitychange", read);
  toggle?.addEventListener("click", () => {
    paused = !paused;
    toggle.setAttribute("aria-pressed", String(paused));
    const span = toggle.querySelector("span");
    if (span) span.textContent = paused ? "Paused" : `Live, every ${every / 1000} s`;
    read();
  });
}
