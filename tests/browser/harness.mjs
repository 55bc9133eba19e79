/* Runs tests one after another, each in a browser profile of its own, and counts. A test fails too when the page has
 * thrown, or has done what its Content-Security-Policy refuses. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./server.mjs";

const require = createRequire(join(root, "web/package.json"));
export const { chromium } = require("playwright-core");
const axePath = require.resolve("axe-core/axe.min.js");

const patience = 20000;
const tests = [];

export function test(name, run, options = {}) {
  tests.push({ name, run, options });
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

export function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a}, not ${b}`);
}

export function contains(text, part, what) {
  if (!text.includes(part)) throw new Error(`${what} has no ${JSON.stringify(part)}: ${JSON.stringify(text)}`);
}

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    /* Its own sandbox cannot stand where the tests run as root. */
    chromiumSandbox: process.getuid() !== 0,
  });
}

/* A browser profile, and what goes wrong in its pages. */
export async function profile(browser, server, faults, options) {
  const context = await browser.newContext({ baseURL: server.origin, viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(patience);
  context.on("weberror", (error) => faults.push(`the page threw: ${error.error().stack}`));
  context.on("console", (message) => {
    if (process.env.PHIAL_TEST_LOG) console.log(`  # console: ${message.text()}`);
    if (/Content Security Policy/.test(message.text())) faults.push(`against the policy: ${message.text()}`);
  });
  return context;
}

async function runOne({ name, run, options }, browser, server, site) {
  const faults = [];
  const contexts = [];
  const open = async (more = {}) => {
    const context = await profile(browser, server, faults, { ...options, ...more });
    contexts.push(context);
    return context.newPage();
  };
  try {
    await run({ page: await open(), open, server, site });
    if (faults.length > 0) throw new Error(faults.join("\n"));
    console.log(`ok - ${name}`);
    return true;
  } catch (error) {
    console.log(`not ok - ${name}\n${String(error.stack).replace(/^/gm, "  # ")}`);
    if (faults.length > 0) console.log(faults.join("\n").replace(/^/gm, "  # "));
    return false;
  } finally {
    for (const context of contexts) await context.close();
  }
}

export async function runAll(words, server, site) {
  const browser = await launch();
  let passed = 0;
  let failed = 0;
  for (const one of tests) {
    if (!words.every((word) => one.name.includes(word))) continue;
    if (await runOne(one, browser, server, site)) passed++;
    else failed++;
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

/* ---- pieces of pages ---- */

export const lesson = "/learn/trial/first";

/* The n-th program of a page, with its editor open. */
export async function program(page, n = 0) {
  const section = page.locator("section.snippet").nth(n);
  await section.scrollIntoViewIfNeeded();
  await section.locator(".cm-content").waitFor();
  return section;
}

export async function exercise(page, name) {
  const section = page.locator(`section.exercise#${name}`);
  await section.scrollIntoViewIfNeeded();
  await section.locator(".cm-content").waitFor();
  return section;
}

export async function replaceCode(section, code) {
  const content = section.locator(".cm-content");
  await content.focus();
  await content.press("Control+a");
  await content.press("Delete");
  await content.page().keyboard.insertText(code);
}

export async function verdict(section, text) {
  await section.locator(".verdict", { hasText: text }).waitFor();
}

/* What axe-core finds serious on a page. */
export async function examine(page) {
  await page.evaluate(await readFile(axePath, "utf8"));
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join("\n    ")}`);
}
