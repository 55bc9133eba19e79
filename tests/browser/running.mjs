/* Programs by the button. */
import { contains, equal, lesson, program, replaceCode, test, verdict } from "./harness.mjs";

test("a program is changed and run by Ctrl-Enter; its output, time and values are shown", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  await replaceCode(section, 'x = 6 * 7\nIO.puts("it is #{x}")');
  await page.keyboard.press("Control+Enter");
  await verdict(section, "It ran.");
  equal(await section.locator("pre.output").textContent(), "it is 42\n", "the output");
  contains(await section.locator(".verdict .time").textContent(), "ms", "the time");
  equal(await section.locator(".live-value").first().textContent(), "42", "the value of the first line");
  equal(await section.locator("pre.value").textContent(), ":ok", "the last value");
});

test("output is shown as it comes", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 2);
  await section.locator("button.run").click();
  await section.locator("pre.output", { hasText: "first" }).waitFor();
  equal(await section.locator("button.run").textContent(), "Stop", "the button while it runs");
  equal(await section.locator("pre.output").textContent(), "first\n", "the output until then");
  await verdict(section, "It ran.");
  equal(await section.locator("pre.output").textContent(), "first\nsecond\n", "the output");
});

test("a stream that breaks is taken up again", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  let broken = 0;
  await page.route("**/api/v1/runs/*/events", (route) => (broken++ === 0 ? route.abort() : route.continue()));
  await section.locator("button.run").click();
  await verdict(section, "It ran.");
  equal(await section.locator("pre.output").textContent(), "sum 6\n", "the output");
  equal(broken > 1, true, "whether the stream was broken");
});

test("when the server is gone, the page says so and lets one try again", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 0);
  await page.route("**/api/v1/runs", (route) => route.abort());
  await section.locator("button.run").click();
  await verdict(section, "The server cannot be reached");
  await page.unroute("**/api/v1/runs");
  await section.locator("button.run").click();
  await verdict(section, "It ran.");
});

test("a program that has no end is stopped by the button", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 4);
  await section.locator("button.run").click();
  await section.locator("pre.output", { hasText: "begun" }).waitFor();
  await section.locator("button.run", { hasText: "Stop" }).click();
  await verdict(section, "It was stopped.");
  equal(await section.locator("button.run").textContent(), "Run", "the button after it");
  equal(await section.locator("pre.output").textContent(), "begun\n", "what it wrote until then");
});

test("a program that asks is answered line by line", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 3);
  await section.locator("button.run").click();
  await section.locator("pre.output", { hasText: "Name?" }).waitFor();
  await page.keyboard.type("Ada");
  await page.keyboard.press("Enter");
  await verdict(section, "It ran.");
  equal(await section.locator("pre.output").textContent(), "Name? Ada\nHello, Ada\n\n", "the conversation");
});

test("a program at the end of its input is told so", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 3);
  await replaceCode(section, "IO.inspect(IO.read(:eof))");
  await section.locator("button.run").click();
  await section.locator("button", { hasText: "End of input" }).click();
  await verdict(section, "It ran.");
  equal(await section.locator("pre.output").textContent(), ":eof\n", "the output");
});

test("an error is shown with its line and marked in the code", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 1);
  await replaceCode(section, "IO.inspect(numbers)\nIO.inspect(nonsense)");
  await page.keyboard.press("Control+Enter");
  await verdict(section, "It could not be compiled.");
  contains(await section.locator(".diagnostics").innerText(), "nonsense", "the diagnostics");
  /* Line 2 of his own code, not of what ran with the program before it. */
  await section.locator("button.place", { hasText: /^line 2$/ }).click();
  equal(await section.locator(".cm-lintRange-error").first().textContent(), "nonsense", "what is underlined");
  await section.locator(".cm-editor.cm-focused").waitFor();
});

test("a program that fails on purpose shows its message", async ({ page }) => {
  await page.goto(lesson);
  const section = await program(page, 5);
  await section.locator("button.run").click();
  await verdict(section, "It ended with an error.");
  contains(await section.locator(".result").innerText(), "on purpose", "the result");
});

test("what was typed is there after a reload, until it is reset", async ({ page }) => {
  await page.goto(lesson);
  let section = await program(page, 0);
  await replaceCode(section, "kept = true");
  await page.reload();
  section = await program(page, 0);
  contains(await section.locator(".cm-content").innerText(), "kept = true", "the code");
  await section.locator("button", { hasText: "Reset" }).click();
  contains(await section.locator(".cm-content").innerText(), "numbers", "the code after a reset");
  await page.reload();
  section = await program(page, 0);
  contains(await section.locator(".cm-content").innerText(), "numbers", "the code after a reset and a reload");
});

test("the playground speaks other languages, and shares a program by its address", async ({ page, open }) => {
  await page.goto("/play");
  const section = await program(page, 0);
  await section.locator("select").selectOption("python");
  await replaceCode(section, 'print("from " + "python")');
  await section.locator("button.run").click();
  await section.locator("pre.output", { hasText: "from python" }).waitFor();
  await section.locator("button", { hasText: "Share" }).click();
  await page.waitForURL(/\/play\/./);
  const other = await open();
  await other.goto(page.url());
  const shared = await program(other, 0);
  contains(await shared.locator(".cm-content").innerText(), '"python"', "the shared program");
  equal(await shared.locator("select").inputValue(), "python", "its language");
});
