// What the page knows: people, chats and messages, as the server tells them.

export const world = {
  run: "",
  seq: 0,
  now: new Date(),
  bot: { id: "", name: "" },
  hints: [],
  people: new Map(),
  chats: new Map(),
  heard: [],
  pushed: [],
  refused: [],
  used: 0,
  quota: null,
  lines: new Map(), // chat id → its messages, oldest first
  edited: new Set(), // ids of messages whose words changed while this page was open
};

/**
 * Take in what the server says.
 * @returns {{fresh: boolean, changed: Object[]}} whether everything began anew, and what changed
 */
export function take(state) {
  const fresh = state.run !== world.run;
  if (fresh) world.lines.clear();
  for (const name of ["run", "seq", "bot", "hints", "heard", "pushed", "refused", "used", "quota"]) {
    world[name] = state[name];
  }
  world.now = new Date(state.now);
  world.people = new Map(state.people.map((person) => [person.id, person]));
  world.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
  return { fresh, changed: state.messages.filter(keep) };
}

function keep(line) {
  const lines = world.lines.get(line.chat) ?? [];
  world.lines.set(line.chat, lines);
  const at = lines.findLastIndex((each) => each.id === line.id);
  if (at >= 0 && lines[at].seq >= line.seq) return false;
  if (at < 0) lines.push(line);
  else {
    if (!line.unsent) world.edited.add(line.id);
    lines[at] = line;
  }
  return true;
}

export const linesOf = (chat) => world.lines.get(chat) ?? [];

export function lineById(chat, id) {
  return linesOf(chat).find((line) => line.id === id);
}

export function nameOf(sender, line = null) {
  if (sender === world.bot.id) return line?.content.sender?.name ?? world.bot.name;
  return world.people.get(sender)?.name ?? "";
}

/** A message in a few words, for the list of chats, quotes and screen readers. */
export function plain(line) {
  if (line.unsent) return "已收回訊息";
  const content = line.content;
  const kinds = {
    image: "圖片", video: "影片", audio: "語音訊息", sticker: "貼圖", location: "位置資訊",
    file: `檔案：${content.fileName ?? ""}`,
  };
  if (content.type === "textV2") return filled(content);
  return content.text ?? content.altText ?? kinds[content.type] ?? "訊息";
}

/** The words of a textV2 with its names filled in and its doubled braces made single. */
export function filled(content) {
  return (content.text ?? "").replace(/\{\{|\}\}|\{(\w{1,20})\}/g, (found, key) => {
    if (!key) return found[0];
    const put = content.substitution?.[key];
    if (put?.type !== "mention") return "";
    return put.mentionee.type === "all" ? "@All" : `@${nameOf(put.mentionee.userId)}`;
  });
}

/** Whether the person may write in the chat. */
export const isInside = (person, chat) => chat.members.includes(person);

const ZONE = { timeZone: "Asia/Taipei" };
const HOUR = new Intl.DateTimeFormat("zh-TW", { ...ZONE, hour: "numeric", minute: "2-digit", hour12: true });
const DAY = new Intl.DateTimeFormat("zh-TW", { ...ZONE, month: "numeric", day: "numeric", weekday: "short" });
const KEY = new Intl.DateTimeFormat("sv-SE", { ...ZONE, dateStyle: "short" });

export const hour = (at) => HOUR.format(new Date(at));
export const dayKey = (at) => KEY.format(new Date(at));

export function day(at) {
  const days = Math.round((Date.parse(dayKey(world.now)) - Date.parse(dayKey(at))) / 86_400_000);
  return { 0: "今天", 1: "昨天" }[days] ?? DAY.format(new Date(at));
}
