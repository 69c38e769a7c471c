/* Before and after: a range input moves the edge; thumbnails with data-compare change the two pictures. */

export default function compare(el) {
  const range = el.querySelector("input[type=range]");
  const set = () => {
    el.style.setProperty("--x", `${range.value}%`);
    range.setAttribute("aria-valuetext", `${range.value} percent of the picture shows before`);
  };
  el.classList.add("live");
  range.addEventListener("input", set);
  set();

  const links = [...document.querySelectorAll(`[data-compare="${el.id}"]`)];
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      el.querySelector(".b img").src = link.dataset.before;
      el.querySelector(".a img").src = link.dataset.after;
      for (const other of links) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
    });
  }
}
