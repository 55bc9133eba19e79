/* Makes docs/screenshots: pages of the real course, as a learner and a teacher see them. */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, replaceCode, verdict } from "./harness.mjs";
import { root, Server } from "./server.mjs";

const folder = join(root, "docs/screenshots");
const wide = { width: 1200, height: 800 };
const tall = { width: 1200, height: 960 };

async function near(page, section) {
  await section.locator(".cm-content").waitFor();
  await section.evaluate((node) => scrollTo({ top: node.getBoundingClientRect().top + scrollY - 90, behavior: "instant" }));
  await page.waitForTimeout(300);
}

/* As it looks once nothing moves or blinks any more. */
async function take(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(500);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  /* 128 colours are enough for a page of text, in a third of the bytes. */
  execFileSync("pngquant", ["--force", "--strip", "--speed", "1", "--output", path, "128", path]);
  console.log(`${name}.png`);
}

async function home(page) {
  await page.goto("/");
  const section = page.locator(".hero section.snippet");
  await section.locator(".cm-content").click();
  await section.locator(".live-value").first().waitFor();
  await page.locator("h1").click();
  await take(page, "home");
}

async function lesson(page) {
  await page.goto("/learn/elixir/lists");
  const section = page.locator("section.snippet").first();
  await near(page, section);
  await replaceCode(section, `prices = %{tea: 3, cake: 5, sandwich: 7}

cheap = Enum.filter(prices, fn {_thing, price} -> price < 6 end)
names = Enum.map(cheap, fn {thing, _price} -> thing end)
total = prices |> Map.values() |> Enum.sum()

IO.puts("Everything costs #{total}; cheap are #{Enum.join(names, " and ")}.")`);
  await section.locator(".live-value").nth(4).waitFor();
  await take(page, "lesson");
}

async function failing(page) {
  await page.goto("/learn/elixir/matching#traffic-light");
  const section = page.locator("section.exercise#traffic-light");
  await near(page, section);
  await section.locator("button.check").click();
  await verdict(section, "Not yet");
  await section.locator("button.hint").click();
  await section.locator("ol.hints > li").first().waitFor();
  await near(page, section);
  await take(page, "exercise");
}

async function solved(page) {
  await page.goto("/learn/elixir/matching#traffic-light");
  const section = page.locator("section.exercise#traffic-light");
  await near(page, section);
  await replaceCode(section, `defmodule TrafficLight do
  def next(:green), do: :amber
  def next(:amber), do: :red
  def next(:red), do: :green
  def next(:dark), do: :blinking
  def next(:blinking), do: :dark
  def next(_broken), do: :red
end`);
  await page.keyboard.press("Control+Enter");
  await verdict(section, "Solved");
  await section.locator("details.solution summary").click();
  await section.locator("details.solution .tok-keyword").first().waitFor();
  await near(page, section);
  await take(page, "solved");
}

async function playground(page) {
  await page.goto("/play");
  const section = page.locator("section.snippet");
  await section.locator("select").selectOption("python");
  await near(page, section);
  await replaceCode(section, 'words = "the quick brown fox jumps over the lazy dog".split()\nlengths = {word: len(word) for word in words}\nlongest = max(lengths.values())\n\nfor word, n in lengths.items():\n    print(f"{word:8}", "#" * n)');
  await section.locator("pre.output", { hasText: "lazy" }).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await take(page, "playground");
}

/* What a class of learners leaves behind: everyone tries, not everyone passes. */
async function learn(open, exercise, solution) {
  for (let i = 0; i < 9; i++) {
    const { request } = (await open()).context();
    const { stub } = await (await request.get(`/site/exercise?id=${exercise}`)).json();
    for (let n = 0; n <= i % 3; n++) await request.post("/site/check", { data: { exercise, code: `${stub}# try ${n}\n` } });
    if (i % 4 !== 0) await request.post("/site/check", { data: { exercise, code: solution } });
  }
}

async function teacher(page, open, server) {
  for (const [lesson, name] of [["values", "first-words"], ["values", "tea-timer"], ["matching", "traffic-light"], ["recursion", "lift-off"]]) {
    const solution = await readFile(join(root, "courses/elixir/exercises", name, "solution.ex"), "utf8");
    await learn(open, `elixir/${lesson}/${name}`, solution);
  }
  await page.goto("/account");
  const form = page.locator('form[action="/account/sign-up"]');
  await form.locator("input[name=name]").fill("grace");
  await form.locator("input[name=password]").fill("a teacher's password");
  await form.locator("button").click();
  await server.again({ teachers: "grace" });
  await page.goto(`${server.origin}/teach`);
  await take(page, "teacher");
}

const browser = await launch();
const server = await Server.start({ courses: [join(root, "courses")] });
const open = async (options = {}) => {
  const context = await browser.newContext({ baseURL: server.origin, viewport: wide, ...options });
  return context.newPage();
};
try {
  await home(await open());
  await lesson(await open());
  await failing(await open({ colorScheme: "dark", viewport: tall }));
  await solved(await open({ viewport: tall }));
  await playground(await open({ colorScheme: "dark", viewport: tall }));
  const phone = await open({ viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true });
  await phone.goto("/learn/elixir/processes");
  await phone.locator(".cm-content").first().waitFor();
  await take(phone, "phone");
  await teacher(await open(), open, server);
} finally {
  await browser.close();
  await server.stop();
}
