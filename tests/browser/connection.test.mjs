// What happens when the network, the laptop or the edge goes away and comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { embed, newPage, phone, shot, somebody, start, stop, violations, writes } from "./stage.mjs";

before(start);
after(stop);

test("a lost connection is shown, and healed without losing or doubling anything", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  // The socket goes through here, so that it can be cut.
  let cut = () => {};
  let away = false;
  await page.routeWebSocket(/\/socket\//, (socket) => {
    if (away) return socket.close({ code: 1012 });
    const server = socket.connectToServer();
    cut = async () => {
      await server.close();
      await socket.close({ code: 1012 });
    };
  });
  const it = await embed(page, anna);
  await it.state("open");
  away = true;
  await cut();
  await it.at("#connection").waitFor();
  assert.match(await it.at("#connection").textContent(), /Reconnecting/);
  await it.text.fill("written while away");
  await it.text.press("Enter");
  await it.bubble("written while away").locator('[data-tick="tick.sending"]').waitFor();
  await writes(anna, "are you there?");
  await shot(page, "connection-lost");
  assert.deepEqual(await violations(page), []);
  away = false;
  await it.bubble("are you there?").waitFor({ timeout: 20_000 });
  await it.bubble("written while away").locator('[data-tick="tick.delivered"], [data-tick="tick.read"]').waitFor();
  assert.equal(await it.bubble("written while away").count(), 1);
  assert.equal((await phone(anna)).split("written while away").length - 1, 1, "the phone has it once");
  assert.ok(await it.at("#connection").isHidden());
  await page.context().close();
});

test("a laptop waking from sleep shows nothing as open before it has asked", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  let hold = false;
  const held = [];
  await page.routeWebSocket(/\/socket\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => (hold ? held.push(() => socket.send(message)) : socket.send(message)));
  });
  const it = await embed(page, anna);
  await it.state("open");
  // The lid was closed for three hours: the wall clock went on, the steady one did not.
  hold = true;
  await page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 3 * 3_600_000;
  });
  await it.state("checking");
  assert.match(await it.badge.textContent(), /Checking/);
  await it.text.evaluate((text) => (text.value = "too early"));
  await it.text.press("Enter");
  assert.ok(await it.send.isDisabled());
  assert.equal(await it.bubble("too early").count(), 0);
  await shot(page, "checking");
  hold = false;
  for (const pass of held) pass();
  await it.state("open");
  await page.context().close();
});

test("an expired token is renewed by itself", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna, { agent: { ttl: 3 } });
  await it.state("open");
  await page.waitForFunction(() => globalThis.tokens >= 2, undefined, { timeout: 20_000 });
  await writes(anna, "still live?");
  await it.bubble("still live?").waitFor();
  await page.context().close();
});

test("out of scope looks as if it did not exist", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "secret");
  const it = await embed(page, anna, { agent: { senders: ["london"] } });
  await it.at("#connection").waitFor();
  assert.equal(await it.bubbles.count(), 0);
  assert.ok(!(await it.root.evaluate((root) => root.shadowRoot.textContent)).includes("secret"));
  await page.context().close();
});

test("a number without its country says what to do", async () => {
  const page = await newPage({ width: 480 });
  const it = await embed(page, "347 1234567");
  await it.at("#connection").waitFor();
  assert.match(await it.at("#connection").textContent(), /country/);
  await shot(page, "no-country");
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});

test("older messages come by scrolling, and the place one reads at does not move", async () => {
  const page = await newPage({ width: 480, height: 600 });
  const anna = somebody();
  for (let n = 1; n <= 70; n += 1) await writes(anna, `message ${n}.`);
  const it = await embed(page, anna);
  await it.bubble("message 70.").waitFor();
  assert.equal(await it.bubble("message 1.").count(), 0);
  await it.at("#log").evaluate((log) => (log.scrollTop = 0));
  await it.bubble("message 1.").waitFor({ state: "attached" });
  assert.ok(await it.at("#log").evaluate((log) => log.scrollTop > 200), "what was in view stays in view");
  assert.equal(await it.bubbles.count(), 70);
  // Further up, a new message does not pull the list away.
  await writes(anna, "message 71.");
  await it.at("#below").filter({ hasText: "1" }).waitFor();
  await shot(page, "reading-further-up");
  await it.at("#below").click();
  await it.bubble("message 71.").waitFor();
  assert.ok(await it.at("#below").isHidden());
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});
