/* Bundles the page into a folder: files with hashed names, a compressed copy beside each, and manifest.json, which
 * names all that is to be served: {"main.js": "main-HASH.js", …}.
 *
 * usage: node build.mjs OUTPUT */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2];
if (!output) {
  console.error("usage: node build.mjs OUTPUT");
  process.exit(2);
}

/* Where the server serves these files: chunks and fonts are addressed by it, also from another site's page. */
const publicPath = "/static";
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  outdir: "out",
  publicPath,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  target: ["chrome123", "firefox121", "safari17.5"],
  logLevel: "warning",
};

const style = await build({ ...common, entryPoints: ["style.css"], loader: { ".woff2": "file" } });
const styleText = style.outputFiles.find((file) => file.path.endsWith(".css")).text;

/* The embedded runner brings the page's style sheet along, for its shadow root; fonts do not work there. */
const styleAsText = {
  name: "style-as-text",
  setup(builder) {
    builder.onResolve({ filter: /^phial:style$/ }, () => ({ path: "style", namespace: "phial" }));
    builder.onLoad({ filter: /.*/, namespace: "phial" }, () => ({
      contents: styleText.replace(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "text",
    }));
  },
};
const script = await build({
  ...common,
  entryPoints: ["src/main.js", "src/embed.js"],
  format: "esm",
  splitting: true,
  plugins: [styleAsText],
});

const icon = await readFile(join(here, "icon.svg"));
const iconName = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8).toUpperCase()}.svg`;

const files = new Map([[iconName, icon]]);
const manifest = { "icon.svg": iconName };
for (const result of [style, script]) {
  for (const file of result.outputFiles) files.set(basename(file.path), file.contents);
  for (const [path, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    const name = basename(path);
    /* Only entries are asked for by name; a chunk is known by its own. */
    const isEntry = entryPoint === "style.css" || entryPoint === "src/main.js" || entryPoint === "src/embed.js";
    manifest[isEntry ? basename(entryPoint) : name] = name;
  }
}

/* Made aside and moved in whole, so that nobody finds half of it. */
const making = `${output}.making`;
await rm(making, { recursive: true, force: true });
await mkdir(making, { recursive: true });
for (const [name, contents] of files) {
  await writeFile(join(making, name), contents);
  if (name.endsWith(".woff2")) continue;
  await writeFile(join(making, `${name}.gz`), gzipSync(contents, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length };
  await writeFile(join(making, `${name}.br`), brotliCompressSync(contents, { params }));
}
await writeFile(join(making, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
await rm(output, { recursive: true, force: true });
await rename(making, output);
