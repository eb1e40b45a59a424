// What the tests of the console stand on besides the stage: words, visitors, accounts of their own, and an
// eye on secrets.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { EDGE, newPage, shot, simulator, token, violations } from "./stage.mjs";

export const LANGS = ["en", "it"];
const WORDS = Object.fromEntries(
  LANGS.map((lang) => [lang, JSON.parse(readFileSync(`www/locales/console-${lang}.json`, "utf8"))]),
);

// `say("en")("key", {fact})`: the words for a key; that there are none is a test's mistake, or the locale's.
export const say =
  (lang) =>
  (key, facts = {}) => {
    assert.ok(WORDS[lang][key], `${lang} has words for ${key}`);
    return Object.entries(facts).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), WORDS[lang][key]);
  };

export const hex = (bytes = 16) => randomBytes(bytes).toString("hex");

// Everything that must never be read: what the tests type as a secret, and what the demo has.
const secrets = new Set(["0123456789abcdef0123456789abcdef"]);
export function secret() {
  const made = hex();
  secrets.add(made);
  return made;
}

export function tellsNoSecret(place, text) {
  for (const one of secrets) assert.ok(!text.includes(one), `${place} tells a secret`);
}

// Somebody at the console. Whatever it shows them is kept until they leave.
export async function visitor(role, options = {}) {
  const page = await newPage({ width: 1200, ...options });
  page.shown = [];
  page.words = say(options.lang ?? "en");
  page.on("response", (answer) => {
    const type = answer.headers()["content-type"] ?? "";
    if (!answer.url().includes("/admin") || answer.status() === 303 || !type.startsWith("text/")) return;
    // A page that was left at once has no text any more.
    page.shown.push(answer.text().then((text) => [answer.url(), text], () => ["", ""]));
  });
  if (role) await page.goto(`${EDGE}/development/sign-in?role=${role}`);
  return page;
}

// Nothing they were shown told a secret, and the browser had nothing to complain of.
export async function leave(page) {
  await page.context().close();
  const shown = await Promise.all(page.shown);
  assert.ok(shown.some(([url]) => url), "something was shown");
  for (const [url, text] of shown) tellsNoSecret(url, text);
  assert.deepEqual(page.complaints, []);
}

export const go = (page, path) => page.goto(`${EDGE}/admin${path}`);

// A part of the page by what it says; and a form by its name.
export const notice = (page, text) => page.locator(".notice").filter({ hasText: text });
export const form = (page, id) => page.locator(`form#${id}`);
export const submit = (page, id) => form(page, id).locator(".acts button").first().click();
export const h1 = (page, text) => page.getByRole("heading", { level: 1, name: text, exact: true }).waitFor();

// The API, as an administrator.
export async function api(method, path, body) {
  const answer = await fetch(`${EDGE}/api/v1/${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${await token({ role: "admin", name: "Ada" })}` },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  const told = text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return told;
}

let last = Math.floor(Math.random() * 8_000_000) + 1_000_000;
// A number nobody had before, to be one of ours.
export const number = () => `+39029${(last += 1)}`;

// An account at Twilio that nobody has set up here.
export async function atTwilio({ numbers = [number()], webhook_url } = {}) {
  const made = { sid: `AC${hex()}`, token: secret(), numbers };
  const senders = numbers.map((number) => ({ number, name: "Bottega", ...(webhook_url && { webhook_url }) }));
  await simulator("accounts", { account_sid: made.sid, auth_token: made.token, senders });
  return made;
}

// The same, set up here with its numbers; `remove()` takes it away with all that belongs to it.
export async function account({ senders = 1, lang = "it" } = {}) {
  const made = await atTwilio({ numbers: Array.from({ length: senders }, number) });
  const id = `bottega-${hex(4)}`;
  const name = `Bottega ${id.slice(-8)}`;
  await api("PUT", `accounts/${id}`, { name, account_sid: made.sid, auth_token: made.token });
  const ids = made.numbers.map((_, place) => `${id}-${place}`);
  for (const [place, sender] of ids.entries()) {
    const body = { account: id, name: `Negozio ${sender.slice(-10)}`, number: made.numbers[place], language: lang };
    await api("PUT", `senders/${sender}`, body);
  }
  const remove = () => api("DELETE", `accounts/${id}?senders=delete&history=erase`).catch(() => {});
  return { ...made, id, name, senders: ids, sender: ids[0], remove };
}

export async function workstream(sender) {
  const id = `servizio-${hex(4)}`;
  const name = `Servizio ${id.slice(-8)}`;
  await api("PUT", `workstreams/${id}`, { name, distribution: "push" });
  if (sender) await api("PUT", `senders/${sender}`, { ...(await settable(sender)), workstream: id });
  const remove = () => api("DELETE", `workstreams/${id}?senders=release`).catch(() => {});
  return { id, name, remove };
}

// A sender as it can be put again.
export async function settable(sender) {
  const { account, name, number, language, margin_ms, words, workstream } = await api("GET", `senders/${sender}`);
  return { account, name, number, language, margin_ms, words, workstream };
}

export async function template(senders, more = {}) {
  const id = `avviso-${hex(4)}`;
  const name = `Avviso ${id.slice(-8)}`;
  const one = { language: "it", content_sid: `HX${hex()}`, kind: "text", approval: "approved", ...more };
  const body = { body: "Buongiorno {{1}}, il suo ordine è pronto.", samples: [{ name: "1", value: "Anna" }], ...one };
  await api("PUT", `templates/${id}`, { name, category: "utility", default_language: body.language, senders, localizations: [body] });
  const remove = () => api("DELETE", `templates/${id}`).catch(() => {});
  return { id, name, body, remove };
}

// A field that was refused: said at the field and in the summary, which leads there.
export async function refused(page, id, words) {
  const field = page.locator(`#${id}`);
  await page.locator("#flaws").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true", `${id} is invalid`);
  assert.equal((await page.locator(`#${id}-error`).textContent()).trim(), words);
  assert.ok((await field.getAttribute("aria-describedby")).split(/\s+/).includes(`${id}-error`));
  const link = page.locator("#flaws a").filter({ hasText: words }).first();
  assert.equal(await link.getAttribute("href"), `#${id}`);
  await link.click();
  assert.equal(await page.evaluate(() => document.activeElement.id), id, "the summary leads to the field");
}

// How the page looks: nothing sticks out sideways and axe finds nothing, light and dark, wide and narrow.
export async function looksRight(page, name) {
  const before = page.viewportSize();
  for (const [width, dark] of [[1200, false], [1200, true], [320, true], [320, false]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
    const look = `console-${name}-${width}-${dark ? "dark" : "light"}`;
    assert.deepEqual(await page.evaluate(sticksOut), [], look);
    // Once in each colours and each width: axe takes longer than all the rest.
    if ((width === 320) === dark) assert.deepEqual(await violations(page), [], look);
    // A long list needs no picture of its end.
    await shot(page, look, { fullPage: await page.evaluate(() => document.documentElement.scrollHeight < 6_000) });
  }
  await page.setViewportSize(before);
}

// What is cut off or stands outside the page; not what is for screen readers only, or can be scrolled to.
function sticksOut() {
  const width = document.documentElement.clientWidth;
  const apart = (it) =>
    it.closest(".skip") ||
    (it !== document.body && (/auto|scroll/.test(getComputedStyle(it).overflowX) || getComputedStyle(it).clipPath !== "none" || apart(it.parentElement)));
  const all = [...document.querySelectorAll("body *")];
  const far = all.filter((it) => {
    const { left, right, width: own } = it.getBoundingClientRect();
    return own > 1 && (right > width + 1 || left < -1) && !apart(it);
  });
  const cut = all.filter((it) => it.matches("button, .act, .badge, th, td, dd") && getComputedStyle(it).display !== "inline" && it.scrollWidth > it.clientWidth + 1 && !apart(it));
  const told = [...far, ...cut].map((it) => `${it.tagName}.${it.className} ${it.textContent.trim().slice(0, 40)}`);
  const { scrollWidth } = document.documentElement;
  return scrollWidth > width ? [`the page is ${scrollWidth} wide`, ...told] : told;
}
