// Every page of the console, in both languages, light and dark, wide and narrow; who may see it, and who
// may change it; and that none of it tells a secret.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { account, api, form, go, h1, hex, LANGS, leave, looksRight, refused, say, secret, submit, tellsNoSecret, template, visitor, workstream } from "./console-stage.mjs";
import { EDGE, simulator, somebody, start, stop, token } from "./stage.mjs";

const made = {};

before(async () => {
  await start();
  made.account = await account({ senders: 2 });
  made.workstream = await workstream(made.account.sender);
  made.template = await template(made.account.senders);
  const to = made.account.numbers[0];
  await simulator("senders", { account_sid: made.account.sid, number: to, webhook_url: `${EDGE}/twilio/${made.account.id}/messages` });
  await simulator("messages", { from: somebody(), to, body: "Buongiorno", profile_name: "Anna" });
  await api("POST", `accounts/${made.account.id}/check`);
});
after(async () => {
  await made.template?.remove();
  await made.account?.remove();
  await made.workstream?.remove();
  await stop();
});

// All pages by name. Those that only a form leads to are looked at where the form is sent.
function pages() {
  const below = (name, path, leaves) =>
    Object.fromEntries(leaves.map((leaf) => [`${name}-${leaf.replace("/", "-")}`, `${path}/${leaf}`]));
  const account = `/accounts/${made.account.id}`;
  const number = `/numbers/${made.account.sender}`;
  const workstream = `/workstreams/${made.workstream.id}`;
  const template = `/templates/${made.template.id}`;
  return {
    home: "",
    accounts: "/accounts",
    account,
    ...below("account", account, ["edit", "credentials", "unrouted", "delete", "numbers", "callbacks", "check", "test"]),
    number,
    ...below("number", number, ["delete"]),
    workstreams: "/workstreams",
    workstream,
    ...below("workstream", workstream, ["whatsapp", "delete"]),
    templates: "/templates",
    template,
    ...below("template", template, ["edit", "delete", "languages/it", "languages/new"]),
    ...below("new", "", ["accounts/new", "workstreams/new", "templates/new", "templates/write"]),
    sandboxes: "/sandboxes",
    audit: "/audit",
    configuration: "/configuration",
    missing: "/nowhere",
  };
}

for (const lang of LANGS) {
  test(`every page, light and dark, wide and narrow, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    for (const [name, path] of Object.entries(pages())) {
      const answer = await go(page, path);
      assert.equal(answer.status(), name === "missing" ? 404 : 200, path);
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      assert.equal(await page.locator("h1").count(), 1, path);
      // A key without words leaves nothing behind.
      assert.deepEqual(await page.locator("h1, h2, h3, button, label, th, dt, .act, legend").evaluateAll((all) => all.filter((it) => !it.textContent.trim()).map((it) => it.outerHTML)), [], path);
      await looksRight(page, `${name}-${lang}`);
    }
    await leave(page);
  });

  test(`signing in and out, and choosing the language, ${lang}`, async () => {
    const page = await visitor(null, { lang });
    const { words } = page;
    await go(page, "/accounts");
    assert.equal(new URL(page.url()).pathname, "/admin/sign-in");
    await h1(page, words("sign-in"));
    await looksRight(page, `sign-in-${lang}`);

    await form(page, "sign-in").locator("input[name=token]").fill("not.a.token");
    await submit(page, "sign-in");
    await refused(page, "sign-in-token", words("problem.token-malformed"));
    assert.equal(await page.locator("#sign-in-token").inputValue(), "", "a secret is not kept");
    await looksRight(page, `sign-in-refused-${lang}`);

    await page.locator("#sign-in-token").fill(await token({ role: "agent" }));
    await submit(page, "sign-in");
    await h1(page, words("trouble.forbidden"));
    await looksRight(page, `forbidden-${lang}`);

    await go(page, "/sign-in");
    await page.locator("#sign-in-token").fill(await token({ role: "admin", name: "Grace" }));
    await submit(page, "sign-in");
    await page.waitForURL(`${EDGE}/admin`);
    assert.match(await page.locator(".who").textContent(), /Grace/);

    const other = LANGS.find((one) => one !== lang);
    await page.getByRole("link", { name: words(`language.${other}`) }).click();
    await h1(page, say(other)("home"));
    await go(page, "/accounts");
    await h1(page, say(other)("accounts"));
    await page.getByRole("button", { name: say(other)("sign-out") }).click();
    await h1(page, say(other)("sign-in"));
    await go(page, "/accounts");
    await h1(page, say(other)("sign-in"));
    await leave(page);
  });
}

// A form as a program sends it: with a cookie, and with whatever token.
async function posted(path, fields, { cookie, ...headers } = {}) {
  return fetch(`${EDGE}/admin${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { ...(cookie && { cookie }), ...headers },
    body: new URLSearchParams(fields),
  });
}

async function session(role) {
  const answer = await fetch(`${EDGE}/development/sign-in?role=${role}`, { redirect: "manual" });
  const cookie = answer.headers.get("set-cookie").split(";")[0];
  const html = await (await fetch(`${EDGE}/admin/workstreams/new`, { headers: { cookie } })).text();
  return { cookie, html, csrf: /name="csrf" value="([^"]+)"/.exec(html)?.[1] };
}

test("only who may change something does", async () => {
  const name = `Servizio ${hex(4)}`;
  const fields = { do: "new", name, distribution: "push", chance: "test" };
  const admin = await session("admin");
  const supervisor = await session("supervisor");
  const agent = await session("agent");
  const path = "/workstreams/new";
  const none = await fetch(`${EDGE}/admin/accounts`, { redirect: "manual" });
  assert.deepEqual([none.status, none.headers.get("location")], [303, "/admin/sign-in"]);
  for (const [why, status, more, headers] of [
    ["no cookie", 401, { csrf: admin.csrf }, {}],
    ["a forged cookie", 401, { csrf: admin.csrf }, { cookie: `${admin.cookie}x` }],
    ["no CSRF token", 403, {}, { cookie: admin.cookie }],
    ["a wrong CSRF token", 403, { csrf: `${admin.csrf}A` }, { cookie: admin.cookie }],
    ["another session's CSRF token", 403, { csrf: supervisor.csrf }, { cookie: admin.cookie }],
    ["another site's form", 403, { csrf: admin.csrf }, { cookie: admin.cookie, "sec-fetch-site": "cross-site" }],
    ["another origin's form", 403, { csrf: admin.csrf }, { cookie: admin.cookie, origin: "https://evil.example" }],
    ["a supervisor", 403, { csrf: supervisor.csrf }, { cookie: supervisor.cookie }],
    ["an agent", 403, { csrf: admin.csrf }, { cookie: agent.cookie }],
  ]) {
    const answer = await posted(path, { ...fields, ...more }, headers);
    assert.equal(answer.status, status, why);
    assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/, why);
  }
  assert.match(agent.html, new RegExp(say("en")("trouble.forbidden")));
  const { workstreams } = await api("GET", "workstreams");
  assert.ok(!workstreams.some((one) => one.name === name), "nothing was made");
  const right = await posted(path, { ...fields, csrf: admin.csrf }, { cookie: admin.cookie });
  assert.equal(right.status, 303);
  await api("DELETE", `workstreams/${new URL(right.headers.get("location"), EDGE).pathname.split("/").pop()}`);
});

for (const lang of LANGS) {
  test(`a supervisor reads and cannot change, an agent is sent away, ${lang}`, async () => {
    const page = await visitor("supervisor", { lang });
    for (const path of Object.values(pages()).filter((path) => path !== "/nowhere")) {
      assert.equal((await go(page, path)).status(), 200, path);
      const can = page.locator("main form[method=post] :is(button, input:not([type=hidden]), select, textarea):enabled");
      assert.equal(await can.count(), 0, `${path} has nothing to change`);
    }
    await leave(page);
    const agent = await visitor("agent", { lang });
    const answer = await go(agent, "/accounts");
    assert.equal(answer.status(), 403);
    await h1(agent, agent.words("trouble.forbidden"));
    assert.match(await agent.locator(".lead").textContent(), new RegExp(agent.words("problem.role").slice(0, 30)));
    await leave(agent);
  });
}

test("no page, file or log tells a secret", async () => {
  const page = await visitor("admin");
  const mine = await account();
  const key = { sid: `SK${hex()}`, secret: secret() };
  const put = (more) => api("PUT", `accounts/${mine.id}`, { name: mine.name, account_sid: mine.sid, ...more });
  tellsNoSecret("the API", JSON.stringify(await put({ next_auth_token: secret(), api_key: key })));
  const at = `/accounts/${mine.id}`;
  for (const path of ["", "/accounts", at, `${at}/edit`, `${at}/credentials`, `${at}/check`, `${at}/delete`, `/audit?id=${mine.id}`, "/configuration"]) {
    await go(page, path);
    tellsNoSecret(path, await page.content());
  }
  await go(page, `${at}/credentials`);
  assert.deepEqual(await page.locator("input[type=password]").evaluateAll((all) => all.map((it) => it.value)), ["", "", ""]);
  for (const [from, name, link] of [
    ["/configuration", "finestra-configuration.json", "export.now"],
    [`/audit?id=${mine.id}`, /\.csv$/, "audit.csv"],
  ]) {
    await go(page, from);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: page.words(link) }).click()]);
    assert.match(file.suggestedFilename(), new RegExp(name));
    const text = await readFile(await file.path(), "utf8");
    assert.ok(text.includes(mine.id), "it is the right file");
    tellsNoSecret(file.suggestedFilename(), text);
  }
  await mine.remove();
  await leave(page);
});
