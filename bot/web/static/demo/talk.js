// The conversation in the middle: its lines, the day between them, and the quick replies.

import { byId, el, glide, refill } from "./dom.js";
import { row } from "./messages.js";
import { day, dayKey, linesOf, world } from "./world.js";

const NEAR_PX = 120;

const list = byId("messages");
const scroll = byId("scroll");
const toEnd = byId("to-end");
let chat = "";
let me = "";
let on = {};
let stuck = true; // whether the newest line is in view, and shall stay so
let lastTop = 0;
let spent = ""; // the message whose quick replies were used

/** Say once what can be done with a message: {tap, reply, menu, open, find}. */
export function prepare(handlers) {
  on = handlers;
  scroll.addEventListener("scroll", notice, { passive: true });
  toEnd.addEventListener("click", goToEnd);
  new ResizeObserver(() => stuck && jump()).observe(list);
  new ResizeObserver(() => stuck && jump()).observe(scroll);
}

// Only somebody's scrolling up lets go of the end; new lines that push it down do not.
function notice() {
  const top = scroll.scrollTop;
  if (scroll.scrollHeight - top - scroll.clientHeight < NEAR_PX) {
    stuck = true;
    toEnd.hidden = true;
  } else if (top < lastTop) stuck = false;
  lastTop = top;
}

/** Show a chat from its beginning, as somebody's telephone does. */
export function show(chatId, person) {
  [chat, me] = [chatId, person];
  list.replaceChildren(intro());
  linesOf(chat).forEach((line, at) => place(line, at));
  quick();
  goToEnd();
}

/** Show lines of this chat that are new or changed. */
export function update(changed) {
  const lines = linesOf(chat);
  for (const line of changed.filter((each) => each.chat === chat)) {
    place(line, lines.findIndex((each) => each.id === line.id));
    if (line.sender === me) goToEnd();
    else if (!stuck && line === lines.at(-1)) toEnd.hidden = false;
  }
  quick();
}

/** Bring a message into view and mark it for a moment. */
export function find(id) {
  const node = nodeOf(id);
  if (!node) return;
  node.scrollIntoView({ block: "center", behavior: glide });
  node.classList.add("found");
  setTimeout(() => node.classList.remove("found"), 1600);
}

/** Quick replies go away when one of them is tapped. */
export function spend(id) {
  spent = id;
  quick();
}

function place(line, at) {
  const before = linesOf(chat)[at - 1];
  const node = row(line, before, me, on);
  const old = nodeOf(line.id);
  if (old) return old.replaceWith(node);
  if (!before || dayKey(before.at) !== dayKey(line.at)) {
    list.append(el("li", { class: "row day" }, el("span", {}, day(line.at))));
  }
  list.append(node);
}

const nodeOf = (id) => list.querySelector(`[data-id="${CSS.escape(id)}"]`);

function intro() {
  const about = world.chats.get(chat);
  const said = about.kind === "group"
    ? `這是「${about.name}」群組。小幫手只在被叫到時說話：以「小幫手」開頭，或用 @ 提及它。`
    : `這是${about.name}和小幫手的一對一聊天，直接打字就會回答。`;
  const hint = world.hints[0];
  const example = hint && el("strong", {}, `試試看：${about.kind === "group" ? "小幫手 " : ""}${hint}`);
  return el("li", { class: "row system intro" }, el("span", {}, said, example));
}

// Only the last message's are shown, and they go as soon as anyone writes (LINE.md section 4).
function quick() {
  const last = linesOf(chat).findLast((line) => line.sender !== "");
  const items = last && last.sender === world.bot.id && last.id !== spent ? last.content.quickReply?.items ?? [] : [];
  const bar = byId("quick");
  refill(bar, ...items.map((item) => el("button", { type: "button", class: "chip",
    onclick: () => on.tap(last, item.action) }, item.action.label ?? "")));
  bar.hidden = items.length === 0;
}

function goToEnd() {
  stuck = true;
  toEnd.hidden = true;
  jump();
}

function jump() {
  scroll.scrollTop = scroll.scrollHeight;
}
