/* Shown only while the phone has no signal; says how old the page is (data-as-of, ISO 8601). */

export default function network(el) {
  const words = el.querySelector("[data-as-of-words]");
  const asOf = new Date(el.dataset.asOf ?? "");
  if (words && !Number.isNaN(asOf.getTime())) {
    words.textContent = `, as of ${asOf.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
  }
  const set = () => (el.hidden = navigator.onLine);
  addEventListener("online", set);
  addEventListener("offline", set);
  set();
}
