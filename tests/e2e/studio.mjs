/* Journeys of the constructor: a scheme from nothing by the keyboard alone, with its keys counted; a
 * scheme from a template; two people at once. */

const KEYS_A_MINUTE = 200; /* of somebody who is no typist */
const LIMIT_MINUTES = 3;

/* The keyboard of a person: every key is counted. */
class Keys {
  constructor(page) {
    this.page = page;
    this.pressed = 0;
  }
  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      this.pressed += 1 + (key.match(/\+/g) ?? []).length;
    }
  }
  async type(text) {
    await this.page.keyboard.type(text);
    this.pressed += text.length;
  }
  /* Tab until the element has the focus. */
  async tabTo(selector, max = 40) {
    for (let i = 0; i < max; i++) {
      if (await this.page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
      await this.press("Tab");
    }
    throw new Error(`Tab does not reach ${selector}`);
  }
  get minutes() {
    return this.pressed / KEYS_A_MINUTE;
  }
}

export function studioJourneys({ journey, as, must, mustSee, BASE }) {
  const focused = (page, selector) => page.waitForFunction((s) => document.activeElement?.matches(s), selector);

  /* What is on its way to the server has arrived. */
  const settled = async (page) => {
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(150);
  };

  async function table(page, keys, name, looksAt, rows) {
    await keys.press("Alt+KeyT");
    await focused(page, "#f-name");
    await keys.type(name);
    await keys.press("Tab");
    await keys.type(looksAt);
    await keys.press("Enter");
    await focused(page, '[data-at="0,0"]');
    for (const [i, [condition, result]] of rows.entries()) {
      await focused(page, `[data-at="${i},0"]`);
      await keys.type(condition);
      await keys.press("Tab");
      await keys.type(result);
      await keys.press(i + 1 < rows.length ? "Tab" : "Enter");
    }
    await settled(page);
  }

  async function reward(page, keys, name, formula) {
    await keys.press("Alt+KeyR");
    await focused(page, "#f-name");
    await keys.type(name);
    await keys.press("Tab");
    await keys.type(formula);
    await keys.press("Control+Enter");
    await page.waitForFunction((text) => document.querySelector("#studio h2 ~ span, .k-card-head h2") && document.body.innerText.includes(text), name);
    await focused(page, ".cm-content, #formula");
    await settled(page);
  }

  journey("a scheme of three tiers with a plan bonus is built and published by the keyboard alone in three minutes", async (browser) => {
    const page = await as(browser, "admin@meridian.example");
    const keys = new Keys(page);
    const name = `Tiers ${Date.now()}`;
    await page.goto(`${BASE}/schemes/templates/empty`);
    const began = Date.now();
    await keys.press("Tab", "Enter");
    await keys.tabTo("#f-name");
    await keys.type(name);
    await keys.press("Enter");
    await page.waitForURL(/\/schemes\/drafts\/sdr_/);
    await focused(page, "#f-name");
    await keys.type("volume");
    await keys.press("Tab");
    await keys.type("total(sales.credit.net)");
    await keys.press("Control+Enter");
    await focused(page, ".cm-content, #formula");
    await settled(page);
    await table(page, keys, "rate", "volume", [
      ["< 10000", "3 %"],
      ["[10000..50000)", "5 %"],
      [">= 50000", "7 %"],
    ]);
    const cells = await page.locator("[data-grid] td[data-at]").allInnerTexts();
    must(cells.join("|") === "< 10000|0.03|[10000..50000)|0.05|>= 50000|0.07", `the table says ${cells.join("|")}`);
    await reward(page, keys, "Commission", "volume * rate");
    await reward(page, keys, "Plan bonus", 'if volume >= plan.get("net sales").target then volume * 0.01 else 0');
    await page.goto(`${page.url().split("?")[0]}?view=checks`);
    await mustSee(page, "No problems", "the checks");
    await keys.press("Alt+KeyS");
    await page.waitForURL(/\/save$/);
    await keys.press("Tab", "Enter");
    await keys.tabTo("main form button.p");
    await keys.press("Enter");
    await page.waitForURL(/\/schemes\/versions\/scv_/);
    const version = page.url();
    const other = await as(browser, "head@meridian.example");
    const approver = new Keys(other);
    await other.goto(version);
    await approver.press("Tab", "Enter");
    await approver.tabTo('form[action$="/approve"] button, a[href*="/approvals/"]');
    await approver.press("Enter");
    await other.waitForLoadState("load");
    if (await other.locator('form[action$="/approve"]').count()) {
      await approver.press("Tab", "Enter");
      await approver.tabTo('form[action$="/approve"] button');
      await approver.press("Enter");
      await other.waitForLoadState("load");
    }
    await page.goto(version);
    await mustSee(page, "Published", "the version");
    const minutes = keys.minutes + approver.minutes;
    console.log(`# ${keys.pressed + approver.pressed} keys, ${Math.round(minutes * 60)} s at ${KEYS_A_MINUTE} a minute; the script took ${Math.round((Date.now() - began) / 1000)} s`);
    must(minutes < LIMIT_MINUTES, `it takes ${minutes.toFixed(1)} minutes of typing`);
  });

  journey("a new user builds a scheme from a template, changes a rate, takes it back and publishes from next month", async (browser) => {
    const page = await as(browser, "admin@meridian.example");
    await page.goto(`${BASE}/schemes`);
    await page.goto(new URL(await page.locator('a[href="/schemes/templates"]').first().getAttribute("href"), BASE).href);
    must((await page.locator(".k-gallery-card").count()) >= 12, "the gallery has fewer than twelve templates");
    await page.locator('.k-gallery-card[href*="percent"]').first().click();
    await page.waitForSelector("#f-name");
    const name = `From a template ${Date.now()}`;
    await page.fill("#f-name", name);
    await page.locator("main form button.p").last().click();
    await page.waitForURL(/\/schemes\/drafts\/sdr_/);
    const draft = page.url().split("?")[0];
    await mustSee(page, name, "the editor");
    await page.locator("#live-result .k-fig").waitFor();
    const first = await page.locator("#live-result").innerText();
    await page.fill('[data-live-form] input[name="contract"]', "DL-002/2025");
    await page.keyboard.press("Tab");
    await page.waitForFunction((was) => document.querySelector("#live-result").innerText !== was, first);
    const before = await page.locator("#live-result .k-fig").innerText();
    await page.goto(`${draft}?view=attributes`);
    const rate = page.locator('input[name="attribute_default"]').first();
    const was = await rate.inputValue();
    await rate.fill("9");
    await rate.press("Tab");
    await page.waitForFunction(() => !document.querySelector('[data-step="undo"]').disabled);
    must((await page.locator('input[name="attribute_default"]').first().inputValue()) === "9", "the rate is not changed");
    await page.waitForFunction((was) => (document.querySelector("#live-result .k-fig")?.innerText ?? was) !== was, before);
    await page.goto(`${draft}?view=steps`);
    must((await page.locator(".k-studio-steps li").count()) === 2, "the change is no step");
    await page.keyboard.press("Control+KeyZ");
    await page.waitForFunction(() => !document.querySelector('[data-step="redo"]').disabled);
    await page.goto(`${draft}?view=attributes`);
    must((await page.locator('input[name="attribute_default"]').first().inputValue()) === was, "undoing does not bring the rate back");
    await page.locator("h1").click();
    await page.keyboard.press("Control+KeyY");
    await page.waitForFunction(() => document.querySelector('input[name="attribute_default"]').value === "9");
    await page.goto(`${draft}/save`);
    await page.fill("#f-note", "A rate of nine percent");
    const from = await page.inputValue("#f-valid_from");
    must(/^1 \w+ \d{4}$/.test(from), `the first day of next month is not offered: ${from}`);
    await page.locator("main form button.p").last().click();
    await page.waitForURL(/\/schemes\/versions\/scv_/);
    const version = page.url();
    const other = await as(browser, "head@meridian.example");
    await other.goto(version);
    await other.locator('form[action$="/approve"] button').last().click();
    await other.waitForLoadState("load");
    await page.goto(version);
    await mustSee(page, "Published", "the version");
  });

  journey("two people in one draft are told of each other, and nothing typed is lost", async (browser) => {
    const anna = await as(browser, "admin@meridian.example");
    const boris = await as(browser, "head@meridian.example");
    await anna.goto(`${BASE}/schemes?q=dealer`);
    await anna.goto(new URL(await anna.locator('a[href*="/schemes/sch_"]').first().getAttribute("href"), BASE).href);
    await anna.locator('form[action$="/draft"] button').click();
    await anna.waitForURL(/\/schemes\/drafts\/sdr_/);
    const draft = anna.url().split("?")[0];
    await boris.goto(draft);
    must((await boris.locator("#studio-others").innerText()).trim() !== "", "nobody says that somebody else is there");
    const cell = '[data-at="0,0"]';
    const type = async (page, text) => {
      await page.locator(cell).click();
      await page.keyboard.press("F2");
      await page.locator(".k-cell-input").fill(text);
      await page.keyboard.press("Enter");
    };
    await type(anna, ">= 1234");
    await anna.waitForFunction(() => document.querySelector('[data-at="0,0"]').dataset.text === ">= 1234");
    await settled(anna);
    await boris.route("**/presence", (route) => route.abort());
    await type(boris, ">= 5678");
    await boris.locator(".k-hint-box.warn form button").first().waitFor();
    const told = await boris.locator(".k-hint-box.warn").first().innerText();
    must(told.includes("5678") && told.includes("1234"), `the conflict says: ${told}`);
    await boris.locator(".k-hint-box.warn form button").first().click();
    await boris.waitForFunction(() => document.querySelector('[data-at="0,0"]').dataset.text === ">= 5678");
    await anna.goto(`${draft}/discard`);
    await anna.locator("main form button").last().click();
  });
}
