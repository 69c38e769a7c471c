/* The time since data-started (ISO 8601), counted on; the server said the first figure. */

const two = (n) => String(n).padStart(2, "0");

export default function elapsed(el) {
  const from = Date.parse(el.dataset.started);
  if (Number.isNaN(from)) return;
  const tick = () => {
    const s = Math.max(0, Math.floor((Date.now() - from) / 1000));
    el.textContent = `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  };
  setInterval(() => document.hidden || tick(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}
