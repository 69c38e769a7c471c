/* Says how many fields were changed ([data-unsaved] in the form) and asks before the page is left with them. */

export default function unsaved(form) {
  const words = form.querySelector("[data-unsaved]");
  const changed = new Set();
  let sending = false;
  const was = (field) =>
    field.type === "checkbox" || field.type === "radio"
      ? field.defaultChecked === field.checked
      : field.options
        ? [...field.options].every((o) => o.selected === o.defaultSelected)
        : field.defaultValue === field.value;
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.name) return;
    changed[was(field) ? "delete" : "add"](field.name);
    if (words)
      words.textContent = changed.size ? `${changed.size} unsaved ${changed.size === 1 ? "change" : "changes"}` : "";
  });
  form.addEventListener("submit", () => (sending = true));
  addEventListener("beforeunload", (event) => changed.size && !sending && event.preventDefault());
}
