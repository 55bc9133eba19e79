/* The few lines that spare the page a framework. */

/* element("p.note", {title: "…"}, "text", child…): the first class and on are after the dots. */
export function element(selector, attributes = {}, ...children) {
  const [name, ...classes] = selector.split(".");
  const made = document.createElement(name);
  if (classes.length > 0) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/* Text that is there already is left alone: what does not change is not drawn or read out again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function milliseconds(ms) {
  if (!(ms >= 0)) return "";
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10000 ? 0 : 1)} s`;
  return `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

export function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/* A scrolling box must be reachable by keyboard (WCAG 2.1.1); one that does not scroll would only be in the way. */
export function reachByKeyboard(box) {
  const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  if (scrolls) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}
