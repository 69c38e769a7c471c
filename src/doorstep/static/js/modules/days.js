/* Shows only the windows of the chosen day: groups [data-day="2026-11-27"] inside; without script all groups stand below each other. */

export default function days(el) {
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
