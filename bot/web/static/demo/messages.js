// One message as LINE shows it.

import { avatar, byId, el, glide, icon, words } from "./dom.js";
import { flex, photo } from "./flex.js";
import { dayKey, filled, hour, lineById, nameOf, plain, world } from "./world.js";

const TOGETHER_MS = 5 * 60_000;
const LONG_PRESS_MS = 500;

/**
 * A line of the conversation.
 * @param {Object} line the message
 * @param {Object|undefined} before the message above it
 * @param {string} me whose telephone this is
 * @param {{tap, reply, menu, open, find}} on what can be done with it
 */
export function row(line, before, me, on) {
  if (line.sender === "" || line.unsent) return systemRow(line);
  const mine = line.sender === me;
  const node = el("li", { class: `row ${mine ? "mine" : "theirs"}`, "data-id": line.id });
  if (follows(line, before)) node.classList.add("follows");
  if (!mine) node.append(avatar(nameOf(line.sender), line.sender === world.bot.id ? "bot" : ""));
  const column = el("div", { class: "column" });
  if (!mine) column.append(el("span", { class: "name" }, nameOf(line.sender, line)));
  column.append(el("div", { class: "line" }, body(line, on), aside(line, mine, on)));
  node.append(column);
  whenHeld(column, (event) => on.menu(line, event));
  return node;
}

function systemRow(line) {
  const said = line.unsent ? `${nameOf(line.sender)}已收回訊息` : line.content.text;
  return el("li", { class: "row system", "data-id": line.id }, el("span", {}, said));
}

function follows(line, before) {
  return Boolean(before) && before.sender === line.sender && !before.unsent
    && dayKey(before.at) === dayKey(line.at) && Date.parse(line.at) - Date.parse(before.at) < TOGETHER_MS;
}

function aside(line, mine, on) {
  const reply = el("button", { type: "button", class: "tool", "aria-label": "引用這則訊息", title: "引用",
    onclick: () => on.reply(line) }, icon("reply"));
  const more = el("button", { type: "button", class: "tool", "aria-label": "更多動作", title: "更多",
    "aria-haspopup": "menu", onclick: (event) => on.menu(line, event) }, icon("more"));
  const edited = world.edited.has(line.id) ? el("span", {}, "已編輯") : null;
  return el("div", { class: "meta" },
    el("div", { class: "tools" }, reply, more),
    edited, el("time", { datetime: line.at }, hour(line.at)));
}

// A long press on a touch screen, the right button of a mouse. Letting go of a long press is
// not a tap on what lies under the finger.
function whenHeld(node, go) {
  let timer = 0;
  let held = false;
  const stop = () => clearTimeout(timer);
  node.addEventListener("pointerdown", (event) => {
    held = false;
    if (event.pointerType === "touch") timer = setTimeout(() => { held = true; go(event); }, LONG_PRESS_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove", "pointerleave"]) {
    node.addEventListener(name, stop);
  }
  node.addEventListener("click", (event) => {
    if (!held) return;
    held = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  node.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img")) return;
    event.preventDefault();
    stop();
    go(event);
  });
}

// --- what a message holds --------------------------------------------------------------------

const BODIES = { text, textV2, flex: flexBody, template, image, file, video: link, audio: link, sticker, location };

function body(line, on) {
  const make = BODIES[line.content.type] ?? unknown;
  return make(line, on);
}

function bubble(line, on, ...inside) {
  return el("div", { class: "bubble" }, quote(line, on), ...inside);
}

function quote(line, on) {
  if (!line.quoted) return null;
  const quoted = lineById(line.chat, line.quoted);
  const said = quoted ? plain(quoted) : "看不到這則訊息";
  const who = quoted ? nameOf(quoted.sender) : "";
  const picture = quoted && !quoted.unsent && quoted.content.type === "image"
    ? photo(pictureAddress(quoted), "quoted-picture") : null;
  return el("button", { type: "button", class: "quote", "aria-label": `被引用的訊息，${who}：${said}`,
    onclick: () => on.find(line.quoted) },
  el("span", { class: "quote-words" }, el("strong", {}, who), el("span", {}, said)), picture);
}

const mentions = () => [`@${world.bot.name}`, "@All", ...[...world.people.values()].map((each) => `@${each.name}`)];

function text(line, on) {
  return bubble(line, on, el("p", {}, words(line.content.text ?? "", mentions())));
}

function textV2(line, on) {
  return bubble(line, on, el("p", {}, words(filled(line.content), mentions())));
}

function flexBody(line, on) {
  const tap = (action) => on.tap(line, action);
  const shown = flex(line.content.contents, tap);
  return line.content.contents?.type === "carousel" ? carousel(shown, line.content.altText) : shown;
}

/** Bubbles side by side: swiped, scrolled, or moved with two buttons. */
function carousel(bubbles, label) {
  const rail = el("div", { class: "carousel", role: "group", "aria-label": label ?? "卡片", tabindex: "0" }, bubbles);
  const move = (direction) => () => rail.scrollBy({ left: direction * 309, behavior: glide });
  const back = el("button", { type: "button", class: "step back", "aria-label": "前一張", onclick: move(-1) }, icon("left"));
  const next = el("button", { type: "button", class: "step next", "aria-label": "後一張", onclick: move(1) }, icon("right"));
  const show = () => {
    back.hidden = rail.scrollLeft < 4;
    next.hidden = rail.scrollLeft + rail.clientWidth > rail.scrollWidth - 4;
  };
  rail.addEventListener("scroll", show, { passive: true });
  new ResizeObserver(show).observe(rail);
  return el("div", { class: "carousel-frame" }, rail, back, next);
}

function pictureAddress(line) {
  const content = line.content;
  return content.previewImageUrl ?? content.originalContentUrl ?? `content/${line.id}`;
}

function image(line, on) {
  const address = line.content.originalContentUrl ?? `content/${line.id}`;
  return el("button", { type: "button", class: "picture", "aria-label": "放大圖片",
    onclick: () => on.open(address) }, photo(pictureAddress(line), "picture-frame"));
}

function file(line, on) {
  const size = line.content.fileSize ?? 0;
  const words = size < 1024 ? `${size} B` : size < 1024 ** 2 ? `${Math.round(size / 1024)} KB` : `${(size / 1024 ** 2).toFixed(1)} MB`;
  return bubble(line, on, el("a", { class: "file", href: `content/${line.id}`, download: line.content.fileName ?? "file" },
    icon("file"), el("span", {}, el("strong", {}, line.content.fileName ?? "檔案"), el("small", {}, words))));
}

function link(line, on) {
  const address = line.content.originalContentUrl ?? `content/${line.id}`;
  return bubble(line, on, el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, plain(line)));
}

function sticker() {
  return el("div", { class: "sticker" }, el("img", { src: byId("app").dataset.botPicture, alt: "貼圖" }));
}

function location(line, on) {
  return bubble(line, on, el("p", {}, [line.content.title, line.content.address].filter(Boolean).join("\n")));
}

function unknown(line, on) {
  return bubble(line, on, el("p", {}, line.content.altText ?? "（這裡顯示不了這種訊息）"));
}

// --- templates, shown with the parts of Flex -------------------------------------------------

function template(line, on) {
  const json = line.content.template ?? {};
  const tap = (action) => on.tap(line, action);
  if (json.type === "carousel" || json.type === "image_carousel") {
    const contents = (json.columns ?? []).map((column) => asBubble(json, column));
    return carousel(flex({ type: "carousel", contents }, tap), line.content.altText);
  }
  return flex(asBubble(json, json), tap);
}

function asBubble(json, part) {
  const hero = part.thumbnailImageUrl ?? part.imageUrl;
  const actions = part.actions ?? [part.action];
  return {
    type: "bubble",
    size: "kilo",
    ...(hero && { hero: heroOf(json, part, hero) }),
    ...(part.text && { body: wordsOf(part) }),
    footer: buttonsOf(json, actions),
    styles: { footer: { separator: true } },
  };
}

function heroOf(json, part, url) {
  return {
    type: "image",
    url,
    size: "full",
    aspectRatio: json.imageAspectRatio === "rectangle" ? "151:100" : "1:1",
    aspectMode: json.imageSize === "contain" ? "fit" : "cover",
    backgroundColor: part.imageBackgroundColor,
    action: part.defaultAction,
  };
}

function wordsOf(part) {
  const title = part.title && { type: "text", text: part.title, weight: "bold", wrap: true };
  const said = { type: "text", text: part.text, size: "sm", wrap: true, color: part.title ? "#5b6675" : "#111111" };
  return { type: "box", layout: "vertical", spacing: "sm", contents: [title, said].filter(Boolean) };
}

function buttonsOf(json, actions) {
  const contents = actions.filter(Boolean).map((action) => ({ type: "button", height: "sm", action }));
  return { type: "box", layout: json.type === "confirm" ? "horizontal" : "vertical", contents };
}
