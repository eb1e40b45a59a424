// In strangers' pages: narrow, right to left, under policies that forbid too much, several at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EDGE, embed, newPage, POLICY, shot, somebody, start, stop, violations, writes } from "./stage.mjs";

before(start);
after(stop);

for (const { name, options, dir, attributes } of [
  { name: "320-light", options: { width: 320, height: 640 } },
  { name: "320-dark-it", options: { width: 320, height: 640, dark: true, lang: "it" }, attributes: 'lang="it"' },
  { name: "right-to-left", options: { width: 420, height: 640 }, dir: "rtl" },
  { name: "theme-dark", options: { width: 420, height: 640 }, attributes: 'theme="dark"' },
]) {
  test(`it fits: ${name}`, async () => {
    const page = await newPage(options);
    const anna = somebody();
    await writes(anna, "Un messaggio abbastanza lungo da dover andare a capo almeno una volta, anche qui. 🙂");
    await writes(anna, "مرحبا، أين طلبي؟");
    const it = await embed(page, anna, { dir, attributes });
    await it.state("open");
    await it.text.fill("Una risposta\nsu due righe");
    await it.send.click();
    await it.bubble("su due righe").locator('[data-tick="tick.delivered"], [data-tick="tick.read"]').waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `nothing sticks out: ${wide}px`);
    await shot(page, `fits-${name}`);
    assert.deepEqual(await violations(page), []);
    await it.composer.getByRole("button", { name: /Templates|Modelli/ }).click();
    await it.at(".choice").first().waitFor();
    await shot(page, `fits-${name}-picker`);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test("a policy that forbids WASM is named, with what to do", async () => {
  const page = await newPage({ width: 480 });
  const it = await embed(page, somebody(), { policy: POLICY.replace(" 'wasm-unsafe-eval'", "") });
  await it.at(".panel").waitFor();
  assert.match(await it.at(".panel").textContent(), /wasm-unsafe-eval/);
  await shot(page, "policy-forbids");
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});

test("what could not be loaded is said, and tried again on request", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  await page.route("**/*.wasm", (route) => route.abort());
  const it = await embed(page, anna);
  await it.at(".panel").waitFor();
  await page.unroute("**/*.wasm");
  await it.at(".panel").getByRole("button").click();
  await it.bubble("ciao").waitFor();
  await page.context().close();
});

test("several in one page share one module, and each has its own conversation", async () => {
  const page = await newPage({ width: 900 });
  const [anna, bruno] = [somebody(), somebody()];
  await writes(anna, "from Anna");
  await writes(bruno, "from Bruno", { profile_name: "Bruno" });
  const modules = [];
  page.on("request", (request) => request.url().endsWith(".wasm") && modules.push(request.url()));
  await embed(page, anna);
  await page.evaluate((bruno) => {
    const first = document.querySelector("finestra-thread");
    const second = document.createElement("finestra-thread");
    second.getToken = first.getToken;
    second.setAttribute("sender", "milano");
    second.setAttribute("customer", bruno);
    first.after(second);
  }, bruno);
  const widgets = page.locator("finestra-thread");
  await widgets.nth(0).locator(".said", { hasText: "from Anna" }).waitFor();
  await widgets.nth(1).locator(".said", { hasText: "from Bruno" }).waitFor();
  assert.equal(await widgets.nth(0).locator(".said").count(), 1);
  assert.equal(modules.length, 1);
  // Taken out, it goes away without a trace; the other lives on.
  await widgets.nth(0).evaluate((element) => element.remove());
  await writes(bruno, "still here", { profile_name: "Bruno" });
  await widgets.nth(0).locator(".said", { hasText: "still here" }).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("events tell the page around it what happens", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna);
  await it.state("open");
  await it.text.fill("salve");
  await it.send.click();
  await it.bubble("salve").locator('[data-tick="tick.delivered"], [data-tick="tick.read"]').waitFor();
  const events = await page.evaluate(() => globalThis.events);
  const names = events.map(({ name }) => name);
  for (const name of ["ready", "window", "connection", "sent", "message"]) assert.ok(names.includes(name), name);
  const window = events.find(({ name }) => name === "window");
  assert.equal(window.open, true);
  assert.ok(Math.abs(window.closesAt - Date.now() - 24 * 3_600_000) < 60_000);
  assert.equal(events.find(({ name }) => name === "message").direction, "outbound");
  await page.context().close();
});

test("another build of the edge: the new module is loaded by itself and the draft stays", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  let outdated = false;
  let cut = () => {};
  await page.routeWebSocket(/\/socket\//, (socket) => {
    if (outdated) return socket.close({ code: 4409 });
    socket.connectToServer();
    cut = () => socket.close({ code: 4409 });
  });
  const it = await embed(page, anna);
  await it.state("open");
  await it.text.fill("half written");
  // The next build: the loader names another module, under the very same element.
  const asked = [];
  await page.route(/\/widget\/finestra\.js\?/, async (route) => {
    asked.push(route.request().url());
    const loader = await (await fetch(`${EDGE}/widget/finestra.js`)).text();
    outdated = false;
    const next = loader.replace(/finestra\.([0-9a-f]{10})\.wasm/, "finestra.$1.wasm?next");
    await route.fulfill({ contentType: "text/javascript", body: next });
  });
  outdated = true;
  await cut();
  await page.waitForRequest(/wasm\?next/);
  await it.state("open");
  await page.waitForFunction(() => document.querySelector("finestra-thread").shadowRoot.getElementById("text").value === "half written");
  assert.equal(asked.length, 1, "once per build");
  await page.context().close();
});
