/* Dispatch board. Three ways to move an order, one result:
   1. pointer: a mouse drags at once, a finger after a long press; the ghost snaps to the quarter hour;
   2. keyboard: arrows travel between orders, M lifts, arrows move by 15 minutes or by person, Enter drops, Escape puts back;
   3. the form in the inspector (works without this file).
   A move is posted with the version that was seen; the card goes back if the server refuses. */

import { keyboard } from "./board-keys.js";
import { pointer } from "./board-pointer.js";
import { post, reason, toast } from "./talk.js";

const QUARTERS = 48;
const minutes = (hhmm) => hhmm.split(":").reduce((h, m) => Number(h) * 60 + Number(m));
const two = (n) => String(n).padStart(2, "0");

/** What the two ways of moving share: where a card is, putting it somewhere, lifting and dropping it. */
export class Grid {
  constructor(el) {
    this.el = el;
    this.opens = minutes(el.dataset.opensAt || "07:00");
    this.held = null;
    this.ghost = null;
    this.words = document.createElement("p");
    this.words.className = "vh";
    this.words.setAttribute("role", "status");
    el.after(this.words);
  }
  say = (words) => (this.words.textContent = words);
  orders = (lane = this.el) => [...lane.querySelectorAll(".job:not(.ghost)")].sort((a, b) => this.at(a) - this.at(b));
  lanes = () => [...this.el.querySelectorAll(".lane")];
  number = (card, prefix) => Number([...card.classList].find((c) => c.startsWith(prefix))?.slice(prefix.length) ?? 0);
  at = (card) => this.number(card, "at-");
  long = (card) => this.number(card, "for-");
  person = (lane) => lane.querySelector(".who b").textContent;
  clock = (slot) => {
    const m = this.opens + slot * 15;
    return `${Math.floor(m / 60)}:${two(m % 60)}`;
  };
  mark = (lane) => {
    for (const other of this.lanes()) other.classList.toggle("over", other === lane);
  };
  put(card, lane, slot) {
    const place = Math.max(0, Math.min(QUARTERS - this.long(card), slot));
    card.classList.remove(`at-${this.at(card)}`);
    card.classList.add(`at-${place}`);
    if (card.parentElement !== lane) lane.append(card);
    return place;
  }
  lift(card) {
    this.held = { card, lane: card.closest(".lane"), slot: this.at(card), next: card.nextSibling };
    card.classList.add("moving");
  }
  putBack({ card, lane, slot, next }) {
    const focused = document.activeElement === card;
    this.put(card, lane, slot);
    lane.insertBefore(card, next?.parentElement === lane ? next : null);
    if (focused) card.focus();
  }
  drop(keep) {
    if (!this.held) return;
    const from = this.held;
    if (this.ghost && keep) this.put(from.card, this.ghost.closest(".lane"), this.at(this.ghost));
    this.ghost?.remove();
    this.ghost = this.held = null;
    from.card.classList.remove("moving", "away-from");
    this.mark(null);
    if (!keep) {
      this.putBack(from);
      this.say("Put back");
      return;
    }
    const lane = from.card.closest(".lane");
    if (lane !== from.lane || this.at(from.card) !== from.slot) this.send(from, lane);
  }
  async send(from, lane) {
    const { card } = from;
    const slot = this.at(card);
    this.say(`Moved to ${this.person(lane)}, ${this.clock(slot)}.`);
    const refuse = (words) => {
      this.putBack(from);
      toast(words);
    };
    try {
      const m = this.opens + slot * 15;
      const response = await post(this.el.dataset.moveUrl, {
        order: card.dataset.order,
        worker: lane.dataset.lane,
        day: this.el.dataset.day,
        start: `${two(Math.floor(m / 60))}:${two(m % 60)}`,
        version: card.dataset.version ?? "",
      });
      if (!response.ok) return refuse(await reason(response));
      const answer = await response.json();
      if (answer.version !== undefined) card.dataset.version = answer.version;
      const undo =
        answer.undo && (() => post(answer.undo, { version: card.dataset.version ?? "" }).then(() => location.reload()));
      toast(answer.message || `Moved to ${this.person(lane)}, ${this.clock(slot)}.`, { undo });
    } catch {
      refuse("No connection. The order was put back.");
    }
  }
}

export default function board(el) {
  const grid = new Grid(el);
  keyboard(grid);
  pointer(grid);
}
