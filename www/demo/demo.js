// A CRM page as an integrator would write it: a list with window badges, the customer's record, and
// the conversation beside it. Nothing here knows how the widget works; see widget/finestra.d.ts.
import { CUSTOMERS } from "./customers.js";

const AGENTS = ["Giulia", "James"];
const $ = (id) => document.getElementById(id);
const widget = document.querySelector("finestra-thread");
const state = { customer: CUSTOMERS[0], agent: AGENTS[0], lang: "en", words: {}, senders: [] };

// A CRM's own back end would sign this token for the agent who is logged in.
async function token() {
  const answer = await fetch("/development/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ role: "agent", name: state.agent, senders: ["*"], ttl: 3600 }),
  });
  return (await answer.json()).token;
}

widget.getToken = token;

// Windows close by the edge's clock, which this machine's need not agree with: how far it is ahead.
let ahead = 0;
// When the window of the conversation that is shown closes; undefined until the widget has said so.
let live;

// One row per customer, made once.
const rows = CUSTOMERS.map((customer) => {
  const row = document.importNode($("customer").content, true).firstElementChild;
  row.querySelector("b").textContent = customer.name;
  row.querySelector("small").textContent = customer.number;
  row.querySelector("button").addEventListener("click", () => choose(customer));
  $("customers").append(row);
  return { customer, button: row.querySelector("button"), badge: row.querySelector(".badge") };
});

function choose(customer) {
  state.customer = customer;
  live = undefined;
  for (const { customer: it, button } of rows) button.setAttribute("aria-current", String(it === customer));
  widget.data = customer.data;
  widget.setAttribute("sender", customer.sender);
  widget.setAttribute("customer", customer.number);
  record();
}

function record() {
  const { customer, words, lang } = state;
  $("name").textContent = customer.name;
  $("number").textContent = customer.number;
  $("notes").textContent = words[`note.${customer.note}`];
  const since = new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(new Date(customer.since));
  const facts = [
    ["city", customer.city],
    ["since", since],
    ["channel", words[`sender.${customer.sender}`] ?? state.senders.find(({ id }) => id === customer.sender)?.name ?? ""],
  ];
  $("facts").replaceChildren(
    ...facts.map(([name, value]) => {
      const pair = document.createElement("div");
      pair.append(element("dt", words[name]), element("dd", value));
      return pair;
    }),
  );
  $("orders").replaceChildren(
    ...customer.orders.map(([number, item, status]) => {
      const row = document.createElement("tr");
      row.append(element("td", number), element("td", words[`item.${item}`]), element("td", words[`state.${status}`]));
      return row;
    }),
  );
}

function element(name, text) {
  const it = document.createElement(name);
  it.textContent = text;
  return it;
}

// The shops' numbers may have been set up by hand, under other names than the demo's own.
async function senders() {
  const headers = { authorization: `Bearer ${await token()}` };
  const answer = await fetch("/api/v1/senders", { headers });
  state.senders = answer.ok ? (await answer.json()).senders : [];
  for (const customer of CUSTOMERS) {
    const speaks = customer.sender === "london" ? "en" : "it";
    const known = state.senders.find(({ id }) => id === customer.sender);
    const like = state.senders.find(({ language }) => language.startsWith(speaks));
    customer.sender = (known ?? like ?? state.senders[0])?.id ?? customer.sender;
  }
}

// The badges of the whole list: one look-up per number of ours.
async function badges() {
  const headers = { authorization: `Bearer ${await token()}`, "content-type": "application/json" };
  for (const sender of new Set(CUSTOMERS.map(({ sender }) => sender))) {
    const mine = rows.filter(({ customer }) => customer.sender === sender);
    const body = JSON.stringify({ sender, customers: mine.map(({ customer }) => customer.number) });
    const answer = await fetch("/api/v1/sessions/lookup", { method: "POST", headers, body });
    if (!answer.ok) continue;
    const { now, sessions } = await answer.json();
    ahead = now - Date.now();
    for (const [i, { session }] of sessions.entries()) badge(mine[i], session);
  }
}

function badge(row, session) {
  // What the widget shows is newer than the look-up: a record is a moment old.
  const shown = row.customer === state.customer ? live : undefined;
  const closesAt = shown ?? session?.closes_at ?? 0;
  const left = closesAt - (Date.now() + ahead);
  // Who opted out and then wrote again may be answered: the widget knows, the look-up need not say.
  const out = !shown && session?.consent === "opted-out";
  const kind = out ? "out" : left > 3_600_000 ? "open" : left > 0 ? "soon" : session ? "closed" : "none";
  row.badge.dataset.state = kind;
  row.badge.textContent = state.words[`badge.${kind}`] ?? "";
  row.session = session;
}

addEventListener("finestra-window", ({ detail: { closesAt } }) => {
  live = closesAt ?? 0;
  refresh();
});
for (const name of ["finestra-message", "finestra-sent"]) addEventListener(name, () => setTimeout(refresh, 1500));

function refresh() {
  badges().catch(() => {});
}

async function speak(lang) {
  state.lang = lang;
  state.words = await (await fetch(`locales/${lang}.json`)).json();
  document.documentElement.lang = lang;
  widget.lang = lang;
  document.title = state.words.title;
  for (const it of document.querySelectorAll("[data-word]")) it.textContent = state.words[it.dataset.word];
  for (const it of document.querySelectorAll("[data-label]")) it.setAttribute("aria-label", state.words[it.dataset.label]);
  for (const row of rows) badge(row, row.session);
  record();
}

for (const name of AGENTS) $("agent").append(new Option(name, name));
$("agent").addEventListener("change", ({ target }) => {
  state.agent = target.value;
  // Another agent is another token: begin again.
  widget.replaceWith(widget);
});
$("language").addEventListener("change", ({ target }) => speak(target.value));
$("theme").addEventListener("change", ({ target }) => {
  document.documentElement.dataset.theme = target.value;
});

const asked = new URLSearchParams(location.search);
const lang = asked.get("lang") ?? (navigator.language.startsWith("it") ? "it" : "en");
$("language").value = lang;
$("theme").value = document.documentElement.dataset.theme = asked.get("theme") ?? "";
await senders();
await speak(lang);
choose(CUSTOMERS.find(({ name }) => name.toLowerCase().startsWith(asked.get("customer") ?? "anna")) ?? CUSTOMERS[0]);
refresh();
setInterval(refresh, 20_000);
