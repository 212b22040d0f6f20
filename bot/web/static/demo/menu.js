// A small menu beside what was tapped. It closes itself: the browser's own closing would take the
// release of a long press or of the right button for a click elsewhere.

import { byId, el, icon } from "./dom.js";

const menu = byId("menu");
let opener = null;

/**
 * Open the menu.
 * @param {Event} event where
 * @param {(Node|{label: string, icon: string, go: () => void}|null)[]} items
 */
export function openMenu(event, items) {
  if (!menu.contains(document.activeElement)) opener = document.activeElement;
  menu.replaceChildren(...items.filter(Boolean).map(asNode));
  menu.showPopover();
  const { left, top } = spot(event);
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(top, innerHeight - menu.offsetHeight - 8))}px`;
  menu.querySelector("button")?.focus();
}

function asNode(item) {
  if (item instanceof Node) return item;
  return el("button", { type: "button", role: "menuitem", onclick: () => { close(); item.go(); } },
    icon(item.icon), item.label);
}

function spot(event) {
  if (event.clientX || event.clientY) return { left: event.clientX, top: event.clientY };
  const box = event.target.getBoundingClientRect();
  return { left: box.left, top: box.bottom };
}

/** Close it; the focus goes back to where it was, unless it has gone elsewhere. */
function close() {
  if (!menu.matches(":popover-open")) return;
  const hadFocus = menu.contains(document.activeElement);
  menu.hidePopover();
  if (hadFocus) opener?.focus();
}

menu.addEventListener("keydown", (event) => {
  const items = [...menu.querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !items.length) return;
  event.preventDefault();
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
});

document.addEventListener("keydown", (event) => {
  if (["Escape", "Tab"].includes(event.key)) close();
});

document.addEventListener("pointerdown", (event) => {
  if (!menu.contains(event.target)) close();
});
