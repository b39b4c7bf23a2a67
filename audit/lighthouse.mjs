// Runs Lighthouse with its mobile preset on each address read from standard input, one a line, in one browser. For each
// address prints one line of JSON: {url, scores: {category: 0–100}, failed: [what is not as it should be]}.
import { createInterface } from "node:readline";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

function failed(result) {
  return CATEGORIES.flatMap((category) =>
    result.categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && result.audits[id].score !== null && result.audits[id].score < 1)
      .map(({ id }) => `${id}: ${result.audits[id].displayValue || result.audits[id].title}`),
  );
}

const chrome = await launch({ chromePath: process.env.CHROME_PATH, chromeFlags: FLAGS, logLevel: "silent" });
try {
  for await (const url of createInterface({ input: process.stdin })) {
    const { lhr } = await lighthouse(url, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: "silent" });
    const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round((lhr.categories[name].score ?? 0) * 100)]));
    const problem = lhr.runtimeError ? [lhr.runtimeError.message] : [];
    console.log(JSON.stringify({ url, scores, failed: [...problem, ...failed(lhr)] }));
  }
} finally {
  await chrome.kill();
}
