/* Small helpers of forms and fields; each works without script as a plain form. */

/** A form is sent once: the button that was pressed says so (data-busy) and waits. The back button brings a usable form. */
export function form(el) {
  let sent = null;
  const ready = () => {
    if (!sent) return;
    sent.button.removeAttribute("aria-busy");
    if (sent.words) sent.button.querySelector("span").textContent = sent.words;
    sent = null;
  };
  el.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    const button = event.submitter;
    sent = { button: button ?? el, words: "" };
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    const span = button.querySelector("span");
    if (button.dataset.busy && span) {
      sent.words = span.textContent;
      span.textContent = button.dataset.busy;
    }
  });
  addEventListener("pageshow", (event) => event.persisted && ready());
}

/** Says how many fields were changed ([data-unsaved] in the form) and asks before the page is left with them. */
export function unsaved(form) {
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

/** A GET form of selects sends itself when one changes. */
export const autosubmit = (form) => form.addEventListener("change", () => form.requestSubmit());

/** Takes the focus when the page opens: the summary of errors is heard and seen first. */
export const focus = (el) => el.focus({ preventScroll: false });

/** A form that was refused answers at its own address; from here on the page goes by the address that shows it (data-address). */
export const address = (el) => history.replaceState(history.state, "", el.dataset.address);

/** Shows and hides a password. */
export function reveal(el) {
  const input = el.querySelector("input");
  const button = el.querySelector("button");
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
  input.form?.addEventListener("submit", () => (input.type = "password"));
}

/** Number input with two buttons; the input alone works too. */
export function stepper(el) {
  const input = el.querySelector("input");
  const buttons = el.querySelectorAll("[data-step]");
  const bounds = () => {
    for (const button of buttons) {
      const next = Number(input.value) + Number(button.dataset.step);
      button.disabled = next < Number(input.min) || next > Number(input.max);
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const next = (Number(input.value) || 0) + Number(button.dataset.step);
      input.value = Math.min(Number(input.max), Math.max(Number(input.min), next));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  input.addEventListener("change", bounds);
  bounds();
}

/** Shows only the windows of the chosen day: groups [data-day="2026-11-27"] inside; without script all groups stand below each other. */
export function days(el) {
  const groups = [...el.querySelectorAll("[data-day]")];
  const show = (chosen) => {
    for (const group of groups) {
      group.hidden = group.dataset.day !== chosen;
      for (const input of group.querySelectorAll("input")) {
        input.disabled = group.hidden;
        if (group.hidden) input.checked = false;
      }
    }
  };
  const radios = () => el.querySelectorAll(".day input");
  el.addEventListener("change", (event) => event.target.closest(".day") && show(event.target.value));
  const chosen = [...radios()].find((radio) => radio.checked);
  if (chosen) show(chosen.value);
  else for (const group of groups) group.hidden = true;
}
