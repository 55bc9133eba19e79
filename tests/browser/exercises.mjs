/* Problems: failing, hints, passing, and finding it again. */
import { contains, equal, exercise, lesson, replaceCode, test, verdict } from "./harness.mjs";

const solution = "defmodule Double do\n  def double(n), do: n * 2\nend";

test("a wrong solution is told which test fails, with what was expected and what it gave", async ({ page }) => {
  await page.goto(lesson);
  const section = await exercise(page, "double");
  await section.locator("button.check").click();
  await verdict(section, "Not yet: 1 of 2 tests passes.");
  equal(await section.locator(".tests > li").evaluateAll((items) => items.map((item) => item.className)), ["pass", "fail"], "the tests");
  equal(await section.locator("dd.expected").innerText(), "6", "what was expected");
  equal(await section.locator("dd.actual").innerText(), "3", "what it gave");
  equal(await section.locator("dd.actual del").innerText(), "3", "what is marked");
});

test("a solution that does not compile is marked at its line", async ({ page }) => {
  await page.goto(lesson);
  const section = await exercise(page, "double");
  await replaceCode(section, "defmodule Double do\n  def double(n), do: m * 2\nend");
  await page.keyboard.press("Control+Enter");
  await verdict(section, "It could not be compiled.");
  await section.locator("button.place", { hasText: "line 2" }).first().waitFor();
  await section.locator(".cm-lintRange-error").first().waitFor();
});

test("hints come one by one", async ({ page }) => {
  await page.goto(lesson);
  const section = await exercise(page, "double");
  const hints = section.locator("ol.hints > li");
  const button = section.locator("button.hint");
  await button.click();
  await hints.nth(0).waitFor();
  equal(await hints.count(), 1, "hints after one click");
  await button.click();
  await hints.nth(1).waitFor();
  equal(await hints.nth(1).locator("code").innerText(), "*", "the code in a hint");
  await button.click();
  await hints.nth(2).waitFor();
  equal(await button.isVisible(), false, "whether there is a fourth");
});

test("a misconception and a broken rule are spoken of", async ({ page }) => {
  await page.goto(lesson);
  const section = await exercise(page, "double");
  await replaceCode(section, "defmodule Double do\n  def double(n), do: if(n == 0, do: 0, else: n ** 2)\nend");
  await section.locator("button.check").click();
  await section.locator(".say .misconception", { hasText: "to the power of" }).waitFor();
  await section.locator(".say .rule", { hasText: "if" }).waitFor();
});

test("a right solution passes, the solution opens beside it, and all is found after a reload", async ({ page }) => {
  await page.goto(lesson);
  let section = await exercise(page, "double");
  await section.locator("button.check").click();
  await verdict(section, "Not yet");
  await replaceCode(section, solution);
  await page.keyboard.press("Control+Enter");
  await verdict(section, "Solved: all 2 tests pass.");
  await section.locator(".badge", { hasText: "Solved" }).waitFor();
  await section.locator("details.solution summary").click();
  await section.locator("details.solution figure").nth(1).locator("code", { hasText: "n * 2" }).waitFor();

  await page.reload();
  section = await exercise(page, "double");
  await section.locator(".badge", { hasText: "Solved" }).waitFor();
  contains(await section.locator(".cm-content").innerText(), "n * 2", "the code after a reload");
  await section.locator("details.tries summary", { hasText: "(2)" }).click();
  await section.locator("details.tries li.fail button").click();
  equal((await section.locator(".cm-content").innerText()).includes("n * 2"), false, "whether the earlier try is back");
  await page.locator("nav.lessons li.done", { hasText: "First steps" }).waitFor();
});

test("reset goes back to the beginning, and can be undone", async ({ page }) => {
  await page.goto(lesson);
  const section = await exercise(page, "double");
  await replaceCode(section, solution);
  await section.locator("button.reset").click();
  equal((await section.locator(".cm-content").innerText()).includes("n * 2"), false, "whether the code is still there");
  await section.locator("button", { hasText: "Undo" }).click();
  contains(await section.locator(".cm-content").innerText(), "n * 2", "the code after undoing");
});

test("the solution is not shown before an honest try", async ({ page, server }) => {
  await page.goto(lesson);
  const section = await exercise(page, "double");
  await section.locator("button.check").click();
  await verdict(section, "Not yet");
  equal(await section.locator("details.solution").count(), 0, "solutions offered");
  const answer = await page.request.get(`${server.origin}/site/solution?id=trial/first/double`);
  equal(answer.status(), 403, "the answer to who asks all the same");
});
