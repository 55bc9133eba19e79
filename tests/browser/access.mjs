/* Everyone: keyboard, screen readers, phones, dark rooms. */
import { assert, contains, equal, examine, exercise, lesson, program, test, verdict } from "./harness.mjs";

/* ---- axe-core on every kind of page; a teacher's own is in people.mjs ---- */

const pages = {
  "the home page": "/",
  "a lesson": lesson,
  "the playground": "/play",
  "the search": "/search?q=marmalade",
  "the account page": "/account",
  "the teacher's page to a stranger": "/teach",
};

for (const colorScheme of ["light", "dark"]) {
  for (const [name, path] of Object.entries(pages)) {
    test(`axe finds nothing serious on ${name} in ${colorScheme}`, async ({ page }) => {
      await page.goto(path, { waitUntil: "networkidle" });
      equal(await examine(page), [], "violations");
    }, { colorScheme });
  }

  test(`axe finds nothing serious in results, tests and hints in ${colorScheme}`, async ({ page }) => {
    await page.goto(lesson);
    const run = await program(page, 5);
    await run.locator("button.run").click();
    await verdict(run, "It ended with an error.");
    const problem = await exercise(page, "double");
    await problem.locator("button.hint").click();
    await problem.locator("ol.hints > li").first().waitFor();
    await problem.locator("button.check").click();
    await verdict(problem, "Not yet");
    equal(await examine(page), [], "violations");
  }, { colorScheme });
}

/* ---- keyboard ---- */

test("the keyboard alone reaches an editor, runs it, leaves it and goes on", async ({ page }) => {
  await page.goto(lesson);
  await program(page, 0);
  await page.keyboard.press("Tab");
  contains(await page.evaluate(() => document.activeElement.textContent), "Skip", "what Tab reaches first");
  await page.keyboard.press("Enter");
  for (let i = 0; i < 60 && !(await page.evaluate(() => Boolean(document.activeElement.closest(".cm-editor")))); i++) await page.keyboard.press("Tab");
  const section = page.locator("section.snippet").first();
  contains(await section.locator(".keys").innerText(), "leaves the editor", "the note about keys");
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("typed = 1\n");
  await page.keyboard.press("Control+Enter");
  await verdict(section, "It ran.");
  await page.keyboard.press("Tab");
  assert(await page.evaluate(() => Boolean(document.activeElement.closest(".cm-editor"))), "Tab left the editor, where it should indent");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  equal(await page.evaluate(() => document.activeElement.textContent), "Run", "what stands behind the editor");
});

test("a screen reader is told how a run ended", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  await section.locator("button.run").click();
  await verdict(section, "It ran.");
  contains(await section.locator("[role=status]").textContent(), "sum 6", "the live region");
  equal(await section.locator(".cm-content").getAttribute("aria-label"), "Code", "the editor's name");
});

/* ---- sizes and colours ---- */

test("on a phone nothing is wider than the page, and a program runs", async ({ page }) => {
  for (const path of Object.values(pages)) {
    await page.goto(path, { waitUntil: "networkidle" });
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert(wide <= room, `${path} is ${wide} pixels wide on a screen of ${room}`);
  }
  await page.goto(lesson);
  const section = await program(page, 0);
  await section.locator("button.run").tap();
  await verdict(section, "It ran.");
}, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

test("dark is by the system, and by choice from the first paint on", async ({ page }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto(lesson);
  const dark = await ground();
  await page.getByRole("button", { name: "Use light colours" }).click();
  const light = await ground();
  assert(dark !== light, "the switch changes nothing");
  await page.reload();
  equal(await ground(), light, "the ground after a reload");
  equal(await page.locator("html").getAttribute("data-theme"), "light", "what the server wrote into the page");
}, { colorScheme: "dark" });

test("who wants no motion sees none", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 4);
  await section.locator("button.run").click();
  await section.locator(".verdict.busy").waitFor();
  const count = await section.locator(".verdict.busy > :first-child").evaluate((node) => getComputedStyle(node, "::before").animationIterationCount);
  equal(count, "1", "how often the sign of waiting turns");
  await section.locator("button.run").click();
}, { reducedMotion: "reduce" });
