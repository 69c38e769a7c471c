/* A long form one step at a time: the open step, what was said in those before it, the titles of those to come.
   After a refusal everything stays open, because what is wrong may be anywhere. The browser's back button goes a step back. */

import { wordsOf } from "./request.js";

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(words, kind) {
  const made = make("button", `btn ${kind}`);
  made.type = "button";
  made.append(make("span", "", words));
  return made;
}

/** What was said in a step, in one line. */
function said(step) {
  const chosen = [...step.querySelectorAll("input:checked:not(:disabled):not([name=day])")].map(wordsOf);
  const typed = [...step.querySelectorAll("input[required]:not([type=radio])")].map((input) => input.value.trim());
  const files = step.querySelector("input[type=file]")?.files.length ?? 0;
  const photos = files ? [`${files} ${files === 1 ? "photo" : "photos"}`] : [];
  return [...chosen, ...typed, ...photos].filter(Boolean).join(", ");
}

/** Adds to a step its line for later, with a way back, and its button onward. */
function furnish(step, { change, onward }) {
  const title = step.querySelector("h2");
  title.tabIndex = -1;
  const line = make("p", "step-done between");
  const back = button("Change", "quiet sm");
  back.append(make("span", "vh", `: ${title.textContent.replace(/^\s*\d+/, "").trim()}`));
  back.addEventListener("click", change);
  line.append(make("span", "step-said"), back);
  title.after(line);
  const foot = make("p", "step-next");
  foot.append(onward);
  step.append(foot);
}

export default function steps(form) {
  if (form.querySelector(".error")) return;
  const parts = [...form.querySelectorAll(".step")];
  const last = parts.length - 1;
  const send = form.querySelector(".summary button[type=submit]");
  const onward = button("Continue", "primary lg");
  let open = 0;
  let reached = 0;

  const draw = () => {
    for (const [index, step] of parts.entries()) {
      step.classList.toggle("is-open", index === open);
      step.classList.toggle("is-done", index !== open && index <= reached && index !== last);
      step.querySelector(".step-said").textContent = said(step);
    }
    send.hidden = open !== last;
    onward.hidden = open === last;
  };
  const go = (index, { remember = true } = {}) => {
    open = Math.min(index, last);
    reached = Math.max(reached, open);
    if (remember) history.pushState({ step: open }, "");
    draw();
    const title = parts[open].querySelector("h2");
    title.focus({ preventScroll: true });
    title.scrollIntoView({ block: "start" });
  };
  /** Opens the first of these steps in which something is missing, and says what. */
  const stopsAt = (until) => {
    const fault = parts.slice(0, until + 1).findIndex((step) => step.querySelector("input:invalid, textarea:invalid"));
    if (fault < 0) return false;
    if (fault !== open) go(fault);
    parts[fault].querySelector("input:invalid, textarea:invalid").reportValidity();
    return true;
  };
  const next = () => stopsAt(Math.max(open, reached - 1)) || go(open < reached ? reached : open + 1);

  for (const [index, step] of parts.entries()) {
    const own = index === last ? send.cloneNode(true) : button("Continue", "primary lg");
    if (index !== last) own.addEventListener("click", next);
    furnish(step, { change: () => go(index), onward: own });
  }
  onward.addEventListener("click", next);
  send.before(onward);
  form.noValidate = true;
  form.classList.add("stepped");
  form.addEventListener(
    "submit",
    (event) => {
      const ready = open === last && !stopsAt(last);
      if (ready) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (open !== last) next();
    },
    { capture: true },
  );
  addEventListener("popstate", (event) => go(event.state?.step ?? 0, { remember: false }));
  history.replaceState({ step: 0 }, "");
  draw();
}
