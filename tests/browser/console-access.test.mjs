// Who comes into the console through Cloudflare Access? By its signed assertion alone, whose keys are fetched
// from the team; what somebody may do goes by their e-mail.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

const TEAM = "bottega.cloudflareaccess.com";
const AUDIENCE = "0f0e0d0c0b0a";
const team = generateKeyPairSync("rsa", { modulusLength: 2048 });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
const state = mkdtempSync(path.join(tmpdir(), "finestra-access-"));
let edge, keys, worker;
let asked = 0;

before(async () => {
  keys = createServer((_, answer) => {
    asked += 1;
    const jwk = { ...team.publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" };
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise((resolve) => keys.listen(0, "127.0.0.1", resolve));
  const vars = {
    ACCESS_TEAM_DOMAIN: TEAM,
    ACCESS_AUD: AUDIENCE,
    ACCESS_ADMINS: "ada@bottega.example",
    ACCESS_SUPERVISORS: "sara@bottega.example, ugo@bottega.example",
    ACCESS_KEYS_URL: `http://127.0.0.1:${keys.address().port}/`,
  };
  const settings = { script: "target/edge-dev", site: "target/site", port: 0, state, vars };
  worker = spawn("node", ["xtask/workerd.mjs", JSON.stringify(settings)], { stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: worker.stdout })) {
    edge = /^edge ready (\S+)/.exec(line)?.[1];
    if (edge) break;
  }
});

after(async () => {
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  worker.stdin.end();
  await gone;
  keys.close();
  rmSync(state, { recursive: true, force: true });
});

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const soon = () => Math.floor(Date.now() / 1000) + 60;

// What Access adds to a request of somebody who has signed in there.
function assertion(email, { claims = {}, header = {}, key = team.privateKey } = {}) {
  const said = { iss: `https://${TEAM}`, aud: [AUDIENCE], email, exp: soon(), ...claims };
  const signed = `${part({ alg: "RS256", kid: "one", typ: "JWT", ...header })}.${part(said)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
}

const visit = (sent, more = {}) =>
  fetch(`${edge}/admin/workstreams/new`, { redirect: "manual", ...more, headers: { ...(sent && { "cf-access-jwt-assertion": sent }), ...more.headers } });

test("an administrator comes in, and changes the set-up", async () => {
  const ada = assertion("Ada@bottega.example");
  const page = await visit(ada);
  assert.equal(page.status, 200);
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1];
  assert.ok(csrf, "a form of hers");
  const send = (token) => {
    const body = new URLSearchParams({ csrf: token, do: "new", name: "Post", distribution: "push" });
    return visit(ada, { method: "POST", body });
  };
  assert.equal((await send(`${csrf}x`)).status, 403, "a form that is not hers");
  const sent = await send(csrf);
  assert.equal(sent.status, 303);
  const shown = await fetch(new URL(sent.headers.get("location"), edge), { headers: { "cf-access-jwt-assertion": ada } });
  assert.match(await shown.text(), /Post/);
  assert.equal(asked, 1, "the keys are kept");
});

test("a supervisor comes in, and only reads", async () => {
  const sara = assertion("sara@bottega.example");
  const overview = await fetch(`${edge}/admin`, { headers: { "cf-access-jwt-assertion": sara } });
  assert.equal(overview.status, 200);
  const sent = await visit(sara, { method: "POST", body: new URLSearchParams({ do: "new", name: "Post" }) });
  assert.equal(sent.status, 403);
});

test("who is on no list stays outside, however well they are known there", async () => {
  assert.equal((await visit(assertion("eva@elsewhere.example"))).status, 403);
});

test("what is not Access's word, or not for us, or no longer, counts for nothing", async () => {
  const ada = (more) => assertion("ada@bottega.example", more);
  const good = ada();
  const cases = {
    "another's key": ada({ key: stranger.privateKey }),
    "another application's": ada({ claims: { aud: ["ffff"] } }),
    "another team's": ada({ claims: { iss: "https://other.cloudflareaccess.com" } }),
    expired: ada({ claims: { exp: soon() - 120 } }),
    "without an end": ada({ claims: { exp: undefined } }),
    "not valid yet": ada({ claims: { nbf: soon() + 600 } }),
    "without a signature": `${good.slice(0, good.lastIndexOf("."))}.`,
    "another algorithm": ada({ header: { alg: "none" } }),
    "a key that nobody has": ada({ header: { kid: "two" } }),
    "no assertion at all": "nonsense",
  };
  for (const [name, sent] of Object.entries(cases)) {
    assert.equal((await visit(sent)).status, 401, name);
  }
  const without = await visit(undefined);
  assert.equal(without.status, 303, "nobody: to sign in");
  assert.equal(without.headers.get("location"), "/admin/sign-in");
  assert.equal(asked, 1, "made-up names of keys do not make the edge ask for each");
});
