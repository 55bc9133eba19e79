/* What a reader sees before anything is typed. */
import { assert, contains, equal, lesson, program, test } from "./harness.mjs";

const most = 60000;

test("the home page leads to the lessons, and shows a program to touch", async ({ page }) => {
  await page.goto("/");
  const links = await page.locator("main ol.lessons a").allTextContents();
  contains(links.join(), "First steps", "the list of lessons");
  await program(page, 0);
  await page.locator("main ol.lessons a", { hasText: "Second steps" }).click();
  equal(await page.locator("h1").textContent(), "Second steps", "the title");
});

test("a lesson leads to the one before and the one after", async ({ page }) => {
  await page.goto(lesson);
  await page.locator("nav.turn a[rel=next]").click();
  equal(new URL(page.url()).pathname, "/learn/trial/second", "the address");
  await page.locator("nav.turn a[rel=prev]").click();
  equal(new URL(page.url()).pathname, lesson, "the address");
});

test("what the first page loads is under 60 kB until the editor comes", async ({ page }) => {
  let bytes = 0;
  const loaded = [];
  await page.route("**/static/editor-*.js", (route) => route.abort());
  page.on("requestfinished", async (request) => {
    const { responseHeadersSize, responseBodySize } = await request.sizes();
    bytes += responseHeadersSize + responseBodySize;
    loaded.push(`${responseBodySize} ${request.url()}`);
  });
  await page.goto(lesson, { waitUntil: "networkidle" });
  assert(loaded.some((line) => line.includes("main-")), "the script was not loaded");
  assert(bytes < most, `it loads ${bytes} bytes:\n${loaded.join("\n")}`);
});

test("nothing is asked of another server", async ({ page, server }) => {
  const foreign = [];
  page.on("request", (request) => request.url().startsWith(server.origin) || foreign.push(request.url()));
  await page.goto(lesson, { waitUntil: "networkidle" });
  equal(foreign, [], "requests to others");
});

test("code that is only read is coloured too", async ({ page }) => {
  await page.goto(lesson);
  const code = page.locator("pre > code.language-elixir").first();
  await code.scrollIntoViewIfNeeded();
  await code.locator(".tok-keyword", { hasText: "def" }).waitFor();
});

test("the search finds a word of a lesson, while one types and on its page", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("/");
  await page.keyboard.type("marmalade");
  await page.locator(".found-at-once a", { hasText: "Second steps" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?q=marmalade");
  await page.locator("main .found a", { hasText: "Second steps" }).click();
  equal(await page.locator("h1").textContent(), "Second steps", "the title");
});

test("without JavaScript a lesson is read and its program runs", async ({ page }) => {
  await page.goto(lesson);
  contains(await page.locator("main").innerText(), "A program can be changed where it stands", "the lesson");
  const section = page.locator("section.snippet").first();
  await section.locator("textarea.code").fill('IO.puts("by a " <> "form")');
  await section.locator("button.run").click();
  contains(await page.locator("section.snippet .result pre.output").first().textContent(), "by a form", "the output");
  contains(await page.locator("section.snippet textarea.code").first().inputValue(), "form", "the code");
}, { javaScriptEnabled: false });

test("without JavaScript a solution is checked, and a hint taken", async ({ page }) => {
  await page.goto(lesson);
  const section = page.locator("section.exercise");
  await section.locator("button.hint").click();
  contains(await section.locator("ol.hints").innerText(), "Twice is times two", "the hints");
  await section.locator("button.check").click();
  await section.locator(".verdict.bad").waitFor();
  await section.locator("textarea.code").fill("defmodule Double do\n  def double(n), do: n * 2\nend\n");
  await section.locator("button.check").click();
  await section.locator(".verdict.good").waitFor();
  await page.goto(lesson);
  await section.locator(".badge", { hasText: "Solved" }).waitFor();
}, { javaScriptEnabled: false });
