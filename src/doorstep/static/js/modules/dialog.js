/* A sheet: [data-opens="id"] (a link to the same form as a page) opens it, [data-closes] and the backdrop close it. */

export default function dialog(el) {
  if (!el.showModal) return;
  for (const opener of document.querySelectorAll(`[data-opens="${el.id}"]`)) {
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      el.showModal();
    });
  }
  for (const closer of el.querySelectorAll("[data-closes]")) closer.addEventListener("click", () => el.close());
  el.addEventListener("click", (event) => event.target === el && el.close());
  if (el.querySelector('[aria-invalid="true"], [role="alert"]')) el.showModal();
}
