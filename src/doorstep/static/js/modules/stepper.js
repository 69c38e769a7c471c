/* Number input with two buttons; the input alone works too. */

export default function stepper(el) {
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
