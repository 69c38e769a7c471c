/* The line of the present on the board: its place (data-now, 0 to 1) is set here, because a strict policy knows no style attribute. */

export default function nowline(el) {
  el.style.setProperty("--now", el.dataset.now);
  el.classList.add("on");
}
