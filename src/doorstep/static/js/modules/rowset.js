/* Rows of fields (.rowset in a fieldset): "Add rows" adds one at the end, the arrow moves a row up, without asking the server.
   The number in the names of a row's fields is its place, so that the form says the same as it does without this. */

const NUMBERED = ["name", "id", "value", "aria-describedby"];

export default function rowset(fieldset) {
  const list = fieldset.querySelector(".rowset");
  const more = fieldset.querySelector("[data-more]");
  const name = more.value.replace("more-", "");
  const field = new RegExp(`(^|[ -])${name}-\\d+`);
  const blank = list.lastElementChild.cloneNode(true);

  const renumber = () => {
    for (const [place, row] of [...list.children].entries()) {
      for (const el of [row, ...row.querySelectorAll("[name], [id], [aria-label]")]) {
        for (const attribute of NUMBERED) {
          const was = el.getAttribute(attribute);
          if (was && (attribute !== "value" || "up" in el.dataset))
            el.setAttribute(attribute, was.replace(field, `$1${name}-${place}`));
        }
        const said = el.getAttribute("aria-label");
        if (said) el.setAttribute("aria-label", said.replace(/\d+/, place + 1));
      }
    }
  };

  more.addEventListener("click", (event) => {
    event.preventDefault();
    list.append(blank.cloneNode(true));
    renumber();
    list.lastElementChild.querySelector("input").focus();
  });
  list.addEventListener("click", (event) => {
    const up = event.target.closest("[data-up]");
    if (!up) return;
    event.preventDefault();
    const row = up.closest(".rowset-row");
    row.previousElementSibling?.before(row);
    renumber();
    (row.previousElementSibling ? up : row.querySelector("input")).focus();
    fieldset.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
