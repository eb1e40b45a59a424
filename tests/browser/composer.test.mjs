// The composer: what may be written, how long, by which key; and those who never wrote.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { embed, newPage, phone, shot, somebody, start, stop, violations, writes } from "./stage.mjs";

before(start);
after(stop);

test("the length is shown from 1,400 and refuses above 1,600", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna);
  await it.state("open");
  assert.ok(await it.send.isDisabled(), "nothing to send");
  await it.text.fill("x".repeat(1_399));
  assert.ok(await it.at("#count").isHidden());
  await it.text.fill("x".repeat(1_400));
  assert.equal(await it.at("#count").textContent(), "1,400 of 1,600");
  await it.text.fill(`${"x".repeat(1_599)}🙂`);
  assert.match(await it.at("#count").textContent(), /too long/);
  assert.ok(await it.send.isDisabled());
  await shot(page, "too-long");
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});

test("Enter sends, Shift+Enter begins a line, an input method keeps its Enter", async () => {
  const page = await newPage({ width: 480 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna);
  await it.state("open");
  await it.text.fill("one");
  await it.text.press("Shift+Enter");
  await it.text.pressSequentially("two");
  await it.text.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, composed: true });
  assert.equal(await it.text.inputValue(), "one\ntwo");
  await it.text.press("Control+Enter");
  await it.bubble("two").waitFor();
  assert.equal(await it.text.inputValue(), "");
  assert.ok(await it.text.evaluate((text) => text.getRootNode().activeElement === text), "the cursor stays");
  await page.context().close();
});

test("who never wrote: the opt-in is recorded, then a template goes out", async () => {
  const page = await newPage({ width: 480 });
  const carla = somebody();
  const it = await embed(page, carla, { data: { "order-shipped": { 1: "9", 2: "venerdì" } } });
  await it.shut.waitFor();
  assert.match(await it.shut.textContent(), /never written/);
  await shot(page, "never-wrote");
  assert.deepEqual(await violations(page), []);
  await it.at("#to-consent").click();
  await it.at("#source").fill("checkout form");
  assert.ok(await it.at("#record").isDisabled(), "the wording is missing");
  await it.at("#wording").fill("Write to me on WhatsApp about my orders");
  await shot(page, "opt-in");
  assert.deepEqual(await violations(page), []);
  await it.at("#record").click();
  await it.at("#to-templates").click();
  await it.dialog.getByRole("button", { name: "Order shipped, in Italian" }).click();
  await it.at("#send-template:enabled").click();
  await it.bubble("L'ordine 9 è partito").locator('[data-tick="tick.delivered"], [data-tick="tick.read"]').waitFor();
  assert.ok((await phone(carla)).includes("L'ordine 9 è partito"));
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the picker: search, reasons, keyboard, focus", async () => {
  const page = await newPage({ width: 900 });
  const anna = somebody();
  await writes(anna, "ciao");
  const it = await embed(page, anna);
  await it.state("open");
  const opener = it.composer.getByRole("button", { name: "Templates" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await it.at("#search:focus").waitFor();
  assert.match(await it.at(".choice").filter({ hasText: "Overdue invoice" }).textContent(), /rejected/);
  assert.match(await it.at(".choice").filter({ hasText: "Autumn offers" }).textContent(), /opt-in/);
  await shot(page, "picker");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.type("SHIPPED");
  await page.waitForFunction(() => document.querySelector("finestra-thread").shadowRoot.querySelectorAll(".choice").length === 1);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await it.at("#fields input").first().waitFor();
  assert.ok(await it.at("#fields input").first().evaluate((field) => field.getRootNode().activeElement === field), "the first hole has the cursor");
  assert.match(await it.at("#fields input").first().getAttribute("placeholder"), /4711/);
  assert.equal(await it.at("#fields input").first().inputValue(), "", "a sample is never a value");
  await page.keyboard.type("a     b");
  await it.at("#fields input").nth(1).fill("c");
  await page.waitForFunction(() => /spaces/.test(document.querySelector("finestra-thread").shadowRoot.getElementById("obstacle").textContent));
  await shot(page, "picker-hole");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await it.dialog.waitFor({ state: "detached" });
  assert.ok(await opener.evaluate((button) => button.getRootNode().activeElement === button), "the focus is back");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a draft belongs to its conversation and outlives a reload", async () => {
  const page = await newPage({ width: 480 });
  const [anna, bruno] = [somebody(), somebody()];
  await writes(anna, "ciao");
  await writes(bruno, "salve", { profile_name: "Bruno" });
  const it = await embed(page, anna);
  await it.state("open");
  await it.text.fill("for Anna");
  await page.evaluate((bruno) => document.querySelector("finestra-thread").setAttribute("customer", bruno), bruno);
  await it.bubble("salve").waitFor();
  assert.equal(await it.text.inputValue(), "");
  await page.reload();
  await it.bubble("ciao").waitFor();
  await page.waitForFunction(() => document.querySelector("finestra-thread").shadowRoot.getElementById("text").value === "for Anna");
  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  assert.ok(!stored.includes(anna.slice(1)), "no phone number is stored");
  await page.context().close();
});
