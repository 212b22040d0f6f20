// The demo page: who I am, which chat is open, and what taps and keys lead to.

import { copy, perform, toast } from "./actions.js";
import { post, sendFile, state } from "./api.js";
import * as composer from "./composer.js";
import { byId, el, refill } from "./dom.js";
import { openMenu } from "./menu.js";
import { isWaiting, showBehind, showChats, showMe } from "./sides.js";
import * as talk from "./talk.js";
import { isInside, nameOf, plain, take, world } from "./world.js";

const LOOK_AGAIN_MS = 1500;
const SLOWEST_RETRY_MS = 8000;
const HAS_MOUSE = matchMedia("(hover: hover)");
const WIDE = matchMedia("(min-width: 1200px)");

const here = { me: "", chat: "" };
const unread = new Map();
let looking = 0;

const myChat = () => world.chats.get(here.chat);

// --- what is new -----------------------------------------------------------------------------

async function follow() {
  let pause = 0;
  for (;;) {
    try {
      receive(await state(world.run, world.seq));
      byId("offline").hidden = true;
      pause = 0;
    } catch {
      byId("offline").hidden = false;
      pause = Math.min(Math.max(pause * 2, 500), SLOWEST_RETRY_MS);
      await new Promise((done) => { setTimeout(done, pause); });
    }
  }
}

function receive(news) {
  const { fresh, changed } = take(news);
  if (fresh || !myChat()) begin();
  else {
    count(changed);
    talk.update(changed);
    announce(changed);
    composer.check(here.chat);
  }
  showAround();
  lookAgain();
}

// An answer's message can be seen a moment before its call is written down.
function lookAgain() {
  clearTimeout(looking);
  if (!isWaiting()) return;
  looking = setTimeout(async () => {
    try {
      receive(await state(world.run, world.seq, 0));
    } catch {
      byId("offline").hidden = false;
    }
  }, LOOK_AGAIN_MS);
}

function count(changed) {
  for (const line of changed) {
    if (line.chat !== here.chat && !line.unsent) unread.set(line.chat, (unread.get(line.chat) ?? 0) + 1);
  }
}

function announce(changed) {
  const said = changed.filter((line) => line.chat === here.chat && line.sender !== here.me);
  if (said.length) byId("live").textContent = said.map((line) => `${nameOf(line.sender)}：${plain(line)}`).join("\n");
}

// --- where I am ------------------------------------------------------------------------------

function begin() {
  const [wanted, person] = location.hash.slice(1).split("/");
  const chat = world.chats.get(wanted) ?? [...world.chats.values()][0];
  if (!chat) return;
  here.me = chat.members.includes(person) ? person : chat.members[0] ?? [...world.people.keys()][0];
  unread.clear();
  open(chat.id);
}

function open(chatId) {
  const chat = world.chats.get(chatId);
  here.chat = chatId;
  if (chat.kind === "user") here.me = chatId;
  unread.delete(chatId);
  history.replaceState(null, "", `#${here.chat}/${here.me}`);
  composer.reset();
  talk.show(here.chat, here.me);
  showAround();
  drawer(false);
}

// With a keyboard at hand, one who has chosen a chat wants to write there.
function enter(chatId) {
  open(chatId);
  if (HAS_MOUSE.matches) byId("text").focus({ preventScroll: true });
}

function become(person) {
  here.me = person;
  open(myChat().kind === "user" ? person : here.chat);
}

function showAround() {
  const chat = myChat();
  if (!chat) return;
  byId("chat-name").textContent = chat.name;
  byId("chat-members").textContent = membersOf(chat);
  showMe(here);
  showChats(here, unread, enter);
  showBehind(here);
  composer.showHints(chat);
  showNotice(chat);
}

function membersOf(chat) {
  if (chat.kind === "user") return "和小幫手一對一";
  const names = chat.members.map((member) => nameOf(member));
  return (chat.bot_hears ? [...names, "小幫手"] : names).join("、");
}

function showNotice(chat) {
  const notice = byId("notice");
  const [words, label, go] = noticeOf(chat);
  notice.hidden = !words;
  byId("composer").hidden = Boolean(words) && !isInside(here.me, chat);
  if (!words) return;
  refill(notice, el("span", {}, words), el("button", { type: "button", class: "strong", onclick: go }, label));
}

function noticeOf(chat) {
  if (!isInside(here.me, chat)) {
    return [`${nameOf(here.me)}不在「${chat.name}」群組。`, "加入群組", () => act("join", { person: here.me, chat: chat.id })];
  }
  if (chat.bot_hears) return [""];
  return chat.kind === "group"
    ? ["小幫手不在這個群組，聽不到這裡的話。", "邀請小幫手", () => act("invite", { chat: chat.id })]
    : ["你已封鎖小幫手。", "解除封鎖", () => act("follow", { person: here.me })];
}

// --- what I do -------------------------------------------------------------------------------

let earlier = Promise.resolve();

/** Do something after what was begun earlier; says whether it worked. */
function act(name, body) {
  earlier = earlier.then(() => attempt(() => post(name, body)));
  return earlier;
}

async function attempt(go) {
  try {
    await go();
    return true;
  } catch (fault) {
    toast(fault.message);
    return false;
  }
}

const place = () => ({ person: here.me, chat: here.chat });

const say = (text, quote) => act("say", { ...place(), text, quote });
const edit = (message, text) => act("edit", { ...place(), message, text });

const attach = (file) => attempt(() => sendFile(here.me, here.chat, file));

function tap(line, action) {
  if (!isInside(here.me, myChat())) return toast("先加入群組才能按。");
  const isQuick = line.content.quickReply?.items?.some((item) => item.action === action);
  const send = (picked) => {
    if (isQuick) talk.spend(line.id);
    act("tap", { ...place(), message: line.id, action, picked });
  };
  return perform(action, { send, write: composer.write, attach: composer.attach });
}

function messageMenu(line, event) {
  const words = line.content.text ?? line.content.altText ? plain(line) : "";
  const mine = line.sender === here.me;
  openMenu(event, [
    { label: "引用", icon: "reply", go: () => composer.quote(line) },
    words && { label: "複製", icon: "copy", go: () => copy(words) },
    mine && line.content.type === "text" && { label: "編輯", icon: "edit", go: () => composer.edit(line) },
    mine && { label: "收回", icon: "unsend", go: () => act("unsend", { ...place(), message: line.id }) },
  ]);
}

function peopleMenu(event) {
  const chat = myChat();
  const person = here.me;
  const items = chat.kind === "group" ? groupItems(chat, person) : friendItems(chat, person);
  openMenu(event, [el("p", { role: "none" }, membersOf(chat)), ...items]);
}

function groupItems(chat, person) {
  const name = nameOf(person);
  return [
    chat.bot_hears
      ? { label: "把小幫手移出群組", icon: "close", go: () => act("remove", { chat: chat.id }) }
      : { label: "邀請小幫手進群組", icon: "people", go: () => act("invite", { chat: chat.id }) },
    isInside(person, chat)
      ? { label: `${name}離開群組`, icon: "close", go: () => act("leave", { person, chat: chat.id }) }
      : { label: `${name}加入群組`, icon: "people", go: () => act("join", { person, chat: chat.id }) },
  ];
}

function friendItems(chat, person) {
  const befriend = { label: "把小幫手加為好友", icon: "people", go: () => act("follow", { person }) };
  return chat.bot_hears
    ? [befriend, { label: "封鎖小幫手", icon: "close", go: () => act("unfollow", { person }) }]
    : [{ ...befriend, label: "解除封鎖" }];
}

function enlarge(address) {
  byId("viewer-picture").src = address;
  byId("viewer").showModal();
}

// --- the two sides ---------------------------------------------------------------------------

function drawer(isOpen) {
  byId("app").classList.toggle("drawer", isOpen);
  byId("shade").hidden = !isOpen;
  if (isOpen) byId("me").focus();
  else if (byId("chats").contains(document.activeElement)) byId("open-chats").focus();
}

function behind(isOpen) {
  byId("behind").hidden = !isOpen;
  byId("toggle-behind").setAttribute("aria-expanded", String(isOpen));
}

function closeBehind() {
  behind(false);
  byId("toggle-behind").focus();
}

function wire() {
  talk.prepare({ tap, reply: composer.quote, menu: messageMenu, open: enlarge, find: talk.find });
  composer.prepare({ say, edit, attach });
  byId("me").addEventListener("change", (event) => become(event.target.value));
  byId("open-people").addEventListener("click", peopleMenu);
  byId("open-chats").addEventListener("click", () => drawer(true));
  for (const id of ["close-chats", "shade"]) byId(id).addEventListener("click", () => drawer(false));
  byId("toggle-behind").addEventListener("click", () => behind(byId("behind").hidden));
  byId("close-behind").addEventListener("click", closeBehind);
  for (const id of ["viewer", "viewer-close"]) byId(id).addEventListener("click", () => byId("viewer").close());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (byId("app").classList.contains("drawer")) drawer(false);
    else if (byId("behind").contains(document.activeElement)) closeBehind();
  });
  behind(WIDE.matches);
}

wire();
follow();
