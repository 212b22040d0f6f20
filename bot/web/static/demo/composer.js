// Where one writes: text, mention, quote, edit, picture, and the suggestions above it.

import { byId, el, icon, refill } from "./dom.js";
import { lineById, nameOf, plain, world } from "./world.js";

const text = byId("text");
const TALLEST_PX = 140;
const ADDRESSED = /^\s*(小幫手|@)/;
let on = {};
let mode = null; // {kind: "quote" | "edit", id}
let where = null; // the chat that is written in

/** Say once what writing leads to: {say(text, quote), edit(id, text), attach(file)}. */
export function prepare(handlers) {
  on = handlers;
  byId("composer").addEventListener("submit", submit);
  text.addEventListener("keydown", keys);
  text.addEventListener("input", () => { fit(); if (where) showHints(where); });
  text.addEventListener("paste", paste);
  byId("mention").addEventListener("click", () => write(`@${world.bot.name} `));
  byId("attach").addEventListener("click", attach);
  byId("file").addEventListener("change", chosen);
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", dropped);
}

/** Put words where the cursor is. */
export function write(words) {
  text.focus();
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  fit();
}

export function attach() {
  byId("file").click();
}

/**
 * The suggestions; in a group they are put so that the bot hears them. After an @ it is the names
 * of the group, as LINE lists them.
 */
export function showHints(chat) {
  where = chat;
  if (chat.kind === "group" && text.value.slice(0, text.selectionStart).endsWith("@")) return showNames(chat);
  const prefix = chat.kind === "group" ? "小幫手 " : "";
  refill(byId("hints"), ...world.hints.map((hint) => {
    const words = ADDRESSED.test(hint) ? hint : prefix + hint;
    return el("button", { type: "button", class: "hint", onclick: () => suggest(words) }, hint);
  }));
}

function showNames(chat) {
  const names = [world.bot.name, ...chat.members.map((member) => nameOf(member))];
  refill(byId("hints"), ...names.map((name) =>
    el("button", { type: "button", class: "hint", onclick: () => { write(`${name} `); showHints(chat); } }, `@${name}`)));
}

function suggest(words) {
  if (!words.endsWith("…")) return on.say(words, null);
  text.value = words.slice(0, -1);
  text.focus();
  fit();
}

/** Begin to answer a message. */
export function quote(line) {
  mode = { kind: "quote", id: line.id };
  about(`回覆 ${nameOf(line.sender)}`, plain(line));
}

/** Begin to change one's own message. */
export function edit(line) {
  mode = { kind: "edit", id: line.id };
  text.value = line.content.text;
  fit();
  about("編輯訊息", line.content.text);
}

/** Forget what was quoted or edited; the words as well where they were an edit. */
export function reset() {
  if (mode?.kind === "edit") text.value = "";
  mode = null;
  byId("about-to").hidden = true;
  fit();
}

/** Leave a quote or an edit whose message has been taken back. */
export function check(chat) {
  if (mode && (lineById(chat, mode.id)?.unsent ?? true)) reset();
}

function about(title, words) {
  const stop = el("button", { type: "button", class: "round", "aria-label": "取消", onclick: reset }, icon("close"));
  byId("about-to").replaceChildren(el("span", {}, el("strong", {}, title), el("span", {}, words)), stop);
  byId("about-to").hidden = false;
  text.focus();
}

// While an input method composes, Enter chooses the word; 229 is what older browsers report.
function keys(event) {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape" && mode) return reset();
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  byId("composer").requestSubmit();
}

// The box is empty at once, so that one can write on; words that could not be sent come back.
async function submit(event) {
  event.preventDefault();
  const words = text.value.trim();
  text.focus();
  if (!words) return;
  const doing = mode;
  text.value = "";
  reset();
  const done = doing?.kind === "edit" ? await on.edit(doing.id, words) : await on.say(words, doing?.id ?? null);
  if (!done && !text.value) text.value = words;
  fit();
}

function paste(event) {
  const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  on.attach(file);
}

// Without this the browser would leave the page for the file.
function dropped(event) {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) on.attach(file);
}

function chosen(event) {
  const [file] = event.target.files;
  if (file) on.attach(file);
  event.target.value = "";
}

function fit() {
  text.style.height = "auto";
  const border = text.offsetHeight - text.clientHeight;
  // While the composer is hidden there is nothing to measure.
  if (text.scrollHeight) text.style.height = `${Math.min(text.scrollHeight + border, TALLEST_PX)}px`;
  byId("send").classList.toggle("ready", text.value.trim() !== "");
}
