/* The board by keys: one stop in the tab order, arrows inside. */

const STEP = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** The neighbour of a card: the next one in its lane, or the nearest in time in the next lane that has any. */
function neighbour(grid, card, [along, across]) {
  const lane = card.closest(".lane");
  if (along) {
    const row = grid.orders(lane);
    return row[row.indexOf(card) + along];
  }
  const lanes = grid.lanes();
  const near = (a, b) => Math.abs(grid.at(a) - grid.at(card)) - Math.abs(grid.at(b) - grid.at(card));
  for (let n = lanes.indexOf(lane) + across; n >= 0 && n < lanes.length; n += across) {
    const found = grid.orders(lanes[n]).sort(near)[0];
    if (found) return found;
  }
  return null;
}

function carry(grid, card, [along, across]) {
  const lanes = grid.lanes();
  const here = lanes.indexOf(card.closest(".lane"));
  const lane = lanes[Math.max(0, Math.min(lanes.length - 1, here + across))];
  const slot = grid.put(card, lane, grid.at(card) + along);
  grid.mark(lane);
  card.focus();
  grid.say(`${grid.person(lane)}, ${grid.clock(slot)}`);
}

export function keyboard(grid) {
  const rove = (card) => {
    for (const other of grid.orders()) other.tabIndex = other === card ? 0 : -1;
  };
  rove(grid.el.querySelector(".job.sel") ?? grid.orders()[0]);
  grid.el.addEventListener("focusin", (event) => event.target.matches(".job") && rove(event.target));

  const lifted = (event, card) => {
    if (event.key === "Enter" || event.key === " ") grid.drop(true);
    else if (event.key === "Escape") grid.drop(false);
    else if (STEP[event.key]) carry(grid, card, STEP[event.key]);
    else return false;
    return true;
  };
  const resting = (event, card) => {
    if (event.key.toLowerCase() === "m") {
      grid.lift(card);
      grid.say("Lifted. Arrows move it, Enter drops it, Escape puts it back.");
      return true;
    }
    const to = STEP[event.key] && neighbour(grid, card, STEP[event.key]);
    to?.focus();
    return Boolean(to);
  };
  grid.el.addEventListener("keydown", (event) => {
    const card = event.target.closest(".job");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((grid.held ? lifted : resting)(event, card)) event.preventDefault();
  });
}
