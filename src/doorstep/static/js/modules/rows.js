/* A table by keys: J and K move, Enter opens, X ticks. Counts the ticks for the bulk bar beside it ([data-bulk]). */

export default function rows(table) {
  const all = () => [...table.querySelectorAll("tbody tr")];
  const link = (row) => row.querySelector("td a[href]");
  const bar = table.closest(".card, .panel, section, main")?.querySelector("[data-bulk]");
  const boxes = () => [...table.querySelectorAll("td.pick input")];
  const count = () => {
    const n = boxes().filter((box) => box.checked).length;
    for (const box of boxes()) box.closest("tr").setAttribute("aria-selected", String(box.checked));
    if (!bar) return;
    bar.hidden = n === 0;
    bar.querySelector("[data-bulk-count]").textContent = `${n} selected`;
  };
  table.addEventListener("change", count);
  if (boxes().length) count();

  document.addEventListener("keydown", (event) => {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.target.closest("input:not([type=checkbox]), textarea, select, dialog")
    )
      return;
    const list = all();
    const here = list.findIndex((row) => row.contains(document.activeElement));
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      const to = list[here < 0 ? 0 : Math.max(0, Math.min(list.length - 1, here + (key === "j" ? 1 : -1)))];
      (to && link(to))?.focus();
    } else if (key === "x" && here >= 0) list[here].querySelector("td.pick input")?.click();
    else return;
    event.preventDefault();
  });
}
