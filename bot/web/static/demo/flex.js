// LINE's Flex messages as HTML: https://developers.line.biz/en/docs/messaging-api/flex-message-layout/
// Keywords become pixels as in LINE's own simulator. Every value is checked before it becomes a
// style, every word becomes a text node.

import { el } from "./dom.js";

const SPACE = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const TEXT = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const IMAGE = {
  xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220,
};
const BORDER = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const SIZES = ["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"];
const JUSTIFY = ["center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"];
const ALIGN = ["center", "flex-start", "flex-end"];
const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };
const SIDES = { start: "flex-start", center: "center", end: "flex-end" };
const SMALLEST_LETTERS_PX = 10;
const NUMBER = /^\d+(\.\d+)?(px|%)$/;
const COLOR = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i;

/**
 * A bubble or a carousel.
 * @param {Object} container Flex JSON
 * @param {(action: Object) => void} tap called with a tapped action
 */
export function flex(container, tap) {
  if (container?.type !== "carousel") return bubble(container ?? {}, tap);
  const bubbles = (container.contents ?? []).map((each) => bubble(each, tap));
  return el("div", { class: "carousel-bubbles" }, ...bubbles);
}

function bubble(json, tap) {
  const size = SIZES.includes(json.size) ? json.size : "mega";
  const node = el("div", { class: `fx fx-${size}`, dir: json.direction === "rtl" ? "rtl" : "ltr" });
  const around = { layout: "vertical", tap };
  for (const name of ["header", "hero", "body", "footer"]) {
    if (json[name]) node.append(block(name, json[name], json.styles?.[name] ?? {}, around));
  }
  if (json.body && json.footer) node.classList.add("has-footer");
  return tappable(node, json.action, tap);
}

function block(name, json, style, around) {
  const node = el("div", { class: `fx-${name}` }, component(json, around, true));
  if (style.separator) node.classList.add("separated");
  set(node, "backgroundColor", color(style.backgroundColor));
  set(node, "borderTopColor", color(style.separatorColor));
  return node;
}

const KINDS = { box, text, button, image, icon: iconImage, video, separator, filler, spacer };

function component(json, around, first) {
  const make = KINDS[json?.type];
  if (!make) return el("span");
  const node = make(json, around);
  place(node, json, around, first);
  return node;
}

// --- where a component stands in its box ---------------------------------------------------

function place(node, json, around, first) {
  grow(node, json, around);
  gap(node, json, around, first);
  if (json.position === "absolute") node.classList.add("absolute");
  set(node, "top", length(json.offsetTop, SPACE));
  set(node, "bottom", length(json.offsetBottom, SPACE));
  set(node, "insetInlineStart", length(json.offsetStart, SPACE));
  set(node, "insetInlineEnd", length(json.offsetEnd, SPACE));
}

function grow(node, json, around) {
  if (["separator", "icon", "spacer"].includes(json.type)) return;
  const beside = around.layout !== "vertical";
  const fixed = json.type === "box" && length(beside ? json.width : json.height, {});
  const usual = fixed ? 0 : beside || json.type === "filler" ? 1 : 0;
  const share = Number.isInteger(json.flex) && json.flex >= 0 ? json.flex : usual;
  node.style.flex = share === 0 ? "none" : `${share} 0 ${beside ? "0" : "auto"}`;
}

// A component's own margin goes before its box's spacing; neither is put before the first one,
// nor around filler and spacer.
function gap(node, json, around, first) {
  if (["filler", "spacer"].includes(json.type)) return;
  const space = length(json.margin, SPACE) ?? (first ? null : around.spacing);
  set(node, around.layout === "vertical" ? "marginTop" : "marginInlineStart", space);
}

// --- the components ------------------------------------------------------------------------

function box(json, around) {
  const layout = ["horizontal", "baseline"].includes(json.layout) ? json.layout : "vertical";
  const node = el("div", { class: `fx-box ${layout}` });
  const inside = { layout, tap: around.tap, spacing: length(json.spacing, SPACE) };
  (json.contents ?? []).forEach((each, index) => node.append(component(each, inside, index === 0)));
  frame(node, json);
  for (const name of ["width", "maxWidth", "height", "maxHeight"]) set(node, name, length(json[name], {}));
  if (JUSTIFY.includes(json.justifyContent)) node.style.justifyContent = json.justifyContent;
  if (ALIGN.includes(json.alignItems)) node.style.alignItems = json.alignItems;
  return tappable(node, json.action, around.tap);
}

function frame(node, json) {
  set(node, "padding", length(json.paddingAll, SPACE));
  set(node, "paddingTop", length(json.paddingTop, SPACE));
  set(node, "paddingBottom", length(json.paddingBottom, SPACE));
  set(node, "paddingInlineStart", length(json.paddingStart, SPACE));
  set(node, "paddingInlineEnd", length(json.paddingEnd, SPACE));
  set(node, "backgroundColor", color(json.backgroundColor));
  set(node, "borderColor", color(json.borderColor));
  set(node, "borderWidth", length(json.borderWidth, BORDER));
  set(node, "borderRadius", length(json.cornerRadius, SPACE));
  set(node, "backgroundImage", gradient(json.background));
}

function gradient(json) {
  const [start, end] = [color(json?.startColor), color(json?.endColor)];
  if (json?.type !== "linearGradient" || !start || !end) return null;
  const angle = /^\d+(\.\d+)?deg$/.test(json.angle) ? json.angle : "0deg";
  const centre = color(json.centerColor);
  const middle = centre ? `${centre} ${length(json.centerPosition, {}) ?? "50%"}, ` : "";
  return `linear-gradient(${angle}, ${start}, ${middle}${end})`;
}

function text(json, around) {
  const inner = el("p");
  const spans = json.contents ?? [];
  inner.append(...(spans.length ? spans.map(span) : [json.text ?? ""]));
  const node = el("div", { class: json.wrap ? "fx-text wrap" : "fx-text" }, inner);
  lettering(node, json);
  set(node, "textAlign", ["start", "center", "end"].includes(json.align) ? json.align : null);
  set(node, "justifyContent", GRAVITY[json.gravity]);
  const spacing = length(json.lineSpacing, {});
  if (spacing) {
    // Between the lines only: what the first and the last have too much is taken back.
    inner.style.lineHeight = `calc(1.4em + ${spacing})`;
    inner.style.marginBlock = `calc(${spacing} / -2)`;
  }
  if (json.adjustMode === "shrink-to-fit" && !json.wrap) shrink(inner);
  if (json.wrap && json.maxLines > 0) {
    inner.classList.add("clamped");
    inner.style.setProperty("-webkit-line-clamp", String(json.maxLines));
  }
  return tappable(node, json.action, around.tap);
}

function span(json) {
  const node = el("span", {}, json.text ?? "");
  lettering(node, json);
  return node;
}

function lettering(node, json) {
  set(node, "fontSize", length(json.size, TEXT));
  set(node, "color", color(json.color));
  if (json.weight) node.style.fontWeight = json.weight === "bold" ? "700" : "400";
  if (json.style) node.style.fontStyle = json.style === "italic" ? "italic" : "normal";
  if (["underline", "line-through", "none"].includes(json.decoration)) {
    node.style.textDecoration = json.decoration;
  }
}

function button(json, around) {
  const style = ["primary", "secondary"].includes(json.style) ? json.style : "link";
  const inner = el(
    "button",
    { type: "button", class: `fx-button ${style} ${json.height === "sm" ? "low" : ""}` },
    el("span", {}, json.action?.label ?? ""),
  );
  set(inner, style === "link" ? "color" : "backgroundColor", color(json.color));
  inner.addEventListener("click", (event) => {
    event.stopPropagation();
    around.tap(json.action ?? {});
  });
  if (json.adjustMode === "shrink-to-fit") shrink(inner.firstChild);
  const node = el("div", { class: "fx-slot" }, inner);
  set(node, "justifyContent", GRAVITY[json.gravity]);
  return node;
}

/** Letters get smaller, down to a limit, until the words fit on their line. */
function shrink(node) {
  new ResizeObserver(() => {
    const room = node.parentElement.clientWidth > 0;
    let size = Number.parseFloat(getComputedStyle(node).fontSize);
    while (room && node.scrollWidth > node.clientWidth && size > SMALLEST_LETTERS_PX) {
      size -= 1;
      node.style.fontSize = `${size}px`;
    }
  }).observe(node);
}

function image(json, around) {
  const picture = photo(json.url, "fx-photo");
  set(picture, "aspectRatio", ratio(json.aspectRatio, "1 / 1"));
  set(picture, "backgroundColor", color(json.backgroundColor));
  if (json.aspectMode === "cover") picture.classList.add("cover");
  const node = el("div", { class: "fx-slot" }, picture);
  picture.style.width = json.size === "full" ? "100%" : (length(json.size, IMAGE) ?? "100px");
  node.style.alignItems = SIDES[json.align] ?? "center";
  set(node, "justifyContent", GRAVITY[json.gravity]);
  return tappable(node, json.action, around.tap);
}

function iconImage(json) {
  const picture = photo(json.url, "fx-icon");
  set(picture, "height", length(json.size, TEXT) ?? "16px");
  set(picture, "aspectRatio", ratio(json.aspectRatio, "1 / 1"));
  return picture;
}

function video(json, around) {
  return component(json.altContent, around, true);
}

function separator(json) {
  const node = el("div", { class: "fx-separator" });
  set(node, "backgroundColor", color(json.color));
  return node;
}

function filler() {
  return el("div", { class: "fx-filler" });
}

function spacer(json) {
  const node = el("div", { class: "fx-spacer" });
  set(node, "flexBasis", length(json.size, SPACE) ?? "8px");
  return node;
}

/** A picture that says so when it cannot be shown (the page loads nothing from other hosts). */
export function photo(address, className, alt = "") {
  const node = el("span", { class: className });
  const shown = el("img", { src: address ?? "", alt, loading: "lazy" });
  shown.addEventListener("error", () => node.replaceChildren(el("small", {}, "圖片")));
  node.append(shown);
  return node;
}

// --- taps and values -----------------------------------------------------------------------

function tappable(node, action, tap) {
  if (!action) return node;
  node.classList.add("tappable");
  node.tabIndex = 0;
  node.setAttribute("role", action.type === "uri" ? "link" : "button");
  if (action.label) node.setAttribute("aria-label", action.label);
  const go = (event) => {
    event.stopPropagation();
    event.preventDefault();
    tap(action);
  };
  node.addEventListener("click", go);
  node.addEventListener("keydown", (event) => {
    if (event.target === node && ["Enter", " "].includes(event.key)) go(event);
  });
  return node;
}

function set(node, name, value) {
  if (value !== null && value !== undefined) node.style[name] = value;
}

function length(value, keywords) {
  if (typeof value !== "string") return null;
  if (Object.hasOwn(keywords, value)) return `${keywords[value]}px`;
  return NUMBER.test(value) ? value : null;
}

function color(value) {
  return typeof value === "string" && COLOR.test(value) ? value : null;
}

function ratio(value, usual) {
  const found = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(value ?? "");
  return found ? `${found[1]} / ${found[2]}` : usual;
}
