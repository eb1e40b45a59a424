// The story, in the demo CRM page: a customer writes from their phone, the agent answers, the ticks turn
// blue, the window nears its end and closes, a template goes out. In both languages, light and dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clock, EDGE, HOUR, LONDON, MILANO, newPage, phone, shot, simulator, start, stop, violations, widget, writes } from "./stage.mjs";

before(start);
after(stop);

test("the list beside it goes by the edge's clock, whatever this machine's says", async () => {
  const page = await newPage();
  const anna = page.getByRole("button", { name: /^Anna/ });
  await page.goto(`${EDGE}/demo/?customer=carla`);
  await anna.locator('[data-state="open"]').waitFor();
  try {
    await clock(24.5 * HOUR);
    await page.reload();
    await anna.locator('[data-state="closed"]').waitFor();
  } finally {
    await clock(0);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

for (const { lang, dark, words, who, name, question, greeting, draft, thanks, customer, number, id, order, body, day } of [
  {
    lang: "en",
    dark: false,
    // Each in their own conversation: the one's clock is not the other's.
    who: "emma",
    name: "Emma",
    question: "Has my order left yet?",
    greeting: "Yes",
    draft: "I was just writing to you",
    thanks: "Thank you!",
    customer: "+447700900001",
    number: LONDON,
    id: "GB.90000000000000000003",
    order: "9120",
    body: "Your order 9120 is on its way and should arrive by Friday",
    day: "Friday",
    words: { open: /Open until/, left: /left to reply/, closed: /24 hours without a message/, kept: /draft is kept/, choose: "Choose a template", template: "Order shipped, in English" },
  },
  {
    lang: "it",
    dark: true,
    who: "anna",
    name: "Anna",
    question: "È partito il mio ordine?",
    greeting: "Sì",
    draft: "Le scrivo appena",
    thanks: "Grazie!",
    customer: "+393470000001",
    number: MILANO,
    id: "IT.90000000000000000002",
    order: "4711",
    body: "L'ordine 4711 è partito e arriverà entro venerdì",
    day: "venerdì",
    words: { open: /Aperta fino a/, left: /per rispondere/, closed: /24 ore senza un messaggio/, kept: /bozza è conservata/, choose: "Scegli un modello", template: "Order shipped, in italiano" },
  },
]) {
  test(`from phone to ticks to the closing window, ${lang}, ${dark ? "dark" : "light"}`, async () => {
    const page = await newPage({ lang, dark });
    const look = `${lang}-${dark ? "dark" : "light"}`;
    await page.goto(`${EDGE}/demo/?customer=${who}`);
    const it = widget(page);

    // The customer writes, and the agent sees it without doing anything.
    await it.state("open");
    const asked = `${question} (${look})`;
    await writes(customer, asked, { to: number, profile_name: name, external_user_id: id });
    await it.bubble(asked).waitFor();
    assert.match(await it.badge.textContent(), words.open);
    assert.match(await it.at("#left").textContent(), words.left);

    // The agent answers: on the phone with WhatsApp's formatting marks, here formatted.
    const answer = `${greeting}, *${name}*: https://example.com/track?id=${order}`;
    await it.text.fill(answer);
    await it.text.press("Enter");
    const shown = `${greeting}, ${name}:`;
    await it.tick(shown).and(page.locator('[data-tick="tick.delivered"], [data-tick="tick.read"]')).waitFor();
    assert.equal(await it.bubble(shown).locator("strong").textContent(), name);
    const link = it.bubble(shown).locator("a");
    assert.equal(await link.getAttribute("href"), `https://example.com/track?id=${order}`);
    assert.equal(await link.getAttribute("rel"), "noopener noreferrer nofollow");
    assert.ok((await phone(customer)).includes(answer), "the phone has the answer");
    await simulator("read", { customer, sender: number });
    await it.tick(shown).and(page.locator('[data-tick="tick.read"]')).waitFor();
    assert.equal(await it.bubbles.filter({ hasText: shown }).count(), 1, "shown once");
    await shot(page, `story-1-open-${look}`);
    assert.deepEqual(await violations(page), []);

    try {
      // Half an hour before the end, then two minutes, then over: nobody touches the page.
      await it.text.fill(draft);
      await clock(23.5 * HOUR);
      await it.state("soon");
      await shot(page, `story-2-soon-${look}`);
      assert.deepEqual(await violations(page), []);
      await clock(24 * HOUR - 120_000);
      await it.state("last");
      const before = await it.at("#left").textContent();
      await page.waitForFunction(
        (before) => document.querySelector("finestra-thread").shadowRoot.getElementById("left").textContent !== before,
        before,
      );
      await shot(page, `story-3-last-minutes-${look}`);
      await clock(24.5 * HOUR);
      await it.shut.waitFor();
      assert.match(await it.shut.textContent(), words.closed);
      assert.match(await it.shut.textContent(), words.kept);
      assert.equal(await it.at("#kept-text").textContent(), draft);
      await shot(page, `story-4-closed-${look}`);
      assert.deepEqual(await violations(page), []);

      // A template is what is left: prefilled with what the CRM knows, not to be sent with a hole.
      await it.shut.getByRole("button", { name: words.choose }).click();
      await it.dialog.getByRole("button", { name: words.template }).click();
      assert.equal(await it.at("[data-variable='1']").inputValue(), order);
      assert.ok(await it.at("#send-template").isDisabled(), "2 is a hole");
      await it.at("[data-variable='2']").fill(day);
      await shot(page, `story-5-template-${look}`);
      assert.deepEqual(await violations(page), []);
      await it.at("#send-template").click();
      await it.tick(body).and(page.locator('[data-tick="tick.delivered"], [data-tick="tick.read"]')).first().waitFor();
      assert.ok((await phone(customer)).includes(body), "the phone has the template");
      assert.ok(await it.shut.isVisible(), "nothing we send opens the window");

      // The customer answers, and the draft is where it was.
      await writes(customer, thanks, { to: number, profile_name: name, external_user_id: id });
      await it.state("open");
      assert.equal(await it.text.inputValue(), draft);
      await shot(page, `story-6-open-again-${look}`);
    } finally {
      await clock(0);
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
