const fs = require("fs"), path = require("path"), os = require("os");
fs.mkdirSync("d/e", {recursive: true}); fs.writeFileSync("d/e/a.txt", "one\ntwo\n"); fs.appendFileSync("d/e/a.txt", "three");
console.log(fs.readFileSync("d/e/a.txt", "utf8"), fs.statSync("d/e/a.txt").size, fs.readdirSync("d", {recursive: true}), fs.existsSync("none"));
try { fs.readFileSync("none"); } catch (e) { console.log(e.code, e.message); }
const fd = fs.openSync("raw", "w+"); fs.writeSync(fd, "0123456789"); const b = Buffer.alloc(4); fs.readSync(fd, b, 0, 4, 3); console.log(b.toString()); fs.closeSync(fd);
fs.symlinkSync("raw", "link"); console.log(fs.readlinkSync("link"), fs.realpathSync("link"), fs.lstatSync("link").isSymbolicLink());
fs.cpSync("d", "copy", {recursive: true}); fs.renameSync("raw", "renamed"); fs.rmSync("d", {recursive: true}); console.log(fs.readdirSync("."));
console.log(path.join("/a", "../b", "c.txt"), path.parse("/x/y.tar.gz"), path.resolve("z"), path.relative("/a/b", "/a/c"), os.tmpdir(), os.homedir(), process.cwd());
(async () => {
  const p = require("fs/promises");
  await p.writeFile("p.txt", "promised"); console.log(await p.readFile("p.txt", "utf8"), (await p.stat("p.txt")).isFile());
  fs.readFile("p.txt", (e, data) => console.log(e, data));
  const names = await Promise.all([...Array(20).keys()].map(async (n) => { await p.writeFile(`f${n}`, "x".repeat(n)); return (await p.readFile(`f${n}`)).length; }));
  console.log(names); const dir = await p.mkdtemp("/tmp/x-"); console.log(dir.length, fs.readdirSync("/tmp").length);
  await require("stream/promises").pipeline(fs.createReadStream("p.txt"), fs.createWriteStream("q.txt")); console.log(fs.readFileSync("q.txt", "utf8"));
  try { await p.writeFile("/usr/x", ""); } catch (e) { console.log(e.code); }
})();
