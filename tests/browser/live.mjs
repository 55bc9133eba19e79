/* Programs that run as one types. */
import { contains, equal, lesson, program, replaceCode, test } from "./harness.mjs";

test("values appear at the ends of lines as one types, without a button", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  await replaceCode(section, "a = 20 + 1\na * 2");
  await section.locator(".live-value", { hasText: /^42$/ }).waitFor();
  equal(await section.locator(".live-value").allTextContents(), ["21", "42"], "the values");
  await page.keyboard.type("0");
  await section.locator(".live-value", { hasText: /^420$/ }).waitFor();
});

test("definitions and directives show no value", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  await replaceCode(section, "defmodule Quiet do\n  def two, do: 2\nend\nrequire Logger\nQuiet.two() + 1");
  await section.locator(".live-value", { hasText: /^3$/ }).waitFor();
  equal(await section.locator(".live-value").allTextContents(), ["3"], "the values");
});

test("what does not compile is underlined, and the values before stay", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  await replaceCode(section, "a = 5\n");
  await section.locator(".live-value", { hasText: /^5$/ }).waitFor();
  await page.keyboard.type("oops");
  await section.locator(".cm-lintRange-error", { hasText: "oops" }).waitFor();
  equal(await section.locator(".live-value").allTextContents(), ["5"], "the values");
});

test("only the newest answer is shown", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  let first = true;
  await page.route("**/site/live", async (route) => {
    /* The first answer is slow to come: a newer one has overtaken it. */
    if (!first) return route.continue();
    first = false;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue().catch(() => {});
  });
  await replaceCode(section, '"old"');
  await page.waitForRequest("**/site/live");
  await replaceCode(section, '"new"');
  await section.locator(".live-value", { hasText: '"new"' }).waitFor();
  await page.waitForTimeout(2000);
  equal(await section.locator(".live-value").allTextContents(), ['"new"'], "the values");
});

test("a program that reads or takes long waits for the button", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  await replaceCode(section, 'IO.gets("? ")');
  await section.locator(".note", { hasText: "reads input" }).waitFor();
  await replaceCode(section, "Process.sleep(1800)\n:late");
  await section.locator(".note", { hasText: "longer than a second" }).waitFor();
  await section.locator("button.run").click();
  await section.locator("pre.value", { hasText: ":late" }).waitFor();
});

test("the switch turns it off, and that is remembered", async ({ page }) => {
  await page.goto(lesson);
  let section = await program(page, 0);
  await section.getByRole("switch").uncheck();
  await page.reload();
  section = await program(page, 0);
  equal(await section.getByRole("switch").isChecked(), false, "the switch");
  let asked = false;
  page.on("request", (request) => (asked ||= request.url().endsWith("/site/live")));
  await replaceCode(section, "1 + 1");
  await page.waitForTimeout(800);
  equal(asked, false, "whether it ran all the same");
});

test("an exercise runs live only when it is asked to", async ({ page }) => {
  await page.goto(lesson);
  const section = page.locator("section.exercise");
  await section.scrollIntoViewIfNeeded();
  await section.locator(".cm-content").waitFor();
  equal(await section.getByRole("switch").isChecked(), false, "the switch");
  await section.getByRole("switch").check();
  await replaceCode(section, "defmodule Double do\n  def double(n), do: m * 2\nend");
  await section.locator(".cm-lintRange-error", { hasText: "m" }).first().waitFor();
  contains(await section.locator(".result").innerText(), "undefined variable", "the result");
});
