// The two sides: the list of chats with who I am, and what happens behind the scenes.

import { avatar, byId, el, refill } from "./dom.js";
import { day, dayKey, hour, linesOf, nameOf, plain, world } from "./world.js";

const STILL_WORKING_MS = 3000;
const SHOWN = 14;

/** The chats, groups first; `unread` counts what is new in each. */
export function showChats(here, unread, go) {
  const chats = [...world.chats.values()];
  const part = (title, kind) => el("section", {},
    el("h2", {}, title),
    el("ul", {}, ...chats.filter((chat) => chat.kind === kind).map((chat) => entry(chat, here, unread, go))));
  refill(byId("chat-list"), part("群組", "group"), part("和小幫手一對一", "user"));
  byId("any-unread").hidden = ![...unread.values()].some((count) => count > 0);
}

function entry(chat, here, unread, go) {
  const last = linesOf(chat.id).at(-1);
  const count = unread.get(chat.id) ?? 0;
  const members = chat.kind === "group" ? el("span", { class: "count" }, `(${chat.members.length + (chat.bot_hears ? 1 : 0)})`) : null;
  return el("li", {}, el("button", { type: "button", class: "chat", "aria-current": chat.id === here.chat && "true",
    "data-chat": chat.id, onclick: () => go(chat.id) },
  avatar(chat.name, chat.kind === "group" ? "of-group" : ""),
  el("span", { class: "chat-words" },
    el("span", { class: "chat-top" }, el("strong", {}, chat.name), members,
      last ? el("time", { datetime: last.at }, when(last.at)) : null),
    el("span", { class: "chat-bottom" }, el("span", { class: "chat-last" }, last ? preview(last, chat) : "還沒有訊息"),
      count ? el("span", { class: "badge" }, String(count), el("span", { class: "unseen" }, "則未讀")) : null))));
}

function preview(line, chat) {
  const who = chat.kind === "group" && line.sender ? `${nameOf(line.sender)}：` : "";
  return line.unsent ? `${nameOf(line.sender)}已收回訊息` : `${who}${plain(line)}`;
}

const when = (at) => (dayKey(at) === dayKey(world.now) ? hour(at) : day(at));

/** Who is typing. */
export function showMe(here) {
  const select = byId("me");
  const people = [...world.people.values()];
  if (select.options.length !== people.length) {
    select.replaceChildren(...people.map((person) => el("option", { value: person.id }, person.name)));
  }
  select.value = here.me;
  byId("my-picture").replaceChildren(avatar(nameOf(here.me)));
}

/** The quota, and what the bot heard and did in this chat, newest first. */
export function showBehind(here) {
  const limit = world.quota;
  byId("quota-words").textContent = limit === null ? `${world.used} 則（不限）` : `${world.used} / ${limit} 則`;
  byId("quota").max = limit ?? Math.max(world.used, 1);
  byId("quota").value = world.used;
  const items = [...world.heard.filter((each) => each.chat === here.chat).map(heardItem),
    ...world.pushed.filter((each) => each.chat === here.chat).map(pushedItem)];
  items.sort((one, other) => other.at - one.at);
  const none = el("li", { class: "none" }, "還沒有。說一句話看看。");
  byId("heard").replaceChildren(...(items.length ? items.slice(0, SHOWN).map(item) : [none]));
  showRefused();
}

function item({ at, what, outcome, tone }) {
  return el("li", { class: tone },
    el("span", { class: "what" }, what),
    el("span", { class: "outcome" }, outcome, el("time", {}, hour(at))));
}

function heardItem(event) {
  const who = nameOf(event.sender);
  return { at: event.at, what: who ? `${who}：${deed(event)}` : deed(event), ...result(event) };
}

function deed(event) {
  const deeds = {
    messageEdited: `編輯為「${event.what.text}」`, unsend: "收回訊息", postback: "按了按鈕", follow: "加為好友",
    unfollow: "封鎖", join: "小幫手加入群組", leave: "小幫手離開群組", memberJoined: "有人加入群組", memberLeft: "有人離開群組",
  };
  const kinds = { image: "傳了圖片", file: "傳了檔案", sticker: "傳了貼圖" };
  if (event.kind !== "message") return deeds[event.kind] ?? event.kind;
  return event.what.text ? `「${event.what.text}」` : kinds[event.what.type] ?? "傳了訊息";
}

function result(event) {
  if (event.answered) return { outcome: "已回覆・免費", tone: "free" };
  if (!event.answerable) return { outcome: "知道了", tone: "quiet" };
  if (isYoung(event)) return { outcome: "處理中…", tone: "quiet" };
  return { outcome: "聽到了，沒有回覆", tone: "quiet" };
}

const isYoung = (event) => Date.parse(world.now) - event.at < STILL_WORKING_MS;

/** Whether some event may still be answered: then it is worth looking again. */
export const isWaiting = () => world.heard.some((event) => event.answerable && !event.answered && isYoung(event));

function pushedItem(push) {
  return { at: Date.parse(push.at), what: "小幫手主動推播", outcome: `計費 ${push.price} 則`, tone: "paid" };
}

function showRefused() {
  byId("refused").hidden = world.refused.length === 0;
  byId("refused-list").replaceChildren(...world.refused.map((call) =>
    el("li", {}, el("code", {}, String(call.status)), ` ${call.path.replace("/v2/bot/", "")}`)));
}
