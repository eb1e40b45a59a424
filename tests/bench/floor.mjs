// What is the least that a Worker with the same duties must do? The floor of `cargo xtask bench`, in plain
// JavaScript: what somebody fluent in Workers writes when nothing but these duties is asked for.
//
//   POST /twilio/{account}/messages  the edge's duties for a customer's message: WebCrypto HMAC-SHA1 over the
//                                    public URL and the sorted parameters, one KV read, a hop to the thread's
//                                    SQLite object (SID seen before? thread, message and outbox rows, watchdog
//                                    alarm where none is armed), then the session record to KV, at most once a
//                                    second, and the outbox row away
//   POST /bare/{account}/messages    for information: HMAC, KV read, one insert
//   POST /echo/{room}                hands the body to every socket of an object
//   GET  /socket/{room}              such a socket
//   GET  /element.js                 a bare element: opens a socket, lets one write, shows what comes
//   PUT  /account/{account}          the account's record into KV
//
// The classes bear the edge's names because both run under one configuration, edge/wrangler.toml.
import { DurableObject } from "cloudflare:workers";

const WATCHDOG = 30_000;
const PUBLISH_EVERY = 1_000;
const SESSION_KEPT = 30 * 24 * 60 * 60;
const encoder = new TextEncoder();
const keys = new Map();

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [, kind, name] = url.pathname.split("/");
    switch (`${request.method} ${kind}`) {
      case "POST twilio":
        return webhook(request, env, url, name, "thread");
      case "POST bare":
        return webhook(request, env, url, name, "bare");
      case "POST echo":
      case "GET socket":
        return env.THREAD.getByName(`room ${name}`).fetch(request);
      case "GET element.js":
        return new Response(`(${element})()`, { headers: { "content-type": "text/javascript", "cache-control": "max-age=60" } });
      case "PUT account":
        await env.KV.put(`account:${name}`, await request.text());
        return new Response(null, { status: 204 });
      case "GET healthz":
        return new Response("floor");
      default:
        return new Response(null, { status: 404 });
    }
  },
};

async function webhook(request, env, url, account, kind) {
  const at = Date.now();
  const params = [...new URLSearchParams(await request.text())];
  const record = await env.KV.get(`account:${account}`, "json");
  if (!record) return new Response(null, { status: 404 });
  const given = request.headers.get("x-twilio-signature") ?? "";
  if (!(await genuine(record.token, env.PUBLIC_URL + url.pathname + url.search, params, given))) {
    return new Response(null, { status: 403 });
  }
  const form = Object.fromEntries(params);
  const sender = record.senders.find((it) => `whatsapp:${it.number}` === form.To);
  if (!sender || form.AccountSid !== record.account_sid) return new Response(null, { status: 404 });
  const thread = env.THREAD.getByName(`${kind} ${sender.id} ${form.From}`);
  const answer = await thread.fetch(`http://object/${kind}`, { method: "POST", body: JSON.stringify({ params, at, sender }) });
  if (!answer.ok) return new Response(null, { status: 503 });
  return new Response('<?xml version="1.0" encoding="UTF-8"?><Response/>', { headers: { "content-type": "text/xml" } });
}

// In constant time, by WebCrypto; the imported key is kept.
async function genuine(token, url, params, given) {
  let key = keys.get(token);
  if (!key) {
    key = await crypto.subtle.importKey("raw", encoder.encode(token), { name: "HMAC", hash: "SHA-1" }, false, ["verify"]);
    keys.set(token, key);
  }
  let text = url;
  for (const [name, value] of params.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) text += name + value;
  const mac = Uint8Array.from(atob(given), (it) => it.charCodeAt(0));
  return crypto.subtle.verify("HMAC", key, mac, encoder.encode(text));
}

export class ThreadObject extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = state.storage.sql;
    this.sql.exec(`
      CREATE TABLE IF NOT EXISTS thread (id INTEGER PRIMARY KEY, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS seen (sid TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS message (place INTEGER PRIMARY KEY, id TEXT NOT NULL, sid TEXT, json TEXT NOT NULL, raw TEXT);
      CREATE TABLE IF NOT EXISTS outbox (task TEXT PRIMARY KEY, due INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS bare (sid TEXT, raw TEXT);
    `);
    const [row] = this.sql.exec("SELECT json FROM thread").toArray();
    this.thread = row && JSON.parse(row.json);
    this.alarmAt = 0;
    this.published = 0;
    this.draining = false;
    this.asked = false;
  }

  async fetch(request) {
    if (request.headers.get("upgrade")) return this.open();
    switch (new URL(request.url).pathname) {
      case "/thread":
        this.take(await request.json());
        return new Response(null);
      case "/bare": {
        const { params } = await request.json();
        this.sql.exec("INSERT INTO bare (sid, raw) VALUES (?, ?)", Object.fromEntries(params).MessageSid, JSON.stringify(params));
        return new Response(null);
      }
      default: {
        const text = await request.text();
        for (const socket of this.ctx.getWebSockets()) socket.send(text);
        return new Response(null);
      }
    }
  }

  // One synchronous run: the answer is held back until it is durable.
  take({ params, at, sender }) {
    const form = Object.fromEntries(params);
    const sid = form.MessageSid;
    if (!this.sql.exec("INSERT INTO seen (sid) VALUES (?) ON CONFLICT DO NOTHING RETURNING sid", sid).toArray().length) return;
    const before = this.thread ?? { sender: sender.id, customer: form.From, places: 0, unread: 0 };
    this.thread = {
      ...before,
      reply_to: form.From,
      profile_name: form.ProfileName,
      last_inbound: Math.max(at, before.last_inbound ?? 0),
      conversation: before.conversation ?? { state: "open", number: 1, since: at },
      places: before.places + 1,
      unread: before.unread + 1,
      last: { at, inbound: true },
      closes_at: at + 86_400_000 - sender.margin,
    };
    const place = this.thread.places;
    const message = { id: crypto.randomUUID(), place, at, author: "customer", content: { text: { body: form.Body } }, sid };
    this.sql.exec("INSERT INTO thread (id, json) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json", JSON.stringify(this.thread));
    this.sql.exec(
      "INSERT INTO message (place, id, sid, json, raw) VALUES (?, ?, ?, ?, ?)",
      place, message.id, sid, JSON.stringify(message), JSON.stringify(params),
    );
    // What is asked for already, and not read yet, need not be asked for again.
    if (!this.asked) {
      this.sql.exec(
        "INSERT INTO outbox (task, due) VALUES ('publish', ?) ON CONFLICT (task) DO UPDATE SET due = excluded.due, version = version + 1",
        at,
      );
      this.asked = true;
    }
    this.arm();
    this.ctx.waitUntil(this.drain());
  }

  arm() {
    if (this.alarmAt > Date.now()) return;
    this.alarmAt = Date.now() + WATCHDOG;
    this.ctx.storage.setAlarm(this.alarmAt);
  }

  async alarm() {
    this.alarmAt = 0;
    if (this.sql.exec("SELECT 1 FROM outbox LIMIT 1").toArray().length) this.arm();
    await this.drain();
  }

  // One at a time, so that KV gets one write a second for this thread however many messages come.
  async drain() {
    if (this.draining) return;
    this.draining = true;
    try {
      for (;;) {
        const wait = this.published + PUBLISH_EVERY - Date.now();
        if (wait > 0) await scheduler.wait(wait);
        this.asked = false;
        const [row] = this.sql.exec("SELECT version FROM outbox WHERE task = 'publish'").toArray();
        if (!row) return;
        this.published = Date.now();
        const { sender: _, customer: __, reply_to: ___, profile_name: ____, ...session } = this.thread;
        await this.env.KV.put(`session:${this.ctx.id.name}`, JSON.stringify(session), { expirationTtl: SESSION_KEPT });
        this.sql.exec("DELETE FROM outbox WHERE task = 'publish' AND version = ?", row.version);
      }
    } finally {
      this.draining = false;
    }
  }

  open() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    server.send("welcome");
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage() {}
}

// Asked for by the configuration only.
export class DirectoryObject extends DurableObject {}

// Sent to the browser as source text.
function element() {
  const here = document.currentScript.src;
  customElements.define(
    "floor-thread",
    class extends HTMLElement {
      connectedCallback() {
        const root = this.attachShadow({ mode: "open" });
        const text = document.createElement("textarea");
        text.id = "text";
        text.disabled = true;
        const list = document.createElement("ul");
        list.id = "list";
        root.append(list, text);
        const socket = new WebSocket(new URL(`socket/${this.getAttribute("room")}`, here).href.replace("http", "ws"));
        socket.onmessage = ({ data }) => {
          if (text.disabled) return void (text.disabled = false);
          const item = document.createElement("li");
          item.textContent = data;
          list.append(item);
        };
      }
    },
  );
}
