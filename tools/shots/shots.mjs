/* Photographs every route of a running Kontor in two widths, two themes and three languages, and
 * fails on what a person would not see in time: console errors, violations of the content security
 * policy, axe findings (WCAG 2.2 AA), horizontal overflow, failed requests.
 *
 *     node tools/shots/shots.mjs --url http://127.0.0.1:8080 \
 *         --staff NAME:PASSWORD --partner NAME:PASSWORD --table FILE
 *         [--routes FILE] [--out DIR] [--only TEXT] [--langs en,ru]
 *     node tools/shots/shots.mjs --gallery DIR --assets DIR    pages written by ui_gallery_test
 *
 * The table is what `kontor routes` prints. Links are followed from the home pages of both sides
 * until every page of the table has an example; a page that no link leads to is a failure, because
 * people cannot get there either. The routes file adds pages (`ACTOR PATH [= STATUS]`: actor is
 * staff, partner or anyone), where else to look for links (`start ACTOR PATH`), and which routes are
 * no pages of their own (`skip PATTERN`).
 *
 * A page is loaded once a language; themes and widths are switched in place. */
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
const HEIGHT_MAX = 3000;
const CRAWL_MAX = 6000; /* pages looked at for links */
const LATER_MAX = 8; /* the same of what only a start of the routes file leads to */
const EXAMPLES_MAX = 20; /* pages of one pattern looked at for links */
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
  const word = (first) => lines.filter((line) => line.startsWith(`${first} `)).map((line) => line.slice(first.length + 1).trim());
  const skips = word("skip");
  const starts = word("start").map((line) => line.split(/\s+/));
  const routes = lines.filter((line) => !/^(skip|start) /.test(line)).map((line) => {
    const [, actor, path, status] = line.match(/^(staff|partner|anyone)\s+(\/\S*)(?:\s+=\s*(\d{3}))?$/) ?? [];
    if (!path) throw new Error(`not a route: ${line}`);
    return { actor, path, status: Number(status ?? 200), name: nameOf(actor, path) };
  });
  return { routes, skips, starts };
}

function nameOf(actor, path) {
  const words = `${actor} ${path}`.toLowerCase();
  return words.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 90);
}

/* ---- which pages there are: the table of routes, and links that lead to them ---- */

function parseTable(text) {
  const rows = text.split("\n").map((line) => line.trim().split(/\s+/)).filter((row) => row[0] === "GET");
  return rows.map(([, pattern, permission]) => {
    const parts = pattern.split("/").map((part) => (/^[:{]/.test(part) ? "[^/]+" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
    return { pattern, permission, test: new RegExp(`^${parts.join("/")}$`), ids: pattern.split(/[:{]/).length - 1 };
  });
}

/* The most literal pattern wins, as in the router. */
function patternOf(table, path) {
  const fits = table.filter((row) => row.test.test(path));
  return fits.sort((a, b) => a.ids - b.ids)[0]?.pattern;
}

function linksOf(html, from) {
  const found = [...html.matchAll(/(?:href|hx-get)="([^"#]+)/g)].map(([, href]) => href.replaceAll("&amp;", "&"));
  return [...new Set(found)].map((href) => new URL(href, from)).filter((url) => url.origin === new URL(from).origin);
}

/* Walks breadth first; a pattern is walked a few times, because the first partner of a list may
 * have no contract and the second one has. Gives pattern -> path of the first example. */
async function crawl(context, base, table, start) {
  const examples = new Map();
  const walked = new Map();
  const queue = [];
  const later = [...start]; /* what people reach from one of them is the better example */
  const seen = new Set(later);
  for (let requests = 0; (queue.length || later.length) && requests < CRAWL_MAX; ) {
    if (!queue.length) walked.clear();
    const most = later.length >= start.length - 1 ? EXAMPLES_MAX : LATER_MAX;
    const path = queue.shift() ?? later.shift();
    const pattern = patternOf(table, path.split("?")[0]);
    const times = walked.get(pattern) ?? 0;
    if (times >= most) {
      seen.delete(path);
      continue;
    }
    walked.set(pattern, times + 1);
    requests++;
    const response = await context.request.get(base + path, { maxRedirects: 0, timeout: WAIT_MS });
    const html = response.headers()["content-type"]?.startsWith("text/html") ? await response.text() : "";
    if (response.status() === 200 && html.includes("<html") && !examples.has(pattern)) examples.set(pattern, path);
    if (response.status() === 200 && !html.includes("<html") && !examples.has(pattern)) examples.set(pattern, null);
    const location = response.headers().location;
    const links = location ? [new URL(location, base + path)] : linksOf(html, base + path);
    for (const url of links) {
      const next = url.pathname + url.search;
      const key = url.search ? `${patternOf(table, url.pathname)} ?` : next;
      if (seen.has(key) || !patternOf(table, url.pathname)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return examples;
}

async function findPages(browser, base, table, extra, options_) {
  const routes = [...extra.routes];
  const reached = new Set(extra.routes.map((route) => patternOf(table, route.path.split("?")[0])));
  for (const actor of ["staff", "partner"]) {
    if (!options_[actor]) continue;
    const context = await contextOf(browser, base, actor, "en", options_);
    const start = ["/", ...extra.starts.filter(([who]) => who === actor).map(([, path]) => path), ...table.filter((row) => row.ids === 0 && actor === "staff" && row.permission === "-signed-in").map((row) => row.pattern)];
    for (const [pattern, path] of await crawl(context, base, table, start)) {
      reached.add(pattern);
      if (path === null || extra.skips.includes(pattern)) continue;
      if (!routes.some((route) => route.actor === actor && route.path === path))
        routes.push({ actor, path, status: 200, name: nameOf(actor, pattern) });
    }
    await context.close();
  }
  const missed = table.filter((row) => !reached.has(row.pattern) && !extra.skips.includes(row.pattern));
  return { routes, missed: missed.map((row) => row.pattern) };
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
  return files.map((file) => ({ actor: "anyone", path: `/${file}`, status: 200, name: file.split(".")[0] }));
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

/* What a rule looks at decides how often it runs: colours and sizes in every look, the rest once a
 * language. */
const LOOK_RULES = ["color-contrast", "target-size"];

async function axeFindings(page, lang, look, options_) {
  const is_first_lang = lang === options_.langs.split(",")[0];
  if (look > 0 && !is_first_lang) return [];
  if (look === 0) await page.evaluate(axeSource);
  const off = { enabled: false };
  const rules = { "page-has-heading-one": off, ...(is_first_lang ? {} : Object.fromEntries(LOOK_RULES.map((rule) => [rule, off]))) };
  const run = look === 0 ? { runOnly: TAGS, rules } : { runOnly: { type: "rule", values: LOOK_RULES } };
  const found = await page.evaluate((what) => globalThis.axe.run(document, what), { ...run, resultTypes: ["violations"] });
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
  const response = await page.goto(base + route.path, { waitUntil: "load", timeout: WAIT_MS });
  return response.status();
}

async function shoot(context, base, route, lang, options_) {
  const results = [];
  const loading = [];
  let look = 0;
  const page = await context.newPage();
  watch(page, loading);
  try {
    await page.setViewportSize({ width: WIDTHS[0], height: 900 });
    const status = await open(page, base, route);
    if (status !== route.status) loading.push(`status ${status}, not ${route.status}`);
    if (status === route.status && status >= 400) loading.length = 0; /* the console says so */
    await page.evaluate(() => document.fonts.ready.then(() => true));
    for (const width of WIDTHS)
      for (const theme of THEMES) {
        const problems = loading.splice(0);
        await page.setViewportSize({ width, height: width > 400 ? 900 : 740 });
        await page.evaluate((value) => (document.documentElement.dataset.bsTheme = value), theme);
        problems.push(...(await axeFindings(page, lang, look++, options_)));
        const wide = await overflow(page);
        if (wide) problems.push(wide);
        const file = join(options_.out, `${route.name}.${lang}.${width}.${theme}.jpg`);
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width, height: Math.min(Math.max(height, 740), HEIGHT_MAX) });
        /* Two frames at the new size: a picture taken before repeats columns of the old one. */
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))),
        );
        await page.screenshot({ path: file, type: "jpeg", quality: 80, animations: "disabled" });
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

/* The language as people choose it, so that it is kept with the person. The answer is waited for: a
 * page that is closed while it navigates can hang the browser. */
async function chooseLang(context, base, lang) {
  const page = await context.newPage();
  await page.goto(`${base}/`, { timeout: WAIT_MS });
  const button = page.locator(`button[name="lang"][value="${lang}"]`).first();
  if (await button.count())
    await Promise.all([
      page.waitForNavigation({ waitUntil: "load", timeout: WAIT_MS }),
      button.evaluate((element) => element.form.requestSubmit(element)),
    ]);
  await page.close();
}

async function contextOf(browser, base, actor, lang, options_) {
  const context = await browser.newContext({ locale: lang, reducedMotion: "reduce", deviceScaleFactor: 1 });
  if (options_[actor]) await signIn(context, base, options_[actor]);
  if (options_.url) await chooseLang(context, base, lang);
  return context;
}

async function inParallel(jobs, width) {
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) report(await jobs[next++]());
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/* TAP, as the pictures are taken. */
const counts = { passed: 0, failed: 0 };
function report(results) {
  for (const { what, problems } of results) {
    counts[problems.length ? "failed" : "passed"]++;
    console.log(`${problems.length ? "not ok" : "ok"} ${counts.passed + counts.failed} - ${what}`);
    for (const problem of new Set(problems)) console.log(`#     ${problem.replace(/\n/g, "\n#   ")}`);
  }
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
  try {
    let pages = null;
    if (!gallery) {
      const extra = parseRoutes(readFileSync(options_.routes, "utf8"));
      const table = parseTable(options_.table ? readFileSync(options_.table, "utf8") : "");
      pages = await findPages(browser, base, table, extra, options_);
      report(pages.missed.map((pattern) => ({ what: `GET ${pattern}`, problems: ["no link leads to this page"] })));
    }
    for (const lang of options_.langs.split(",")) {
      const all = gallery ? galleryRoutes(options_.gallery, lang) : pages.routes;
      const routes = all.filter((route) => route.name.includes(options_.only ?? ""));
      for (const actor of ["staff", "partner", "anyone"]) {
        const own = routes.filter((route) => route.actor === actor);
        if (own.length === 0) continue;
        const context = await contextOf(browser, base, actor, lang, options_);
        await inParallel(own.map((route) => () => shoot(context, base, route, lang, options_)), PARALLEL);
        await context.close();
      }
    }
  } finally {
    await browser.close();
    gallery?.close();
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed || counts.passed === 0 ? 1 : 0;
}

await main();
