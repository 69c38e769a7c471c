/* Shows only the extras of the chosen service: groups [data-extras-of="service id"] of a form. Without script all are there. */

export function showExtras(form, service) {
  for (const group of form.querySelectorAll("[data-extras-of]")) {
    group.hidden = group.disabled = group.dataset.extrasOf !== service;
  }
}

export default function extras(form) {
  const select = form.elements.service;
  select.addEventListener("change", () => showExtras(form, select.value));
  showExtras(form, select.value);
}
