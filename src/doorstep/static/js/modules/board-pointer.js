/* The board by mouse and finger. The card keeps its place (and the pointer) while a ghost shows the target:
   a card that moves to another parent would lose a touch. */

const LONG_PRESS_MS = 350;
const MOUSE_SLACK_PX = 5;
const FINGER_SLACK_PX = 10;

export function pointer(grid) {
  const { el } = grid;
  let grip = null;
  let swallow = false;

  const lift = () => {
    grid.lift(grip.card);
    grip.card.setPointerCapture(grip.id);
  };
  const show = (event) => {
    const lane = grid.lanes().find((l) => {
      const box = l.getBoundingClientRect();
      return event.clientY >= box.top && event.clientY < box.bottom;
    });
    if (!lane) return;
    if (!grid.ghost) {
      grid.ghost = grip.card.cloneNode(true);
      grid.ghost.classList.add("ghost");
      grid.ghost.classList.remove("sel");
      grid.ghost.tabIndex = -1;
      grid.ghost.ariaHidden = "true";
      grip.card.classList.add("away-from");
    }
    const box = lane.getBoundingClientRect();
    const head = lane.querySelector(".who").getBoundingClientRect().width;
    grid.put(grid.ghost, lane, Math.round(((event.clientX - grip.grab - box.left - head) / (box.width - head)) * 48));
    grid.mark(lane);
  };
  const end = (keep) => {
    if (!grip) return;
    clearTimeout(grip.timer);
    grip = null;
    if (!grid.held) return;
    swallow = true;
    setTimeout(() => (swallow = false));
    grid.drop(keep);
  };

  el.addEventListener("dragstart", (event) => event.preventDefault());
  el.addEventListener("click", (event) => swallow && event.preventDefault(), true);
  el.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".job");
    if (!card || event.button || grid.held) return;
    const grab = event.clientX - card.getBoundingClientRect().left;
    grip = { card, x: event.clientX, y: event.clientY, grab, id: event.pointerId };
    if (event.pointerType !== "touch") return;
    grip.timer = setTimeout(() => {
      if (!grip) return;
      lift();
      navigator.vibrate?.(15);
    }, LONG_PRESS_MS);
  });
  el.addEventListener("pointermove", (event) => {
    if (!grip) return;
    if (!grid.held) {
      const far = Math.hypot(event.clientX - grip.x, event.clientY - grip.y);
      if (event.pointerType === "touch") {
        if (far > FINGER_SLACK_PX) {
          clearTimeout(grip.timer); // a moving finger scrolls
          grip = null;
        }
        return;
      }
      if (far < MOUSE_SLACK_PX) return;
      lift();
    }
    show(event);
  });
  el.addEventListener("pointerup", () => end(true));
  el.addEventListener("pointercancel", () => end(false));
  addEventListener("keydown", (event) => event.key === "Escape" && grip && end(false));
  el.addEventListener("touchmove", (event) => grid.held && event.preventDefault(), { passive: false });
}
