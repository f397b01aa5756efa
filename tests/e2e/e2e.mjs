/* Journeys of people through a real server, in Debian's Chromium; TAP. Each journey has a browser
 * context of its own and fails alone; a picture of where it stopped is left in build/e2e.
 *     E2E_URL=… E2E_SETUP=… node tests/e2e/e2e.mjs [PART OF A NAME] */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { studioJourneys } from "./studio.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../../web/package.json"))("playwright-core");
const BASE = process.env.E2E_URL;
const PASSWORD = "meridian-demo";
const WAIT_MS = 15000;
const journeys = [];
const sessions = new Map(); /* signed-in states by e-mail, because sign-ins are limited */

function journey(name, run) {
  journeys.push({ name, run });
}

function must(is_true, what) {
  if (!is_true) throw new Error(what);
}

async function mustSee(page, text, what) {
  const words = await page.locator("body").innerText();
  must(words.includes(text), `${what}: no “${text}” on ${page.url()}`);
}

/* ---- what people do ---- */

async function signIn(page, email, password = PASSWORD) {
  await page.goto(`${BASE}/sign-in`);
  await page.fill("#f-email", email);
  await page.fill("#f-password", password);
  await submit(page, 'form[action="/sign-in"]');
}

/* Sends a form by its primary button and waits for the next page. */
async function submit(page, form) {
  const before = page.url();
  const loaded = page.waitForResponse((response) => response.request().isNavigationRequest() && response.request().frame() === page.mainFrame() && response.status() < 600 && ![301, 302, 303].includes(response.status()), { timeout: WAIT_MS });
  await page.locator(`main ${form} button.p`).last().click();
  await loaded;
  await page.waitForLoadState("load");
  return before;
}

/* Does what leads to another page, and waits for it. */
async function leaving(page, act) {
  await Promise.all([page.waitForNavigation({ timeout: WAIT_MS }), act()]);
  await page.waitForLoadState("load");
}

async function as(browser, email, options = {}) {
  const context = await browser.newContext({ locale: "en", viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options, storageState: sessions.get(email) });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  if (!sessions.has(email)) {
    await signIn(page, email);
    must(!page.url().includes("/sign-in"), `${email} cannot sign in`);
    sessions.set(email, await context.storageState());
  }
  return page;
}

async function firstHref(page, selector) {
  return new URL(await page.locator(selector).first().getAttribute("href"), page.url()).href;
}

async function until(page, check, what) {
  for (let i = 0; i < 60; i++) {
    if (await check()) return;
    await page.waitForTimeout(250);
    await page.reload();
  }
  throw new Error(`${what} did not happen within 15 s`);
}

/* ---- the first run ---- */

journey("an empty database is set up in three steps, and has its first partner", async (browser) => {
  const page = await (await browser.newContext({ locale: "en" })).newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(process.env.E2E_SETUP);
  await page.fill("#f-name", "Example Trade");
  await page.selectOption("#f-country", "ES");
  await page.selectOption("#f-currency", "EUR");
  await submit(page, 'form[action="/setup/company"]');
  await page.fill("#f-name", "Ann Lee");
  await page.fill("#f-email", "ann@example.com");
  await page.fill("#f-password", "four unrelated words");
  await submit(page, 'form[action="/setup/administrator"]');
  await submit(page, 'form[action="/setup/branch"]');
  const base = new URL(page.url()).origin;
  await page.goto(`${base}/partners`);
  await page.goto(`${base}/partners/new`);
  await page.fill("#f-name", "First Partner");
  await page.fill("#f-code", "P-1");
  await page.selectOption("#f-branch_id", { index: 1 }).catch(() => {});
  await page.locator('input[name="roles"]').first().check();
  await submit(page, 'form[action="/partners"]');
  must(/\/partners\/prt_/.test(page.url()), `the partner has no page: ${page.url()}`);
  await mustSee(page, "First Partner", "the page of the new partner");
  await page.goto(process.env.E2E_SETUP);
  must(!(await page.locator("#f-country").count()), "the set-up is open a second time");
});

/* ---- the door ---- */

journey("a wrong password is refused in words, the right one lets in, signing out ends it", async (browser) => {
  const page = await (await browser.newContext({ locale: "en" })).newPage();
  await signIn(page, "auditor@meridian.example", "not the password");
  must(page.url().includes("/sign-in"), "a wrong password came in");
  must((await page.locator(".k-wrong, [role=alert], .k-hint-box, .alert").count()) > 0, "nothing says what was wrong");
  must((await page.inputValue("#f-email")) === "auditor@meridian.example", "the address was lost");
  await page.fill("#f-password", PASSWORD);
  await submit(page, 'form[action="/sign-in"]');
  must(!page.url().includes("/sign-in"), "the right password is refused");
  await page.locator('form[action="/sign-out"]').first().evaluate((form) => form.requestSubmit());
  await page.waitForURL(/sign-in/);
  await page.goto(`${BASE}/partners`);
  must((await page.locator("#f-password").count()) === 1, "the session goes on after signing out");
});

journey("the keyboard alone is enough to sign in", async (browser) => {
  const page = await (await browser.newContext({ locale: "en" })).newPage();
  await page.goto(`${BASE}/sign-in`);
  for (let i = 0; i < 30; i++) {
    if (await page.evaluate(() => document.activeElement?.id === "f-email")) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("manager.london@meridian.example");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { timeout: WAIT_MS });
  await page.keyboard.press("Tab");
  must(await page.evaluate(() => document.activeElement !== document.body), "nothing takes the focus");
});

/* ---- lists ---- */

journey("partners are searched, filtered, sorted, paged, shown in chosen columns and exported", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/partners`);
  const rows = page.locator("main table.k-table tbody tr");
  must((await rows.count()) === 50, "a page has 50 rows");
  const first = await rows.first().innerText();
  await page.goto(await firstHref(page, 'main a[href*="after="]'));
  must((await rows.first().innerText()) !== first, "the next page is the same page");
  await page.goto(`${BASE}/partners?state=suspended`);
  const suspended = await rows.count();
  must(suspended > 0 && suspended < 50, "the filter by state shows only some");
  for (const row of await rows.allInnerTexts()) must(row.includes("Suspended"), `not suspended: ${row}`);
  await page.goto(`${BASE}/partners?q=Harbour`);
  must((await rows.count()) >= 1, "the search finds nothing");
  await page.goto(`${BASE}/partners`);
  await page.goto(await firstHref(page, 'main thead a[href*="sort="]'));
  must((await page.locator("main thead th[aria-sort]").count()) === 1, "no column says that it is sorted by");
  await page.goto(`${BASE}/partners?cols=name&cols=tax_number`);
  must((await page.locator("main thead th").count()) <= 4, "the columns were not chosen");
  const download = await page.request.get(new URL(await page.locator('main a[href*="csv"]').first().getAttribute("href"), page.url()).href);
  const text = await download.text();
  must(download.ok() && text.split("\n").length > 200, "the export has not all the rows");
});

journey("a view is saved under a name, found again and removed", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/partners?state=applied`);
  const form = page.locator('form[action="/views"]').first();
  await form.evaluate((element) => element.closest("details")?.setAttribute("open", ""));
  await page.locator("#view-name").fill("Waiting for us");
  await leaving(page, () => form.locator("button.p").click());
  await page.goto(`${BASE}/partners`);
  await leaving(page, () => page.locator("main a", { hasText: "Waiting for us" }).first().click());
  for (const row of await page.locator("main table.k-table tbody tr").allInnerTexts()) must(row.includes("Applied"), `not applied: ${row}`);
  await leaving(page, () => page.locator('form[action^="/views/"]').first().evaluate((element) => element.requestSubmit()));
  await page.goto(`${BASE}/partners`);
  must((await page.locator("main a", { hasText: "Waiting for us" }).count()) === 0, "the view is still there");
});

journey("all partners of a filter are chosen over the pages, counted, confirmed and changed", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/partners?limit=25&state=active&state=suspended`);
  await mustSee(page, "Active, Suspended", "the chip of two states");
  await page.locator("thead [data-pick-all]").check();
  const all = page.locator(".k-bulk-all");
  const count = Number((await all.innerText()).replace(/\D/g, ""));
  must(count > 25, `the offer says how many: ${count}`);
  await all.locator("input").check();
  await leaving(page, () => page.locator('button[formaction="/partners/bulk/tag"]').click());
  await mustSee(page, `${count} partners`, "the page that asks");
  await page.fill("#f-tag", "all of them");
  await submit(page, "form.k-form");
  await page.goto(`${BASE}/partners?tag=all+of+them&limit=200`);
  must((await page.locator("main tbody tr").count()) === Math.min(count, 200), "not all of them were changed");
});

journey("columns are found again on the next visit", async (browser) => {
  const page = await as(browser, "manager.london@meridian.example");
  await page.goto(`${BASE}/partners`);
  await page.locator("summary", { hasText: "Columns" }).click();
  await page.locator('input[name="cols"][value="country"]').check();
  await leaving(page, () => page.locator('form[action="/columns"] button.p').click());
  await page.goto(`${BASE}/partners`);
  await mustSee(page, "Country", "the column that was chosen");
  await page.locator("summary", { hasText: "Columns" }).click();
  await leaving(page, () => page.locator('form[action="/columns"] button[name="reset"]').click());
  must(!(await page.locator("main thead").innerText()).includes("Country"), "the usual columns do not come back");
});

journey("the navigation is narrowed to icons with names, and stays so for this person", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/partners`);
  await leaving(page, () => page.locator('.k-rail-choice button[value="rail"]').click());
  const nav = page.locator(".k-nav");
  must((await nav.boundingBox()).width <= 60, "the navigation is still wide");
  must((await nav.getByRole("link", { name: /^Sales/ }).count()) === 1, "the icons have no names");
  await leaving(page, () => nav.getByRole("link", { name: /^Schemes/ }).click());
  must((await page.locator(".k-shell.is-rail").count()) === 1, "the next page is wide again");
  const again = await as(browser, "admin@meridian.example");
  await again.goto(`${BASE}/partners`);
  must((await again.locator(".k-shell.is-rail").count()) === 1, "another window does not know it");
  await leaving(again, () => again.locator('.k-rail-choice button[value="words"]').click());
  must((await again.locator(".k-shell.is-rail").count()) === 0, "the words do not come back");
});

journey("a day is typed or chosen in the form of one's language", async (browser) => {
  const page = await as(browser, "head@meridian.example", { locale: "en-US" });
  await page.goto(`${BASE}/contracts/new`);
  const field = page.locator("#f-from_day");
  must(/^\d\d\.\d\d\.\d{4}$/.test(await field.inputValue()), `not as Russian writes it: ${await field.inputValue()}`);
  await page.locator("[data-date-native]").first().evaluate((native) => {
    native.value = "2026-12-05";
    native.dispatchEvent(new Event("change", { bubbles: true }));
  });
  must((await field.inputValue()) === "05.12.2026", `the calendar wrote ${await field.inputValue()}`);
  await field.fill("вчера");
  await submit(page, "form.k-form");
  must((await field.getAttribute("aria-invalid")) === "true", "what is no date is taken");
  must((await page.locator("#e-from_day").innerText()).includes("31.10.2026"), "the message does not show the form");
});

journey("a brand gives the portal its name, logo and colour, and refuses what cannot be read", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/settings/brand`);
  const logo = await page.screenshot({ clip: { x: 0, y: 0, width: 120, height: 40 } });
  await page.fill("#f-portal_name", "Solaria");
  await page.fill("#f-accent", "#ffcc00");
  await page.setInputFiles("#f-logo", { name: "logo.png", mimeType: "image/png", buffer: logo });
  await submit(page, "form.k-form");
  must((await page.getAttribute("#f-accent", "aria-invalid")) === "true", "a light accent is taken");
  must((await page.inputValue("#f-portal_name")) === "Solaria", "the name was lost");
  await mustSee(page, "Choose the file again", "the form that comes back");
  await page.fill("#f-accent", "#b93a0e");
  await page.setInputFiles("#f-logo", { name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") });
  await submit(page, "form.k-form");
  await mustSee(page, "SVG is not taken", "an SVG");
  await page.setInputFiles("#f-logo", { name: "logo.png", mimeType: "image/png", buffer: logo });
  await submit(page, "form.k-form");
  const portal = await as(browser, "dealer@partner.example");
  await portal.goto(`${BASE}/`);
  const shown = portal.locator('.k-logo img[alt="Solaria"]');
  must(await shown.evaluate((image) => image.complete && image.naturalWidth === 120), "the logo is not shown");
  const accent = await portal.locator(".k-pnav a[aria-current]").evaluate((link) => getComputedStyle(link).borderBottomColor);
  must(accent === "rgb(185, 58, 14)", `the accent is ${accent}`);
});

/* ---- forms ---- */

journey("a mistake in a form is told beside the field and nothing typed is lost", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/partners/new`);
  await page.fill("#f-name", "Nuevo Socio");
  await page.fill("#f-code", "NS-1");
  await page.selectOption("#f-branch_id", { label: "Madrid" }).catch(() => page.selectOption("#f-branch_id", { index: 1 }));
  await page.locator('input[name="roles"]').first().check();
  await page.selectOption("#f-country", "ES");
  await page.fill("#f-tax_number", "B00000001");
  await submit(page, 'form[action="/partners"]');
  must((await page.getAttribute("#f-tax_number", "aria-invalid")) === "true", "the wrong field is not marked");
  must((await page.inputValue("#f-name")) === "Nuevo Socio", "the name was lost");
  must((await page.inputValue("#f-tax_number")) === "B00000001", "the wrong value was lost");
  await page.fill("#f-tax_number", "");
  await submit(page, 'form[action="/partners"]');
  must(/\/partners\/prt_/.test(page.url()), `not saved: ${page.url()}`);
});

journey("of two people who edit one partner the second is told", async (browser) => {
  const one = await as(browser, "admin@meridian.example");
  const other = await as(browser, "head@meridian.example");
  await one.goto(`${BASE}/partners?q=Harbour`);
  const address = `${(await firstHref(one, 'main table a[href*="/partners/prt_"]')).split("?")[0]}/edit`;
  await one.goto(address);
  await other.goto(address);
  await one.fill("#f-site", "https://one.example");
  await other.fill("#f-site", "https://two.example");
  await submit(one, 'form[method="post"]');
  must(!one.url().endsWith("/edit"), `the first is refused: ${one.url()}`);
  await submit(other, 'form[method="post"]');
  must((await other.inputValue("#f-site")) === "https://two.example", "what the second typed was lost");
  must((await other.locator("main .k-hint-box, main [role=alert], main .k-errors, main .k-conflict").count()) > 0, "the second is told nothing");
  await one.reload();
  await mustSee(one, "one.example", "the first one's change");
});

journey("a session that ends while a form is open costs nothing that was typed", async (browser) => {
  const page = await (await browser.newContext({ locale: "en" })).newPage();
  page.setDefaultTimeout(WAIT_MS);
  await signIn(page, "channel@meridian.example");
  await page.goto(`${BASE}/partners/new`);
  await page.fill("#f-name", "Typed before the session ended");
  const cookies = await page.context().cookies();
  const session = cookies.filter((cookie) => cookie.httpOnly && cookie.name !== "kontor_form");
  must(session.length > 0, "no session cookie");
  for (const cookie of session) await page.context().clearCookies({ name: cookie.name });
  await submit(page, 'form[action="/partners"]');
  must((await page.locator("#f-password").count()) === 1, "nobody asks to sign in");
  await page.fill("#f-email", "channel@meridian.example");
  await page.fill("#f-password", PASSWORD);
  await submit(page, "form");
  must((await page.inputValue("#f-name")) === "Typed before the session ended", "the form came back empty");
});

/* ---- the main job ---- */

journey("a file with two wrong rows comes in, and they come back with the reason", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  const file = join(tmpdir(), `kontor-e2e-${process.pid}.csv`);
  writeFileSync(file, "external id,type,occurred at,partner,quantity,currency,net\n" +
    "x-1,sale,2026-01-20T10:00:00Z,DL-001,1,RUB,1000.00\nx-2,sale,2026-01-20T10:00:00Z,DL-777,1,RUB,1000.00\n" +
    "x-3,sale,yesterday,DL-001,1,RUB,1000.00\nx-4,sale,2026-01-20T11:00:00Z,DL-001,2,RUB,2000.00\n");
  await page.goto(`${BASE}/imports/new`);
  await page.selectOption("#f-kind", "events");
  await page.setInputFiles("#f-file", file);
  await submit(page, 'form[action="/imports"]');
  await page.locator("main button.p").first().click();
  await page.waitForLoadState("load");
  const errors = 'main a[href*="/errors"]';
  await until(page, async () => (await page.locator(errors).count()) > 0, "the end of the import");
  await mustSee(page, "DL-777", "the result of the import");
  const refused = await (await page.request.get(await firstHref(page, errors))).text();
  must(refused.includes("DL-777") && refused.includes("yesterday"), `the file of refused rows: ${refused}`);
  must(refused.trim().split("\n").length === 3, "the file has the two rows and a head");
});

journey("a scheme comes as a file, and a contract is bound to it", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  const file = join(here, "../../examples/demo/referral-1.dmn");
  must(readFileSync(file, "utf8").includes("kontor:output"), "the example has outputs");
  await page.goto(`${BASE}/schemes/new`);
  await page.setInputFiles("#f-file", file);
  await page.fill("#f-name", "Friends of the house");
  await page.fill("#f-code", "FRIENDS");
  await submit(page, 'form[action="/schemes"]');
  must(/\/schemes\//.test(page.url()) && !page.url().endsWith("/new"), `not stored: ${page.url()}`);
  await page.goto(`${BASE}/contracts?q=AF-0&state=active`);
  const contract = await firstHref(page, 'main table a[href*="/contracts/ctr_"]');
  await page.goto(`${contract.split("?")[0]}/versions/new`);
  const box = page.locator("label", { hasText: "Friends of the house" }).first();
  await box.click();
  await submit(page, 'form[method="post"]');
  await page.goto(contract);
  await mustSee(page, "Friends of the house", "the contract");
});

journey("a month is calculated, asked for, approved by somebody else and posted", async (browser) => {
  const clerk = await as(browser, "accountant@meridian.example");
  const other = await as(browser, "accountant2@meridian.example");
  await clerk.goto(`${BASE}/runs?state=calculated`);
  const open = await firstHref(clerk, 'main table a[href*="/runs/run_"]');
  await clerk.goto(open);
  await clerk.locator('form[action$="/calculate"] button').click();
  await clerk.waitForLoadState("load");
  await until(clerk, async () => (await clerk.locator('form[action$="/calculate"]').count()) > 0, "the calculation");
  await clerk.goto(`${BASE}/runs?state=in_approval`);
  const run = await firstHref(clerk, 'main table a[href*="/runs/run_"]');
  await clerk.goto(run);
  must((await clerk.locator('form[action$="/approve"]').count()) === 0, "who asked may approve");
  await other.goto(run);
  await submit(other, 'form[action$="/approve"]');
  await clerk.goto(`${run.split("?")[0]}/post`);
  await submit(clerk, 'form[action$="/post"]');
  await until(clerk, async () => (await clerk.locator('main a[href$="/send"], main form[action$="/send"]').count()) > 0, "the posting");
});

journey("a draft is compared with what was paid, a value is tried by keyboard, and an amount opens", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/what-if/new`);
  await page.fill("#f-name", "Dealers next year");
  const draft = await page.locator("#f-version option", { hasText: "Dealer: percent by tariff, version 3" }).getAttribute("value");
  await page.selectOption("#f-version", draft);
  await submit(page, 'form[action="/what-if"]');
  const address = page.url().split("?")[0];
  await until(page, async () => (await page.locator(".k-dist").count()) > 0, "the comparison");
  await mustSee(page, "More for", "winners");
  await page.locator("[data-slide] input[type=range]").first().focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  await page.waitForSelector("#whatif-tried .k-fig");
  await mustSee(page, "paid:", "what was tried");
  const row = await firstHref(page, 'main table a[href*="/partners/prt_"]');
  await page.goto(row);
  const amount = await firstHref(page, 'main table a[href*="/why?variant=1"]');
  await page.goto(amount);
  await mustSee(page, "Supposed", "a hypothetical amount");
  const line = await firstHref(page, 'main table a[href*="amount="]');
  await page.goto(line);
  await mustSee(page, "How it was computed", "its derivation");
  await page.goto(`${address}?export=csv`).catch(() => {}); /* a download, no page */
  await page.goto(address);
  await page.locator(`form[action$="/share"] button`).click();
  await page.waitForLoadState("load");
  const other = await as(browser, "head@meridian.example");
  await other.goto(address);
  must((await other.locator(".k-dist").count()) === 1, "a shared comparison is not shown to others");
});

journey("every amount of a statement opens into its explanation, and the statement into a file", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/statements?q=DL-0`);
  await page.goto(await firstHref(page, 'main table a[href*="/statements/sta_"]'));
  const statement = page.url();
  const amounts = page.locator('main a[href*="/why/"]');
  must((await amounts.count()) > 0, "no amount is a link");
  await page.goto(await firstHref(page, 'main a[href*="/why/"]'));
  const panel = await page.locator("aside.k-side").first().innerText();
  must(/Dealer|Distributor/.test(panel) && /%|×/.test(panel), `the explanation: ${panel.slice(0, 200)}`);
  for (const kind of ["pdf", "xlsx", "csv"]) {
    const answer = await page.request.get(`${statement.split("?")[0]}/${kind}`);
    must(answer.ok() && (await answer.body()).length > 300, `no ${kind} of the statement`);
  }
});

journey("a dealer sees the own statements and their explanations, and nobody else's", async (browser) => {
  const staff = await as(browser, "admin@meridian.example");
  await staff.goto(`${BASE}/statements?q=DL-014`);
  const foreign = new URL(await firstHref(staff, 'main table a[href*="/statements/sta_"]')).pathname.split("/").pop();
  const page = await as(browser, "dealer@partner.example", { viewport: { width: 390, height: 800 } });
  await page.goto(`${BASE}/`);
  must((await page.locator("main a").count()) > 0, "the home leads nowhere");
  await page.goto(`${BASE}/portal/statements`);
  await page.goto(await firstHref(page, 'main a[href*="/portal/statements/sta_"]'));
  await page.goto(await firstHref(page, 'main a[href*="/why/"]'));
  must((await page.locator("aside.k-side").count()) > 0, "no explanation");
  for (const path of [`/portal/statements/${foreign}`, `/statements/${foreign}`, "/partners", "/settings/users"]) {
    const answer = await page.request.get(BASE + path, { maxRedirects: 0 });
    must([403, 404].includes(answer.status()), `a dealer gets ${path}: ${answer.status()}`);
  }
});

journey("a manager of one branch sees only its partners", async (browser) => {
  const page = await as(browser, "manager.moscow@meridian.example");
  await page.goto(`${BASE}/partners`);
  const rows = await page.locator("main table.k-table tbody tr").allInnerTexts();
  must(rows.length > 0, "the list is empty");
  for (const row of rows) must(!/Madrid|Barcelona|London|Екатеринбург|Петербург/.test(row), `another branch: ${row}`);
  const answer = await page.request.get(`${BASE}/settings/users`, { maxRedirects: 0 });
  must(answer.status() === 403, "a manager edits users");
});

/* ---- language and theme ---- */

journey("language and theme are chosen once and stay", async (browser) => {
  const page = await as(browser, "agente@partner.example");
  await page.goto(`${BASE}/`);
  must((await page.getAttribute("html", "lang")) === "es", "a Spanish agent is greeted in another language");
  await page.locator('button[name="theme"][value="dark"]').first().evaluate((button) => button.click());
  await page.waitForTimeout(500);
  await page.goto(`${BASE}/portal/statements`);
  must((await page.getAttribute("html", "data-bs-theme")) === "dark", "the theme was forgotten");
  const button = page.locator('button[name="lang"][value="ru"]').first();
  const loaded = page.waitForNavigation({ timeout: WAIT_MS });
  await button.evaluate((element) => element.form.requestSubmit(element));
  await loaded;
  must((await page.getAttribute("html", "lang")) === "ru", "the language did not change");
  await page.goto(`${BASE}/`);
  must((await page.getAttribute("html", "lang")) === "ru", "the language was forgotten");
});

/* ---- the search of everything ---- */

journey("/ searches everything while typing, arrows choose, a whole code leads there", async (browser) => {
  const page = await as(browser, "admin@meridian.example");
  await page.goto(`${BASE}/partners`);
  const [, code] = (await page.locator("main tbody tr .k-sub").first().innerText()).match(/([A-Z]+-\d+)/);
  await page.goto(`${BASE}/schemes`);
  await page.keyboard.press("/");
  await page.keyboard.type(code);
  await page.locator('#k-suggest a[href^="/partners/prt_"]').first().waitFor();
  await page.keyboard.press("ArrowDown");
  must(await page.evaluate(() => Boolean(document.activeElement.closest("#k-suggest"))), "the arrow does not reach what is found");
  await page.keyboard.press("Escape");
  must((await page.locator("#k-suggest a").count()) === 0, "Escape leaves the list open");
  await leaving(page, () => page.keyboard.press("Enter"));
  must(/\/partners\/prt_/.test(page.url()), `the code ${code} leads to ${page.url()}`);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.goto(`${BASE}/schemes`);
  must(!(await page.locator("[data-search]").isVisible()), "the field has no place on a phone");
  await page.locator("[data-find-open]").click();
  must(await page.locator("[data-search]").isVisible(), "the icon does not open the field");
  await page.goto(`${BASE}/search?q=zzzzqq`);
  await mustSee(page, "Nothing begins with", "a search without results");
});

studioJourneys({ journey, as, must, mustSee, BASE });

/* ---- running ---- */

async function main() {
  const only = process.argv[2] ?? "";
  const chosen = journeys.filter(({ name }) => name.includes(only));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  mkdirSync("build/e2e", { recursive: true });
  let failed = 0;
  console.log(`1..${chosen.length}`);
  for (const [i, { name, run }] of chosen.entries()) {
    try {
      await run(browser);
      console.log(`ok ${i + 1} - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${i + 1} - ${name}\n#   ${error.message.split("\n").slice(0, 6).join("\n#   ")}`);
      const page = browser.contexts().at(-1)?.pages().at(-1);
      if (page) await page.screenshot({ path: `build/e2e/fail-${i + 1}.png` }).catch(() => {});
    }
    for (const context of browser.contexts()) await context.close();
  }
  await browser.close();
  console.log(`# ${chosen.length - failed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}

await main();
