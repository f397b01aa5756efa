/* Opens DMN files in dmn-js, the modeler that most tools embed, as a person would, and saves them
 * again. A test a file: it opens without a warning, shows every decision as a table or a formula, and
 * is written by dmn-js into the folder, where tests/modeler.sh looks whether it still says the same.
 *
 *     node tests/modeler.mjs OUT FILE…
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const web = createRequire(join(here, "../web/package.json"));
const { chromium } = web("playwright-core");
const script = readFileSync(join(dirname(web.resolve("dmn-js/package.json")), "dist/dmn-modeler.development.js"), "utf8");

/* Inside the page. */
async function pass(xml) {
  const modeler = new window.DmnJS({ container: "#canvas" });
  try {
    const { warnings } = await modeler.importXML(xml);
    const views = modeler.getViews().filter((view) => view.type !== "drd");
    for (const view of views) {
      const opened = await modeler.open(view);
      warnings.push(...(opened?.warnings ?? []));
    }
    const saved = await modeler.saveXML({ format: true });
    return { warnings: warnings.map((w) => w.message), views: views.length, xml: saved.xml };
  } catch (error) {
    return { warnings: [String(error?.message ?? error)], views: 0, xml: "" };
  } finally {
    modeler.destroy();
  }
}

const [out, ...files] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
let number = 0, failed = 0;
try {
  const page = await browser.newPage();
  await page.setContent("<!doctype html><title>modeler</title><div id='canvas' style='height:600px'></div>");
  await page.addScriptTag({ content: script });
  for (const file of files) {
    const xml = readFileSync(file, "utf8");
    const decisions = (xml.match(/<decision /g) ?? []).length;
    const result = await page.evaluate(pass, xml);
    const fine = result.warnings.length === 0 && result.views === decisions && result.xml !== "";
    console.log(`${fine ? "ok" : "not ok"} ${++number} - dmn-js opens ${file} and its ${decisions} decisions`);
    if (!fine) {
      failed++;
      console.log(`# ${result.views} decisions are shown`);
      for (const warning of result.warnings) console.log(`# ${warning.split("\n").join(" ")}`);
    }
    writeFileSync(join(out, basename(file)), result.xml);
  }
} finally {
  await browser.close();
}
console.log(`1..${number}`);
process.exit(failed ? 1 : 0);
