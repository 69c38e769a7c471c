/* A form is sent once: the button that was pressed says so (data-busy) and waits. The back button brings a usable form. */

export default function form(el) {
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
