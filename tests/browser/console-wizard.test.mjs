// From nothing to the first message and a number in a workstream, through the console alone: without
// JavaScript, and with nothing but a keyboard. In both languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, atTwilio, go, h1, hex, LANGS, leave, looksRight, notice, visitor } from "./console-stage.mjs";
import { EDGE, simulator, somebody, start, stop } from "./stage.mjs";

before(start);
after(stop);

// Somebody with a mouse.
const mouse = () => ({
  fill: (field, text) => field.fill(text),
  press: (it) => it.click(),
  tick: (box) => box.check(),
  pick: (field, value) => field.selectOption(value),
});

// Somebody with a keyboard only.
function keyboard(page) {
  const has = (it) => it.evaluate((it) => it === document.activeElement);
  const reach = async (it) => {
    await it.waitFor();
    for (let times = 0; times < 150 && !(await has(it)); times += 1) await page.keyboard.press("Tab");
    assert.ok(await has(it), "it can be reached by Tab");
    const seen = await it.evaluate((it) => getComputedStyle(it).outlineStyle !== "none" || getComputedStyle(it).boxShadow !== "none");
    assert.ok(seen, "and it shows");
  };
  return {
    fill: async (field, text) => {
      await reach(field);
      await page.keyboard.type(text);
    },
    press: async (it) => {
      await reach(it);
      const arrived = page.waitForEvent("domcontentloaded");
      await page.keyboard.press("Enter");
      await arrived;
    },
    tick: async (box) => {
      if ((await box.getAttribute("type")) === "checkbox") {
        await reach(box);
        return page.keyboard.press("Space");
      }
      const name = await box.getAttribute("name");
      await reach(page.locator(`input[type=radio][name="${name}"]:checked`));
      for (let times = 0; times < 20 && !(await box.isChecked()); times += 1) await page.keyboard.press("ArrowDown");
      assert.ok(await box.isChecked());
    },
    pick: async (field, value) => {
      await reach(field);
      await page.keyboard.type(await field.locator(`option[value="${value}"]`).textContent());
      assert.equal(await field.inputValue(), value);
    },
  };
}

for (const lang of LANGS) {
  for (const scripts of [false, true]) {
    test(`the whole way ${scripts ? "by keyboard" : "without JavaScript"}, ${lang}`, async () => {
      const page = await visitor("admin", { lang, scripts });
      const { words } = page;
      const hand = scripts ? keyboard(page) : mouse();
      const look = async (name) => scripts && looksRight(page, `wizard-${name}-${lang}`);
      const main = page.locator("main");
      const link = (key) => main.getByRole("link", { name: words(key), exact: true });
      const button = (key) => main.getByRole("button", { name: words(key), exact: true });
      const there = await atTwilio();
      const name = `Bottega ${hex(4)}`;

      // Name, then SID and token.
      await go(page, "/accounts");
      await hand.press(link("accounts.new"));
      await h1(page, words("wizard.new"));
      await hand.fill(page.locator("#name-name"), name);
      await hand.press(button("continue"));
      await hand.fill(page.locator("#credentials-account_sid"), there.sid);
      await hand.fill(page.locator("#credentials-auth_token"), there.token);
      await hand.press(button("continue"));

      // A number.
      await notice(page, words("done.account")).waitFor();
      const id = new URL(page.url()).pathname.split("/").at(-2);
      await hand.fill(page.locator("#number-name"), "Negozio");
      await hand.fill(page.locator("#number-number"), there.numbers[0]);
      await hand.pick(page.locator("#number-language"), "it");
      await hand.press(button("continue"));
      await notice(page, words("done.number")).waitFor();
      await look("numbers");
      await hand.press(link("continue"));

      // What Twilio has to know; the page can tell it by itself.
      const url = page.locator("#webhook-url");
      assert.equal(await url.inputValue(), `${EDGE}/twilio/${id}/messages#rc=3&rp=ct,5xx,rt&rt=4000&ct=2000`);
      assert.equal(await page.locator("#status-url").inputValue(), `${EDGE}/twilio/${id}/status`);
      const copy = page.locator("[data-copy=webhook-url]");
      assert.equal(await copy.isVisible(), scripts, "who has no script needs no button that does nothing");
      if (scripts) {
        await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        await copy.focus();
        await page.keyboard.press("Enter");
        await copy.filter({ hasText: words("copy.done") }).waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await url.inputValue());
      }
      await look("callbacks");
      await hand.press(button("wizard.check"));
      await notice(page, words("check.says.wrong")).waitFor();
      await notice(page, words("check.webhook.none", { number: there.numbers[0] })).waitFor();
      await look("check-wrong");
      await hand.press(button("check.set-webhook"));
      await notice(page, words("done.webhook")).waitFor();
      await notice(page, words("check.says.ok")).waitFor();
      await look("check-right");
      await hand.press(link("wizard.done"));

      // A message from a phone.
      await notice(page, words("test.waiting")).waitFor();
      await look("test");
      await simulator("messages", { from: somebody(), to: there.numbers[0], body: "Buongiorno", profile_name: "Anna" });
      // With a script it shows by itself.
      if (!scripts) await hand.press(link("test.look"));
      await notice(page, words("test.heard")).waitFor();
      await hand.press(link("test.workstream"));

      // A workstream, and the number in it.
      const service = `Servizio ${hex(4)}`;
      await hand.press(link("workstreams.new"));
      await hand.fill(page.locator("#new-name"), service);
      await hand.tick(page.locator("#new-distribution input[value=pick]"));
      await hand.press(button("workstreams.create"));
      await notice(page, words("done.workstream")).waitFor();
      const { senders } = await api("GET", "senders");
      const sender = senders.find((one) => one.account === id).id;
      await hand.press(link("whatsapp.set-up"));
      await hand.tick(page.locator(`#whatsapp-sender input[value="${sender}"]`));
      await look("whatsapp-number");
      await hand.press(button("continue"));
      await hand.pick(page.locator("#whatsapp-language"), "de");
      await look("whatsapp-language");
      await hand.press(button("continue"));
      await page.locator("#whatsapp-behaviours").waitFor();
      assert.equal(await page.locator("#whatsapp-behaviours input:checked").count(), 0, "off by default");
      await hand.tick(page.locator("#whatsapp-behaviours input[value=templates]"));
      await look("whatsapp-behaviours");
      await hand.press(button("continue"));
      await page.locator("#whatsapp-attachments").waitFor();
      assert.equal(await page.locator("#whatsapp-attachments input:checked").count(), 0, "off by default");
      await hand.tick(page.locator("#whatsapp-attachments input[value=agents]"));
      await look("whatsapp-features");
      await hand.press(button("continue"));
      const summary = page.locator("dl.facts");
      const chosen = [there.numbers[0], words("tongue.de"), words("behaviours.templates"), words("attachments.agents")];
      for (const text of chosen) assert.ok((await summary.textContent()).includes(text), text);
      await look("whatsapp-summary");

      // All the way back and on again: what was chosen is still chosen.
      for (let steps = 0; steps < 4; steps += 1) await hand.press(button("back"));
      assert.ok(await page.locator(`#whatsapp-sender input[value="${sender}"]`).isChecked());
      assert.equal((await api("GET", `senders/${sender}`)).workstream, null, "nothing is saved before the end");
      for (let steps = 0; steps < 4; steps += 1) await hand.press(button("continue"));
      for (const text of chosen) assert.ok((await summary.textContent()).includes(text), text);
      await hand.press(button("finish"));
      await notice(page, words("done.whatsapp")).waitFor();
      const set = await api("GET", `senders/${sender}`);
      assert.equal(set.language, "de");
      assert.deepEqual(set.attachments, { customers: false, agents: true });
      assert.deepEqual(set.behaviours, { automated_messages: false, templates: true, survey: false });
      const { name: found, distribution } = await api("GET", `workstreams/${set.workstream}`);
      assert.deepEqual([found, distribution], [service, "pick"]);
      await api("DELETE", `workstreams/${set.workstream}?senders=release`);
      await api("DELETE", `accounts/${id}?senders=delete&history=erase`);
      await leave(page);
    });
  }
}
