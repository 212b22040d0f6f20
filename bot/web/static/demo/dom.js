// Small helpers for building the page. Text only ever becomes text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * A new element.
 * @param {string} tag
 * @param {Object} props attributes; `onclick` and the like are listeners; null and false are left out
 * @param {...(Node|string|null|false)} children strings become text nodes
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** One of the drawings at the top of the page, as decoration. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** How to scroll for somebody who may not want movement. */
export const glide = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";

export const byId = (id) => document.getElementById(id);

/** Put new children into a node; the button that had the focus has it again. */
export function refill(parent, ...children) {
  const place = [...parent.querySelectorAll("button")].indexOf(document.activeElement);
  parent.replaceChildren(...children);
  if (place >= 0) parent.querySelectorAll("button")[place]?.focus();
}

/** A round picture made of a name's first character; the colour follows the name. */
export function avatar(name, kind = "") {
  if (kind === "bot") {
    return el("img", { class: "avatar", src: byId("app").dataset.botPicture, alt: "" });
  }
  const letter = Array.from(name)[0] ?? "?";
  return el("span", { class: `avatar tint-${tint(name)} ${kind}`, "aria-hidden": "true" }, letter);
}

function tint(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % 8;
}

// A URL ends before full-width text, and before the marks that close a sentence.
const LINK = /https?:\/\/[!#-;=?-~]+/g;
const SENTENCE_END = /[.,;:!?)\]}'"]+$/;

/** Words as LINE shows them: links can be opened, mentions stand out, lines stay lines. */
export function words(text, mentions = []) {
  const found = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(SENTENCE_END, "");
    found.append(...marked(text.slice(at, match.index), mentions), link(address));
    at = match.index + address.length;
  }
  found.append(...marked(text.slice(at), mentions));
  return found;
}

function link(address) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);
}

function marked(text, mentions) {
  const parts = [];
  let rest = text;
  while (rest) {
    const [at, mention] = first(rest, mentions);
    if (at < 0) return [...parts, rest];
    if (at) parts.push(rest.slice(0, at));
    parts.push(el("span", { class: "mention" }, mention));
    rest = rest.slice(at + mention.length);
  }
  return parts;
}

function first(text, mentions) {
  let best = [-1, ""];
  for (const mention of mentions) {
    const at = text.indexOf(mention);
    if (at >= 0 && (best[0] < 0 || at < best[0])) best = [at, mention];
  }
  return best;
}
