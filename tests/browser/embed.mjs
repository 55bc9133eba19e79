/* Programs in the pages of other sites. */
import { contains, equal, test } from "./harness.mjs";

function pageOf(server) {
  return `<!doctype html><html lang="en"><title>Another site</title>
<style>button { background: rgb(1, 2, 3) !important; } p { color: rgb(4, 5, 6); }</style>
<p id="text">Text of another site.</p>
<pre><code class="language-elixir">IO.puts("embedded " &lt;&gt; "here")</code></pre>
<pre><code class="language-klingon">nuqneH</code></pre>
<button id="own">Its own</button>
<script type="module" src="${server.origin}/embed.js"></script></html>`;
}

test("embed.js makes code of another site run there, and no style leaks either way", async ({ page, server, site }) => {
  site.html = pageOf(server);
  await page.goto(site.origin);
  const before = await page.locator("#text").evaluate((node) => getComputedStyle(node).cssText);
  const run = page.locator(".phial-snippet button.run");
  await run.click();
  await page.locator(".phial-snippet pre.output", { hasText: "embedded here" }).waitFor();
  await page.locator(".phial-snippet .cm-content .tok-string").first().waitFor();
  equal(await page.locator("pre > code.language-klingon").count(), 1, "code in a language that the server does not know");
  equal(await page.locator("#text").evaluate((node) => getComputedStyle(node).cssText), before, "the style of the site's text");
  const ground = await run.evaluate((node) => getComputedStyle(node).backgroundColor);
  equal(ground === "rgb(1, 2, 3)", false, "whether the site's style reached the button");
});

test("a site that the operator did not name cannot run anything", async ({ page, server, site }) => {
  site.html = pageOf(server);
  /* The same server by another name is another origin. */
  await page.goto(site.origin.replace("127.0.0.1", "localhost"));
  await page.waitForEvent("console", (message) => message.text().includes("has its operator named this site?"));
  contains(await page.locator("pre > code.language-elixir").innerText(), "embedded", "the code, which stays as it was");
});
