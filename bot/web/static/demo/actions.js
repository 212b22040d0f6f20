// What a button does when it is tapped: https://developers.line.biz/en/docs/messaging-api/actions/

import { byId } from "./dom.js";

const OPENS = /^(https?|tel|line):/i;
const INPUTS = { date: "date", time: "time", datetime: "datetime-local" };
const TITLES = { date: "選擇日期", time: "選擇時間", datetime: "選擇日期和時間" };

/**
 * Do what a button says.
 * @param {Object} action LINE's action JSON
 * @param {{send: (picked?: string) => void, write: (text: string) => void, attach: () => void}} on
 */
export function perform(action, on) {
  if (action.type === "uri") return open(action);
  if (action.type === "clipboard") return copy(action.clipboardText ?? "");
  if (action.type === "datetimepicker") return pick(action, on.send);
  if (action.type === "camera" || action.type === "cameraRoll") return on.attach();
  if (action.type !== "postback" && action.type !== "message") return toast("這個按鈕只能在手機的 LINE 使用。");
  if (action.inputOption === "openKeyboard") on.write(action.fillInText ?? "");
  return on.send();
}

function open(action) {
  const address = action.altUri?.desktop ?? action.uri ?? "";
  if (OPENS.test(address)) window.open(address, "_blank", "noopener,noreferrer");
  else toast("這個連結打不開。");
}

/** Put words on the clipboard and say so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("已複製");
  } catch {
    toast("瀏覽器不讓這個頁面複製，請自行選取文字。");
  }
}

let hiding = 0;

/** A short remark at the bottom of the page. */
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { node.hidden = true; }, 3500);
}

function pick(action, done) {
  const dialog = byId("picker");
  const input = byId("picked");
  byId("picker-title").textContent = TITLES[action.mode] ?? TITLES.date;
  input.type = INPUTS[action.mode] ?? "date";
  input.min = local(action.min);
  input.max = local(action.max);
  input.value = local(action.initial);
  dialog.returnValue = "";
  byId("picker-cancel").onclick = () => dialog.close("");
  dialog.querySelector("form").onsubmit = () => done(input.value.slice(0, 16));
  dialog.showModal();
}

const local = (value) => (value ?? "").replace("t", "T");
