/* Photographs every route of a running Kontor in two widths, two themes and three languages, and
 * fails on what a person would not see in time: console errors, violations of the content security
 * policy, axe findings (WCAG 2.2 AA), horizontal overflow, failed requests.
 *
 *     node tools/shots/shots.mjs --url http://127.0.0.1:8080 \
 *         --staff NAME:PASSWORD --partner NAME:PASSWORD [--routes FILE] [--out DIR] [--only TEXT]
 *     node tools/shots/shots.mjs --gallery DIR --assets DIR    pages written by ui_gallery_test
 *
 * A line of the routes file is `ACTOR PATH [-> SELECTOR]… [= STATUS]`: actor is staff, partner or
 * anyone; each selector is a link to follow from there, because ids are not known in advance. A
 * page is loaded once a language; themes and widths are switched in place. */
import { createServer } from "node:http";
import { mkdirSync, readFileSync, readdirSync, rmSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const web = createRequire(join(here, "../../web/package.json"));
const { chromium } = web("playwright-core");
const axeSource = readFileSync(web.resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [1280, 360];
const THEMES = ["light", "dark"];
const LANGS = ["en", "ru", "es"];
const PARALLEL = 2;
const WAIT_MS = 15000;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

function options(argv) {
  const out = { out: "build/shots", routes: join(here, "routes.txt"), langs: LANGS.join(",") };
  for (let i = 0; i < argv.length; i += 2) {
    if (!argv[i].startsWith("--") || argv[i + 1] === undefined)
      throw new Error(`unknown argument: ${argv[i]}`);
    out[argv[i].slice(2)] = argv[i + 1];
  }
  return out;
}

function parseRoutes(text) {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  return lines.map((line) => {
    const [, rest, status] = line.match(/^(.*?)(?:\s+=\s*(\d{3}))?$/);
    const [first, ...follow] = rest.split(/\s+->\s+/);
    const [actor, path] = first.split(/\s+/);
    if (!["staff", "partner", "anyone"].includes(actor) || !path?.startsWith("/"))
      throw new Error(`not a route: ${line}`);
    return { actor, path, follow, status: Number(status ?? 200), name: nameOf(actor, path, follow) };
  });
}

function nameOf(actor, path, follow) {
  const words = [actor, path, ...follow].join(" ").toLowerCase();
  return words.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 90);
}

/* ---- pages without a server of ours ---- */

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'";

function serveGallery(pages, assets) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    const file = path.startsWith("/assets/") ? join(assets, path.slice(8)) : join(pages, path);
    if (!existsSync(file) || extname(file) === "") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": TYPES[extname(file)], "Content-Security-Policy": POLICY });
    response.end(readFileSync(file));
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

function galleryRoutes(dir, lang) {
  const files = readdirSync(dir).filter((file) => file.endsWith(`.${lang}.html`)).sort();
  return files.map((file) => ({ actor: "anyone", path: `/${file}`, follow: [], status: 200, name: file.split(".")[0] }));
}

/* ---- one page ---- */

function watch(page, problems) {
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") problems.push(`request: ${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest())
      problems.push(`request: ${response.url()} ${response.status()}`);
  });
}

async function axeFindings(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(
    (tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"], rules: { "page-has-heading-one": { enabled: false } } }),
    TAGS,
  );
  return found.violations.map((violation) => {
    const nodes = violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.html.slice(0, 120)}`);
    return `axe ${violation.id}: ${violation.help} (${violation.nodes.length})\n      ${nodes.join("\n      ")}`;
  });
}

async function overflow(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return null;
    const guilty = [...document.querySelectorAll("body *")].find(
      (element) => element.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(element).position !== "fixed",
    );
    return `overflow: ${wide}px wider than the window, first ${guilty?.tagName.toLowerCase()}.${guilty?.className}`;
  });
}

async function open(page, base, route) {
  let response = await page.goto(base + route.path, { waitUntil: "load", timeout: WAIT_MS });
  for (const selector of route.follow) {
    const href = await page.locator(selector).first().getAttribute("href", { timeout: 3000 });
    response = await page.goto(new URL(href, page.url()).href, { waitUntil: "load", timeout: WAIT_MS });
  }
  return response.status();
}

async function shoot(context, base, route, lang, options_) {
  const results = [];
  const loading = [];
  const page = await context.newPage();
  watch(page, loading);
  try {
    await page.setViewportSize({ width: WIDTHS[0], height: 900 });
    const status = await open(page, base, route);
    if (status !== route.status) loading.push(`status ${status}, not ${route.status}`);
    await page.evaluate(() => document.fonts.ready.then(() => true));
    for (const width of WIDTHS)
      for (const theme of THEMES) {
        const problems = loading.splice(0);
        await page.setViewportSize({ width, height: width > 400 ? 900 : 740 });
        await page.evaluate((value) => (document.documentElement.dataset.bsTheme = value), theme);
        problems.push(...(await axeFindings(page)));
        const wide = await overflow(page);
        if (wide) problems.push(wide);
        const file = join(options_.out, `${route.name}.${lang}.${width}.${theme}.png`);
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width, height: Math.min(Math.max(height, 740), 8000) });
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30))));
        await page.screenshot({ path: file, animations: "disabled" });
        results.push({ what: `${route.name} ${lang} ${width} ${theme}`, problems });
      }
  } catch (error) {
    results.push({ what: `${route.name} ${lang}`, problems: [`${error.message.split("\n")[0]}`, ...loading] });
  }
  await page.close();
  return results;
}

/* ---- people ---- */

async function signIn(context, base, credentials) {
  const [name, ...rest] = credentials.split(":");
  const page = await context.newPage();
  await page.goto(`${base}/sign-in`, { timeout: WAIT_MS });
  await page.locator('main form input:not([type="hidden"])').first().fill(name);
  await page.locator('main form input[type="password"]').fill(rest.join(":"));
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { timeout: WAIT_MS }), page.locator('main form[method="post"] button.p').first().click()]);
  await page.close();
}

/* The language as people choose it, so that it is kept with the person. */
async function chooseLang(context, base, lang) {
  const page = await context.newPage();
  await page.goto(`${base}/`, { timeout: WAIT_MS });
  const button = page.locator(`button[name="lang"][value="${lang}"]`).first();
  if (await button.count()) {
    await button.evaluate((element) => element.form.requestSubmit(element));
    await page.waitForLoadState("load");
  }
  await page.close();
}

async function contextOf(browser, base, actor, lang, options_) {
  const context = await browser.newContext({ locale: lang, reducedMotion: "reduce", deviceScaleFactor: 1 });
  if (options_[actor]) await signIn(context, base, options_[actor]);
  if (options_.url) await chooseLang(context, base, lang);
  return context;
}

async function inParallel(jobs, width) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) results.push(...(await jobs[next++]()));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

async function main() {
  const options_ = options(process.argv.slice(2));
  const gallery = options_.gallery && (await serveGallery(resolve(options_.gallery), resolve(options_.assets)));
  const base = gallery ? `http://127.0.0.1:${gallery.address().port}` : options_.url?.replace(/\/$/, "");
  if (!base) throw new Error("--url or --gallery is needed");
  rmSync(options_.out, { recursive: true, force: true });
  mkdirSync(options_.out, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--font-render-hinting=none"],
  });
  const results = [];
  try {
    for (const lang of options_.langs.split(",")) {
      const all = gallery ? galleryRoutes(options_.gallery, lang) : parseRoutes(readFileSync(options_.routes, "utf8"));
      const routes = all.filter((route) => route.name.includes(options_.only ?? ""));
      for (const actor of ["staff", "partner", "anyone"]) {
        const own = routes.filter((route) => route.actor === actor);
        if (own.length === 0) continue;
        const context = await contextOf(browser, base, actor, lang, options_);
        results.push(...(await inParallel(own.map((route) => () => shoot(context, base, route, lang, options_)), PARALLEL)));
        await context.close();
      }
    }
  } finally {
    await browser.close();
    gallery?.close();
  }
  const failed = results.filter((result) => result.problems.length);
  results.forEach(({ what, problems }, i) => {
    console.log(`${problems.length ? "not ok" : "ok"} ${i + 1} - ${what}`);
    for (const problem of new Set(problems)) console.log(`#     ${problem.replace(/\n/g, "\n#   ")}`);
  });
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length || results.length === 0 ? 1 : 0;
}

await main();
