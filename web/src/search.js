/* Finds while one types: the search page's own list, shown under the box. Enter goes to the whole page. */
import { element } from "./dom.js";

const pause = 150;
const most = 6;

export function upgradeSearch(form) {
  const input = form.querySelector("input[type=search]");
  const list = element("div.found-at-once", { hidden: true });
  form.append(list);
  let timer;
  let newest = 0;

  const look = async () => {
    const words = input.value.trim();
    const mine = ++newest;
    if (words.length < 2) return (list.hidden = true);
    const response = await fetch(`/search?q=${encodeURIComponent(words)}`).catch(() => null);
    if (!response?.ok || mine !== newest) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const links = [...page.querySelectorAll(".found a[href]")].slice(0, most);
    list.replaceChildren(...links.map((link) => element("a", { href: link.getAttribute("href") }, link.textContent)));
    list.hidden = links.length === 0;
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, pause);
  });
  form.addEventListener("keydown", (event) => {
    const places = [input, ...list.children];
    const at = places.indexOf(event.target);
    if (event.key === "Escape") {
      list.hidden = true;
      input.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      places[(at + (event.key === "ArrowDown" ? 1 : places.length - 1)) % places.length].focus();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) list.hidden = true;
  });
  /* What was typed while this was being loaded. */
  look();
}
