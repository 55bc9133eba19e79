/* What every page loads: small, and nothing that the page could not do without it. Editors, exercises and the
 * playground are fetched when they are needed. */
import { element, reachByKeyboard } from "./dom.js";
import { forgetDrafts } from "./keep.js";
import { Snippet } from "./snippet.js";

/* ---- light and dark ---- */

const year = 365 * 24 * 3600;

const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

function themeSwitch(form) {
  const button = element("button.theme-switch", { type: "button" });
  const tell = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Use light colours" : "Use dark colours");
  };
  button.addEventListener("click", () => {
    const dark = !isDark();
    /* Who goes back to what the system says follows it again. */
    const theme = dark === system.matches ? "system" : dark ? "dark" : "light";
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    document.cookie = `phial_theme=${theme}; path=/; max-age=${year}; samesite=lax`;
    tell();
  });
  system.addEventListener("change", tell);
  tell();
  form.replaceChildren(button);
}

/* ---- pieces of the page come to life when they come near ---- */

function whenNear(nodes, act) {
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        act(target);
      }
    },
    { rootMargin: "400px" },
  );
  for (const node of nodes) watcher.observe(node);
}

function upgradeSnippets() {
  for (const section of document.querySelectorAll("section.snippet")) {
    const isPlay = document.body.classList.contains("page-play");
    const snippet = new Snippet(section, { draftName: isPlay ? null : `${location.pathname}#${section.id}` });
    if (isPlay) import("./play.js").then(({ upgradePlay }) => upgradePlay(snippet));
    whenNear([section], () => snippet.source.load());
  }
}

function upgradeExercises() {
  const sections = document.querySelectorAll("section.exercise");
  if (sections.length === 0) return;
  /* Fetched now, since a click on Check may come before the reader is near; shown state is asked for when near. */
  import("./exercise.js").then(({ Exercise }) => {
    for (const section of sections) {
      const exercise = new Exercise(section);
      whenNear([section], () => exercise.near());
    }
  });
}

function upgradeCode() {
  const blocks = document.querySelectorAll("pre > code[class*=language-]");
  whenNear(blocks, async (code) => {
    const name = /language-([\w-]+)/.exec(code.className)[1];
    const { colour } = await import("./editor.js");
    await colour(code, name);
  });
  for (const box of document.querySelectorAll("pre")) reachByKeyboard(box);
}

/* On a phone the lessons are one line: the one that is read stands in its middle. */
function showLesson() {
  const nav = document.querySelector("nav.lessons");
  const here = nav?.querySelector("[aria-current=page]");
  if (here) nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
}

/* ---- keys ---- */

function upgradeKeys() {
  const search = document.querySelector("form.search input[type=search]");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable=true]");
    if (event.key === "/" && search && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });
  if (search) search.addEventListener("focus", () => import("./search.js").then(({ upgradeSearch }) => upgradeSearch(search.form)), { once: true });
}

/* ---- `phial course preview`: the server starts anew when a lesson was saved, and the page with it ---- */

function reloadOnSave() {
  const stream = new EventSource("/site/preview");
  let opened = false;
  stream.onopen = () => {
    if (opened) location.reload();
    opened = true;
  };
}

document.documentElement.dataset.scripted = "";
if ("preview" in document.documentElement.dataset) reloadOnSave();
const theme = document.querySelector("form.theme");
if (theme) themeSwitch(theme);
upgradeSnippets();
upgradeExercises();
upgradeCode();
upgradeKeys();
showLesson();
for (const form of document.querySelectorAll('form[action="/account/sign-out"], form[action="/account/delete"]'))
  form.addEventListener("submit", forgetDrafts);
