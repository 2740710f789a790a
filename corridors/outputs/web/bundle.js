/**
 * Bundle each page's script into bundles/, which Python embeds: `node bundle.js`, or with --check compare only.
 *
 * Bundles are our own text, without Leaflet, which pages bring as the global L. They are minified but for their names, which
 * a reader of a page's source may want: a quarter of the map's script, so that the map stays under 1.5 MB. Their syntax is that of
 * ES2020: the pages need later parts of the browser anyway (Object.hasOwn, Chrome 93, Firefox 92, Safari 15.4), so that
 * older syntax would open them in no further browser. The first line holds a hash of the sources, which a test of Python
 * compares, so that it needs no Node.
 */

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const WEB = fileURLToPath(new URL(".", import.meta.url));
const GLOBAL = "corridors"; // what the script that folium writes calls
const ENTRIES = {
  "map_page.js": GLOBAL,
  "whatif_page.js": GLOBAL,
  "brief_page.js": GLOBAL,
  "article_page.js": GLOBAL,
  "sources_page.js": GLOBAL,
  "report.js": GLOBAL,
  "notebook.js": GLOBAL,
  "embed.js": undefined,
};

/**
 * Return the text of a bundle.
 * @param {string} entry
 * @param {string | undefined} globalName
 */
async function bundle(entry, globalName) {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: WEB,
    entryPoints: [join("src", entry)],
    globalName,
    bundle: true,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    treeShaking: true,
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    write: false,
  });
  const code = outputFiles[0].text;
  return `/* ${entry}: ${hashOf(Object.keys(metafile.inputs))}, esbuild ${esbuild.version} */\n${code}`;
}

/**
 * Return a hash of the sources of a bundle, in the order of their names.
 * @param {string[]} files
 */
function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of [...files].sort())
    hash.update(`${basename(file)}\n${readFileSync(join(WEB, file), "utf8")}`);
  return `sources ${hash.digest("hex").slice(0, 16)}`;
}

const check = argv.includes("--check");
const stale = [];
for (const [entry, globalName] of Object.entries(ENTRIES)) {
  const file = join(WEB, "bundles", entry);
  const text = await bundle(entry, globalName);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) stale.push(entry);
}
if (stale.length) {
  console.error(`bundles: expected those of src/, found others: ${stale.join(", ")}. Run scripts/bundle.`);
  exit(1);
}
