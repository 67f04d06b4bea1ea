import { factsOf } from "./held-facts.js";
import { visible } from "./visible-text.js";

const VERBS = [
  ["approve", "confirm"],
  ["reject", "reject"],
];

/** As long as a person takes to see that something else lies under the pointer now. */
const AIM_MS = 400;
let movedAt = -Infinity;

/**
 * Shows held actions, oldest first, so that one that arrives never moves those a person is about to answer. An item
 * that has not changed stays the same element and keeps the focus.
 */
export function showHeld(list, actions, onAnswer) {
  const before = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const focused = document.activeElement?.closest?.(".held");
  const button = document.activeElement?.className;
  const items = actions.toReversed().map((action) => before.get(keyOf(action)) ?? heldItem(action, onAnswer));
  if (items.length === list.children.length && items.every((item, at) => item === list.children[at])) return;
  const tops = [...before.values()].map((item) => [item, item.getBoundingClientRect().top]);
  list.replaceChildren(...items);
  if (tops.some(([item, top]) => item.isConnected && item.getBoundingClientRect().top !== top)) {
    movedAt = performance.now();
  }
  if (focused === null || focused === undefined) return;
  const again = items.find((item) => item.dataset.id === focused.dataset.id);
  if (again === undefined) document.getElementById("inbox-title").focus();
  else again.querySelector(`.${button}`)?.focus();
}

function keyOf({ id, updated_at: updatedAt, hold }) {
  return `${id} ${updatedAt} ${hold.generation} ${hold.approvals_given.length}`;
}

function heldItem(action, onAnswer) {
  const item = document.getElementById("held-item").content.firstElementChild.cloneNode(true);
  const title = visible(action.summary);
  item.dataset.id = action.id;
  item.dataset.key = keyOf(action);
  item.querySelector("h3").textContent = title;
  item.querySelector("dl").append(...factsOf(action).flatMap(fact));
  for (const [name, verb] of VERBS) {
    const button = item.querySelector(`.${name}`);
    button.setAttribute("aria-label", `${button.textContent}: ${title}`);
    button.addEventListener("click", (event) => {
      if (!wasMissed(event)) onAnswer(item, action, verb);
    });
  }
  return item;
}

/** A click that was aimed before the list moved answers nothing. Keys go by the focus, which stays on its action. */
function wasMissed({ detail }) {
  if (detail === 0 || performance.now() - movedAt > AIM_MS) return false;
  document.getElementById("problem").textContent = "The list moved as you clicked, so nothing was answered.";
  return true;
}

/** Everything that came from an agent becomes a text node, never markup. */
function fact([name, text, style]) {
  const term = document.createElement("dt");
  const value = document.createElement("dd");
  term.textContent = name;
  const holder = style === undefined ? value : value.appendChild(document.createElement("code"));
  holder.textContent = visible(text);
  if (style === "exact") value.className = "exact";
  return [term, value];
}
