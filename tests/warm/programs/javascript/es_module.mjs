import fs, {readFileSync} from "node:fs";
import {createRequire} from "node:module";
const value = await new Promise((r) => setTimeout(r, 2, "top level await"));
console.log(value, import.meta.url, typeof readFileSync, fs.existsSync("/usr"), createRequire(import.meta.url)("path").sep, typeof require, this);
export default 1;
