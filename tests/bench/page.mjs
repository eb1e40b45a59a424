// How soon does an agent see a message, how soon can they write? Drives Chromium on two pages of a CRM's
// origin: one with <finestra-thread>, one with the bare element of floor.mjs. Both in turns.
//
//   node tests/bench/page.mjs '{"edge":"http://…","floor":"http://…","port":…,"paints":50,"loads":10,…}'
//
// Prints JSON, milliseconds of each measurement:
//   paint  from posting the signed webhook to the frame with the message in it
//   cold   from the script's fetch to a composer one can use, by a browser with an empty profile
//   warm   the same, loaded once more by the same browser
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const given = JSON.parse(process.argv[2]);
const { chromium } = await import(pathToFileURL(path.resolve("tests/node_modules/playwright-core/index.mjs")));
const CUSTOMER = "+393470099999";
const PATIENCE = 20_000;
const ARGUMENTS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

const pages = {
  edge: `<script type="module" src="${given.edge}/widget/finestra.js"></script>
    <finestra-thread sender="${given.sender}" customer="${CUSTOMER}"></finestra-thread>
    <script>document.querySelector("finestra-thread").getToken = async () => ${JSON.stringify(given.token)};</script>`,
  floor: `<script src="${given.floor}/element.js"></script><floor-thread room="bench"></floor-thread>`,
};
const scripts = { edge: `${given.edge}/widget/finestra.js`, floor: `${given.floor}/element.js` };

const words = (turn) => `Buongiorno, messaggio ${turn} di ${Date.now()}.`;

// The customer writes.
const says = {
  edge: (text) => webhook(`${given.edge}/twilio/${given.account}/messages`, text),
  floor: (text) => post(`${given.floor}/echo/bench`, text),
};

let webhooks = 0;
function webhook(url, text) {
  const sid = `SM${(webhooks += 1).toString(16).padStart(32, "f")}`;
  const params = {
    SmsMessageSid: sid, NumMedia: "0", ProfileName: "Anna Bianchi", MessageType: "text", SmsSid: sid,
    WaId: CUSTOMER.slice(1), SmsStatus: "received", Body: text, To: `whatsapp:${given.number}`, NumSegments: "1",
    ReferralNumMedia: "0", MessageSid: sid, AccountSid: given.account_sid, From: `whatsapp:${CUSTOMER}`, ApiVersion: "2010-04-01",
  };
  const signed = url + Object.keys(params).sort().map((name) => name + params[name]).join("");
  const signature = createHmac("sha1", given.auth_token).update(signed).digest("base64");
  return post(url, new URLSearchParams(params), { "x-twilio-signature": signature });
}

async function post(url, body, headers) {
  const answer = await fetch(url, { method: "POST", body, headers });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

const server = createServer((request, answer) => {
  const body = pages[request.url.slice(1)];
  answer.writeHead(body ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
  answer.end(body && `<!doctype html><title>CRM</title><style>body > * { display: block; height: 600px }</style>${body}`);
});
await new Promise((listening) => server.listen(given.port, "localhost", listening));
const measured = { paint: { edge: [], floor: [] }, cold: { edge: [], floor: [] }, warm: { edge: [], floor: [] } };
try {
  // The window is open, so the composer is the one to write in.
  await says.edge("Buongiorno.");
  await loads();
  await paints();
} finally {
  server.close();
  server.closeAllConnections();
}
process.stdout.write(JSON.stringify(measured));

async function loads() {
  for (let turn = 0; turn < given.loads; turn += 1) {
    for (const side of turn % 2 ? ["edge", "floor"] : ["floor", "edge"]) {
      await inBrowser(async (page) => {
        measured.cold[side].push(await usable(page, side));
        measured.warm[side].push(await usable(page, side));
      });
    }
  }
}

async function paints() {
  await inBrowser(async (edge, context) => {
    const floor = await context.newPage();
    const open = { edge, floor };
    for (const side of ["edge", "floor"]) await usable(open[side], side);
    for (let turn = 1; turn <= given.paints; turn += 1) {
      for (const side of ["edge", "floor"]) {
        // A page in the background paints nothing.
        await open[side].bringToFront();
        const text = words(turn);
        const painted = open[side].evaluate((text) => window.painted(text), text);
        await open[side].evaluate(() => 0); // the page is watching by now
        const sent = Date.now();
        const [at] = await Promise.all([painted, says[side](text)]);
        measured.paint[side].push(at - sent);
      }
    }
  });
}

async function inBrowser(use) {
  const profile = mkdtempSync(path.join(tmpdir(), "finestra-bench-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: given.chromium,
    args: ARGUMENTS.split(" "),
  });
  try {
    await context.addInitScript(watch);
    await use(context.pages()[0] ?? (await context.newPage()), context);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

// Milliseconds from the script's fetch to the composer.
async function usable(page, side) {
  const failures = [];
  const heard = (message) => message.type() === "error" && failures.push(message.text());
  page.on("console", heard);
  await page.goto(`${given.origin}/${side}`, { waitUntil: "commit" });
  try {
    const at = await page.evaluate((limit) => window.usable(limit), PATIENCE);
    page.off("console", heard);
    return at - (await page.evaluate((script) => performance.getEntriesByName(script)[0].startTime, scripts[side]));
  } catch (error) {
    throw new Error(`${side}: ${error.message} ${failures.join(" ")}`);
  }
}

// In the page, before its scripts. Times are the page's clock, or the system's (`painted`), which is ours.
function watch() {
  const roots = [];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    roots.push(root);
    for (const look of looks) look.observe(root);
    return root;
  };
  const looks = new Set();

  // Asks at every change in a shadow root until there is an answer; then after the frame that shows it.
  const until = (ask, limit) =>
    new Promise((resolve, reject) => {
      const observer = new MutationObserver(look);
      const it = { observe: (root) => observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true }) };
      const timer = limit && setTimeout(() => end(() => reject(new Error("waited in vain"))), limit);
      looks.add(it);
      roots.forEach(it.observe);
      look();
      function look() {
        if (!roots.some(ask) || !looks.has(it)) return;
        end(() =>
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now());
            port2.postMessage(null);
          }),
        );
      }
      function end(then) {
        observer.disconnect();
        looks.delete(it);
        clearTimeout(timer);
        then();
      }
    });

  // The textarea takes a text, or the composer says why not.
  window.usable = (limit) =>
    until((root) => {
      const seen = (element) => element?.checkVisibility?.() && !element.disabled && !element.readOnly;
      const settled = root.getElementById("composer")?.dataset.state !== "loading";
      return settled && (seen(root.getElementById("text")) || seen(root.getElementById("shut")));
    }, limit);

  window.painted = async (text) => performance.timeOrigin + (await until((root) => root.getElementById("list")?.textContent.includes(text), 20_000));
}
