/* Accounts, and what goes with them. */
import { Server } from "./server.mjs";
import { contains, examine, equal, exercise, lesson, replaceCode, test, verdict } from "./harness.mjs";

export async function fillAccount(page, action, name, password) {
  const form = page.locator(`form[action="/account/${action}"]`);
  await form.locator("input[name=name]").fill(name);
  await form.locator("input[name=password]").fill(password);
  await form.locator("button").click();
}

test("what was solved without an account is found after signing up, in another browser", async ({ page, open }) => {
  const name = `ada-${process.pid}`;
  await page.goto(lesson);
  let section = await exercise(page, "double");
  await replaceCode(section, "defmodule Double do\n  def double(n), do: n + n\nend");
  await page.keyboard.press("Control+Enter");
  await verdict(section, "Solved");
  await page.goto("/account");
  await fillAccount(page, "sign-up", name, "correct horse battery");

  const other = await open();
  await other.goto(lesson);
  equal(await other.locator("section.exercise .badge").isVisible(), false, "whether a stranger has solved it");
  await other.goto("/account");
  await fillAccount(other, "sign-in", name, "correct horse battery");
  await other.goto(lesson);
  section = await exercise(other, "double");
  await section.locator(".badge", { hasText: "Solved" }).waitFor();
  contains(await section.locator(".cm-content").innerText(), "n + n", "the code");
});

test("a wrong password is told, and lets nobody in", async ({ page }) => {
  await page.goto("/account");
  await fillAccount(page, "sign-in", "nobody-there", "wrong wrong wrong");
  await page.locator(".problem").waitFor();
});

test("who signs out leaves no draft behind", async ({ page }) => {
  await page.goto("/account");
  await fillAccount(page, "sign-up", `bob-${process.pid}`, "another good password");
  await page.goto(lesson);
  const section = await exercise(page, "double");
  await replaceCode(section, "defmodule Secret do\nend");
  await page.goto("/account");
  await page.locator('form[action="/account/sign-out"] button').click();
  await page.goto(lesson);
  const after = await exercise(page, "double");
  equal((await after.locator(".cm-content").innerText()).includes("Secret"), false, "whether the draft is still there");
});

test("one's data can be fetched", async ({ page }) => {
  await page.goto(lesson);
  const section = await exercise(page, "double");
  await section.locator("button.check").click();
  await verdict(section, "Not yet");
  const answer = await page.request.get("/account/export");
  equal(answer.status(), 200, "the status");
  contains(await answer.text(), "trial/first/double", "the export");
});

test("a teacher sees where learners get stuck, in the light and in the dark", async ({ open }) => {
  const server = await Server.start();
  try {
    const page = await open({ baseURL: server.origin });
    await page.goto(lesson);
    const section = await exercise(page, "double");
    await section.locator("button.check").click();
    await verdict(section, "Not yet");
    await page.goto("/account");
    await fillAccount(page, "sign-up", "grace", "a teacher's password");
    await server.again({ teachers: "grace" });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${server.origin}/teach`);
      contains(await page.locator("table.figures").innerText(), "three becomes six", "the commonest failing test");
      equal(await page.locator(".chart svg").isVisible(), true, "whether there is a chart");
      equal(await examine(page), [], `violations in the ${colorScheme}`);
    }
  } finally {
    await server.stop();
  }
});
