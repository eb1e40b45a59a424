// What is shown of every kind of message, and what went wrong with ours.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { clock, embed, HOUR, newPage, phone, shot, simulator, somebody, start, stop, violations, writes } from "./stage.mjs";

before(start);
after(stop);
afterEach(() => simulator("faults", {}));

const tick = (name) => `.tick[data-tick="tick.${name}"]`;

test("every kind of message is shown by its name and none is dropped", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "the first");
  for (const type of ["image/jpeg", "audio/ogg", "video/mp4", "application/pdf", "image/webp", "text/vcard"]) {
    await writes(anna, "", { media: [{ url: "https://example.com/medium", content_type: type }] });
  }
  await writes(anna, "", { location: { latitude: 45.46, longitude: 9.19, label: "Duomo", address: "Piazza del Duomo" } });
  const it = await embed(page, anna);
  for (const name of ["Photo", "Voice message or audio", "Video", "Document", "Sticker", "Contact card", "Location"]) {
    await it.bubble(name).waitFor();
  }
  await it.bubble("Piazza del Duomo").waitFor();
  assert.equal(await it.bubbles.count(), 8);
  await shot(page, "kinds");
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("text is text: markup in a message stays what it is", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  const nasty = '<img src=x onerror=alert(1)> javascript:alert(1) <a href="https://x.example">x</a>';
  await writes(anna, nasty, { profile_name: "<b>Anna</b>\u202e" });
  const it = await embed(page, anna);
  await it.bubble("onerror").waitFor();
  assert.equal(await it.bubble("onerror").locator(".content").textContent(), nasty);
  const hrefs = await it.bubble("onerror").locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.ok(hrefs.every((href) => href.startsWith("https://")), hrefs.join());
  assert.equal(await it.bubble("onerror").locator("img").count(), 0);
  assert.match(await it.at("#name").textContent(), /<b>Anna/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a failure says why, and offers what can help", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna);
  await it.state("open");
  await simulator("faults", { error_next: { code: 63018, count: 1, status: "failed" } });
  await it.text.fill("limited");
  await it.send.click();
  await it.bubble("limited").locator(tick("failed")).waitFor();
  assert.match(await it.bubble("limited").locator(".trouble").textContent(), /limit for this number/);
  await shot(page, "failure");
  assert.deepEqual(await violations(page), []);
  await simulator("faults", {});
  await it.bubble("limited").getByRole("button", { name: "Send again" }).click();
  await it.at(`.said:has-text("limited") ${tick("delivered")}, .said:has-text("limited") ${tick("read")}`).waitFor();
  assert.equal(await it.bubble("limited").count(), 2, "the failed one and the new one");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("what WhatsApp refused as late comes back as the draft, with the reason", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna);
  await it.state("open");
  await simulator("faults", { error_next: { code: 63016, count: 1, status: "undelivered" } });
  await it.text.fill("a little too late");
  await it.text.press("Enter");
  await it.shut.waitFor();
  assert.match(await it.at("#kept-text").textContent(), /a little too late/);
  assert.match(await it.bubble("a little too late").locator(".trouble").textContent(), /window was closed/);
  await shot(page, "given-back");
  assert.deepEqual(await violations(page), []);
  const told = await page.evaluate(() => events.filter(({ name }) => name === "refused"));
  assert.deepEqual(told.map(({ code, remedy }) => [code, remedy]), [["window-closed", "send-template"]]);
  await writes(anna, "still there?");
  await it.state("open");
  assert.equal(await it.text.inputValue(), "a little too late");
  await page.context().close();
});

test("what nobody knows is asked about, and never sent twice by itself", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna);
  await it.state("open");
  // Twilio never answers, and has nothing in its list afterwards.
  await simulator("faults", { fail_next: [{ kind: "timeout", count: 1 }] });
  await it.text.fill("did it leave?");
  await it.text.press("Enter");
  await it.bubble("did it leave?").locator(tick("unconfirmed")).waitFor({ timeout: 20_000 });
  try {
    await clock(0.3 * HOUR);
    await it.bubble("did it leave?").getByRole("button", { name: "It did not arrive" }).waitFor({ timeout: 20_000 });
    await shot(page, "unconfirmed");
    assert.deepEqual(await violations(page), []);
    await it.bubble("did it leave?").getByRole("button", { name: "It did not arrive" }).click();
    await it.bubble("did it leave?").locator(tick("failed")).waitFor();
  } finally {
    await clock(0);
  }
  assert.ok(!(await phone(anna)).includes("did it leave?"));
  await page.context().close();
});

test("a number with a new owner hides what may be another person's", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "the old owner's secret", { external_user_id: `IT.1${anna.slice(1)}` });
  await writes(anna, "hello, I am new here", { external_user_id: `IT.2${anna.slice(1)}` });
  const it = await embed(page, anna);
  await it.bubble("I am new here").waitFor();
  assert.equal(await it.bubble("secret").count(), 0);
  await shot(page, "new-owner");
  await it.at(".notice").getByRole("button").click();
  await it.bubble("secret").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});

test("after STOP nothing can be written until the customer wants it again", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna);
  await it.state("open");
  await writes(anna, "STOP");
  await it.shut.waitFor();
  assert.match(await it.shut.textContent(), /asked not to be written to/);
  await it.at(".notice").waitFor();
  await shot(page, "opted-out");
  assert.deepEqual(await violations(page), []);
  await writes(anna, "START");
  await it.state("open");
  await page.context().close();
});
