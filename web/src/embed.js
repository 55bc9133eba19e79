/* For other sites: <script type="module" src="https://SERVER/embed.js"></script> makes each
 * <pre><code class="language-elixir">…</code></pre> runnable. It lives in a shadow root, so neither page's style
 * reaches the other. The operator must have named the site's origin (setting cors_origins). */
import style from "phial:style";
import { element } from "./dom.js";
import { Snippet } from "./snippet.js";

const origin = new URL(import.meta.url).origin;
const own = `
:host { all: initial; display: block; margin: 1em 0; color-scheme: inherit; font: 1rem/1.5 var(--sans); color: var(--ink); }
section.snippet { margin: 0; }
`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(style + own);

function upgrade(code, { name, file }) {
  const host = element("div.phial-snippet");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  const text = code.textContent.replace(/\n$/, "");
  const area = element("textarea.code", { "aria-label": `Code: ${name}`, rows: text.split("\n").length, spellcheck: "false" });
  area.value = text;
  area.defaultValue = text;
  const section = element("section.snippet", { "data-language": name, "data-file": file, "data-live": "off", "aria-label": "Program" },
    element("form", {}, area, element("div.bar", {}, element("button.run", {}, "Run"))), element("div.result"));
  root.append(section);
  code.closest("pre").replaceWith(host);
  const snippet = new Snippet(section, { origin, canLive: false });
  new IntersectionObserver((entries, watcher) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    snippet.source.load();
  }, { rootMargin: "400px" }).observe(host);
}

async function start() {
  const languages = await (await fetch(`${origin}/api/v1/languages`)).json();
  const known = new Map();
  for (const language of languages) for (const name of [language.name, ...(language.aliases ?? [])]) known.set(name, language);
  for (const code of document.querySelectorAll("pre > code[class*=language-]")) {
    const language = known.get(/language-([\w+-]+)/.exec(code.className)[1]);
    if (language) upgrade(code, language);
  }
}

start().catch((error) => console.warn(`phial: ${origin} cannot be used from here; has its operator named this site?`, error));
