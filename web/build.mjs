/* Builds everything that a browser loads: `node web/build.mjs OUT` writes OUT/files/* (each plain,
 * .gz and .br, under a name that holds its hash), OUT/assets.txt (logical name, file, type) and
 * OUT/assets.c, which embeds them by .incbin. Of Tabler only the rules whose classes stand in
 * TABLER_CLASSES are taken, in a cascade layer under ours: 8 KB instead of 635. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { buildSync, transformSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../build/web"));
const modules = join(here, "node_modules");
const TABLER_CLASSES = new Set(["form-control", "form-select", "form-check-input"]);
const FONTS = ["latin", "latin-ext", "cyrillic"];

const read = (...path) => readFileSync(join(...path), "utf8");

/* ---- Tabler, cut to what we use ---- */

/* [{head, body}] of one level of a style sheet without comments. */
function blocksOf(css) {
  const blocks = [];
  let start = 0;
  let depth = 0;
  let open = 0;
  let quote = "";
  for (let i = 0; i < css.length; i++) {
    const c = css[i];
    if (quote) {
      if (c === "\\") i++;
      else if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "{") {
      if (depth++ === 0) open = i;
    } else if (c === "}" && --depth === 0) {
      blocks.push({ head: css.slice(start, open).trim(), body: css.slice(open + 1, i) });
      start = i + 1;
    } else if (c === ";" && depth === 0) start = i + 1;
  }
  return blocks;
}

/* Splits at `separator` outside brackets and quotes. */
function splitOutside(text, separator) {
  const parts = [""];
  let depth = 0;
  let quote = "";
  for (const c of text) {
    if (quote) quote = c === quote ? "" : quote;
    else if (c === '"' || c === "'") quote = c;
    else if ("([".includes(c)) depth++;
    else if (")]".includes(c)) depth--;
    if (c === separator && depth === 0 && !quote) parts.push("");
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

function isWanted(selector) {
  if (/[#]|::-moz|dir=|\[(?!type|data-bs-theme|multiple|size|list|role)/.test(selector)) return false;
  const classes = [...selector.matchAll(/\.((?:\\.|[\w-])+)/g)].map((match) => match[1]);
  return classes.every((name) => TABLER_CLASSES.has(name));
}

function trimRules(css) {
  let kept = "";
  for (const { head, body } of blocksOf(css)) {
    if (/^@(media|supports)/.test(head)) {
      const inner = trimRules(body);
      if (inner && !/print/.test(head)) kept += `${head}{${inner}}`;
    } else if (!head.startsWith("@")) {
      const selectors = splitOutside(head, ",").filter(isWanted);
      if (selectors.length) kept += `${selectors.join(",")}{${body}}`;
    }
  }
  return kept;
}

/* Drops custom properties that nothing left refers to, until nothing more goes. */
function trimVariables(css, alsoUsedBy) {
  for (;;) {
    const used = new Set([...(css + alsoUsedBy).matchAll(/var\((--[\w-]+)/g)].map((m) => m[1]));
    const next = css.replace(/\{([^{}]*)\}/g, (_, body) => {
      const lines = splitOutside(body, ";");
      return `{${lines.filter((l) => !l.startsWith("--") || used.has(l.split(":")[0].trim())).join(";")}}`;
    });
    const tidy = next.replace(/[^{}]*\{\}/g, "");
    if (tidy === css) return css;
    css = tidy;
  }
}

function tabler(ours) {
  const whole = read(modules, "@tabler/core/dist/css/tabler.css").replace(/\/\*[^]*?\*\//g, "");
  return `@layer tabler{${trimVariables(trimRules(whole), ours)}}`;
}

/* ---- icons: one sprite of the names in icons/used.txt ---- */

function sprite() {
  const names = read(here, "icons/used.txt").split("\n").filter((line) => /^[a-z0-9-]+$/.test(line));
  const symbols = names.map((name) => {
    const svg = read(modules, `@tabler/icons/icons/outline/${name}.svg`);
    const inner = svg.replace(/<!--[^]*?-->/g, "").replace(/^[^]*?<svg[^>]*>/, "").replace("</svg>", "");
    const paths = inner.replace(/<path stroke="none"[^>]*\/>/g, "").replace(/\s+/g, " ").replace(/> </g, "><").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`;
  });
  return { names, svg: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>` };
}

/* ---- files ---- */

const TYPES = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
  png: "image/png",
};
const files = [];

function add(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const kind = name.split(".").pop();
  const file = `${basename(name, `.${kind}`)}.${hash}.${kind}`;
  const entry = { name, file, hash, path: `/assets/${file}`, mime: TYPES[kind], bytes };
  if (kind !== "woff2" && kind !== "png") {
    entry.gz = gzipSync(bytes, { level: 9 });
    entry.br = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
  }
  files.push(entry);
  return entry;
}

/* What single pages load besides, as modules: islands/NAME.js is the asset NAME.js. */
function islands(target) {
  for (const file of readdirSync(join(here, "islands")).sort()) {
    const island = buildSync({ entryPoints: [join(here, "islands", file)], bundle: true, minify: true, format: "esm", target, legalComments: "none", write: false });
    add(file, island.outputFiles[0].contents);
  }
}

function build() {
  for (const subset of FONTS)
    add(`inter-${subset}.woff2`, readFileSync(join(modules, `@fontsource-variable/inter/files/inter-${subset}-wght-normal.woff2`)));
  const icons = sprite();
  add("icons.svg", icons.svg);
  add("favicon.svg", read(here, "icons/favicon.svg"));

  const sheets = readdirSync(join(here, "css")).filter((file) => file.endsWith(".css")).sort();
  let ours = sheets.map((file) => read(here, "css", file)).join("\n");
  ours = ours.replace(/url\("\/assets\/([\w.-]+)"\)/g, (_, name) => {
    const asset = files.find((entry) => entry.name === name);
    if (!asset) throw new Error(`css names an unknown asset: ${name}`);
    return `url("${asset.path}")`;
  });
  const target = ["chrome123", "firefox125", "safari17.5"];
  const css = transformSync(`@layer tabler;${tabler(ours)}\n${ours}`, { loader: "css", minify: true, target });
  add("app.css", css.code);

  const bundle = buildSync({
    entryPoints: [join(here, "app.js")],
    bundle: true,
    minify: true,
    format: "iife",
    target,
    legalComments: "none",
    write: false,
  });
  add("app.js", bundle.outputFiles[0].contents);
  islands(target);
  return icons.names;
}

/* ---- what C needs ---- */

function embed(iconNames) {
  const parts = ["plain", "gz", "br"];
  let code = '/* Generated by web/build.mjs: every file that a browser loads, embedded. */\n#include "ui/assets.h"\n\n';
  let table = "";
  files.forEach((entry, i) => {
    const known = { plain: entry.bytes, gz: entry.gz, br: entry.br };
    const fields = parts.filter((part) => known[part]).map((part) => {
      const suffix = part === "plain" ? "" : `.${part}`;
      const symbol = `asset_${i}_${part}`;
      code += `__asm__(".section .rodata\\n.balign 8\\n${symbol}:\\n.incbin \\"${join(out, "files", entry.file + suffix)}\\"\\n.byte 0\\n.previous\\n");\n`;
      code += `extern const char ${symbol}[];\n`;
      return `.${part} = {${symbol}, ${known[part].length}}`;
    });
    table += `    {.name = "${entry.name}", .path = "${entry.path}", .mime = "${entry.mime}",\n     .etag = "\\"${entry.hash}\\"", ${fields.join(", ")}},\n`;
  });
  code += `\nconst struct asset assets[] = {\n${table}};\nconst size_t assets_len = ${files.length};\n`;
  const sorted = [...iconNames].sort((a, b) => (a < b ? -1 : 1));
  code += `\nconst char *const asset_icons[] = {\n${sorted.map((name) => `    "${name}",`).join("\n")}\n};\nconst size_t asset_icons_len = ${sorted.length};\n`;
  return code;
}

const iconNames = build();
rmSync(join(out, "files"), { recursive: true, force: true });
mkdirSync(join(out, "files"), { recursive: true });
for (const entry of files) {
  writeFileSync(join(out, "files", entry.file), entry.bytes);
  if (entry.gz) writeFileSync(join(out, "files", `${entry.file}.gz`), entry.gz);
  if (entry.br) writeFileSync(join(out, "files", `${entry.file}.br`), entry.br);
}
writeFileSync(join(out, "assets.txt"), files.map((e) => `${e.name}\t${e.file}\t${e.mime}\n`).join(""));
writeFileSync(join(out, "assets.c"), embed(iconNames));
if (process.argv.includes("--sizes"))
  for (const e of files)
    console.log(`${e.name.padEnd(24)} ${e.bytes.length} ${e.gz?.length ?? "-"} ${e.br?.length ?? "-"}`);
