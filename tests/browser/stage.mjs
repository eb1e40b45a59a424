// What the browser tests stand on: a browser, the running edge and simulator, a page that embeds the widget.
//
// Every test has customers of its own, so none meets what another left behind. The simulated clock is
// one for all: who moves it puts it back.
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const EDGE = process.env.FINESTRA_EDGE;
export const SIMULATOR = process.env.FINESTRA_SIMULATOR;
export const MILANO = "+390200000001";
export const LONDON = "+442000000001";
export const HOUR = 3_600_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = "target/screenshots";

let browser;

export async function start() {
  mkdirSync(SHOTS, { recursive: true });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      // A page that a test makes up has no address, and may not open sockets to this machine otherwise.
      "--disable-features=LocalNetworkAccessChecks",
    ],
  });
}

export const stop = () => browser.close();

// A fresh context and page. `page.complaints` collects what the console and the content security policy
// complain of; a test that ends with any has failed.
export async function newPage({ lang = "en", dark = false, width = 1360, height = 820, scripts = true } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: lang === "it" ? "it-IT" : "en-GB",
    timezoneId: "Europe/Rome",
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    javaScriptEnabled: scripts,
  });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    // A connection that a test cuts is reported by the browser itself.
    const expected = /WebSocket|ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of (400|401|403|404|409|412|422|502)/.test(message.text());
    if (message.type() === "error" && !expected) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.setDefaultTimeout(10_000);
  return page;
}

export async function post(url, body, headers = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

export const simulator = (what, body) => post(`${SIMULATOR}/simulator/${what}`, body);

// The customer writes; the edge has it when this returns.
export const writes = (from, body, more = {}) =>
  simulator("messages", { from, to: MILANO, body, profile_name: "Anna", ...more });

// What lies on a customer's phone.
export async function phone(customer) {
  const answer = await fetch(`${SIMULATOR}/simulator/phones/${encodeURIComponent(customer)}`);
  return JSON.stringify(await answer.json());
}

export const clock = (offset_ms) => simulator("clock", { offset_ms });

let last = Math.floor(Math.random() * 8_000_000) + 1_000_000;
// A number nobody had before.
export const somebody = () => `+39348${(last += 1)}`;

export async function token(claims = {}) {
  return (await post(`${EDGE}/development/token`, { role: "agent", name: "Giulia", senders: ["*"], ...claims })).token;
}

// A page on the edge's origin that embeds one widget and nothing else, under the strictest policy.
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' ws:; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export async function embed(page, customer, { sender = "milano", policy = POLICY, attributes = "", data, dir = "ltr", agent } = {}) {
  const html = `<!doctype html><html lang="${page.lang ?? "en"}" dir="${dir}"><head><meta charset="utf-8"><title>CRM</title>
    <link rel="stylesheet" href="/embedding.css"><script type="module" src="/widget/finestra.js"></script></head>
    <body><main><h1>CRM</h1><finestra-thread sender="${sender}" customer="${customer}" ${attributes}></finestra-thread></main></body></html>`;
  await page.route("**/embedding.html", (route) =>
    route.fulfill({ contentType: "text/html; charset=utf-8", headers: { "content-security-policy": policy }, body: html }),
  );
  await page.route("**/embedding.css", (route) =>
    route.fulfill({
      contentType: "text/css",
      body: ":root{color-scheme:light dark}h1{position:absolute;clip-path:inset(50%)}body{margin:0}finestra-thread{height:100vh}",
    }),
  );
  await page.addInitScript(
    ({ data, agent }) => {
      globalThis.events = [];
      for (const name of ["ready", "window", "message", "sent", "refused", "connection"]) {
        addEventListener(`finestra-${name}`, ({ detail }) => globalThis.events.push({ name, ...detail }));
      }
      addEventListener("DOMContentLoaded", () => {
        const widget = document.querySelector("finestra-thread");
        if (!widget) return;
        widget.data = data;
        widget.getToken = async () => {
          globalThis.tokens = (globalThis.tokens ?? 0) + 1;
          const answer = await fetch("/development/token", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ role: "agent", name: "Giulia", senders: ["*"], ...agent }),
          });
          return (await answer.json()).token;
        };
      });
    },
    { data, agent },
  );
  await page.goto(`${EDGE}/embedding.html`);
  return widget(page);
}

// The widget's parts, by the names its markup gives them.
export function widget(page) {
  const root = page.locator("finestra-thread");
  const at = (selector) => root.locator(selector);
  return {
    root,
    at,
    text: at("#text"),
    send: at("#send"),
    composer: at("#composer"),
    badge: at("#window"),
    shut: at("#shut"),
    dialog: at("#dialog"),
    bubbles: at(".said"),
    bubble: (text) => at(".said").filter({ hasText: text }),
    tick: (text) => at(".said").filter({ hasText: text }).locator(".tick"),
    state: (name) => at(`#composer[data-state="${name}"]`).waitFor(),
  };
}

export async function shot(page, name, more = {}) {
  const take = () => page.screenshot({ path: `${SHOTS}/${name}.png`, ...more });
  try {
    await take();
  } catch (error) {
    // Chromium now and then has no frame to show at that moment; that is not what is tested.
    if (!/Unable to capture screenshot/.test(error.message)) throw error;
    await take();
  }
}

// What axe finds wrong on the whole page, the inside of the widget included.
export async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(" ")} ${failureSummary}`).join("; ")}`);
  });
}
