// A template from the first letter to WhatsApp's judgement: what is wrong with it while it is being written,
// how it looks on a phone, what becomes of it, and which numbers offer it. In both languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { account, api, form, go, h1, hex, LANGS, leave, looksRight, notice, refused, submit, visitor } from "./console-stage.mjs";
import { simulator, start, stop } from "./stage.mjs";

before(start);
after(stop);

const BODY = "Buongiorno {{1}}, il suo ordine {{2}} è pronto per il ritiro in negozio.";
const SAMPLES = "1 = Anna\n2 = 4711";
const live = (page) => page.locator("#live");
const finding = (page, text) => live(page).locator(".notice").filter({ hasText: text });
const preview = (page) => live(page).locator(".phone");

// The form, filled in for the account's own numbers: others are not offered it.
async function written(page, mine, { name, body = BODY, samples = SAMPLES }) {
  await go(page, "/templates/write");
  await page.locator("#write-account").selectOption(mine.id);
  await page.locator("#write-name").fill(name);
  await page.locator("#write-language").selectOption("it");
  for (const box of await page.locator("#write-senders input").all()) {
    await box.setChecked(mine.senders.includes(await box.getAttribute("value")));
  }
  await page.locator("#write-body").fill(body);
  await page.locator("#write-samples").fill(samples);
}

const stored = async (name) => (await api("GET", "templates")).templates.find((one) => one.name === name);

for (const lang of LANGS) {
  test(`written, checked while typing, approved, offered, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account({ senders: 2 });
    const name = `Ritiro ${hex(4)}`;
    await written(page, mine, { name, body: "", samples: "" });

    // While it is being typed.
    const body = page.locator("#write-body");
    await body.pressSequentially("{{1}} ciao");
    await finding(page, words("finding.variable-first")).waitFor();
    await finding(page, words("finding.sample-missing", { variable: "1" })).waitFor();
    assert.equal(await preview(page).locator(".bubble").textContent(), "{{1}} ciao");
    assert.equal(await page.evaluate(() => document.activeElement.id), "write-body", "the cursor stays");
    await looksRight(page, `template-findings-${lang}`);
    for (const [wrong, code, facts] of [
      ["Buongiorno {{2}}, il suo ordine è pronto.", "variables-not-sequential", { actual: 2, expected: 1 }],
      ["Buongiorno a tutti, da oggi ci trova qui {{1}}", "variable-last", {}],
      ["Buongiorno {{1}}{{2}}, il suo ordine è pronto per il ritiro.", "variables-adjacent", { first: 1, second: 2 }],
      ["Buongiorno {{1}}, {{2}}.", "too-few-words", { actual: 1, least: 5 }],
    ]) {
      await body.fill(wrong);
      await finding(page, words(`finding.${code}`, facts)).waitFor();
    }

    // Sent as it is, it comes back with a word at its field, and nothing is stored.
    await submit(page, "write");
    await refused(page, "write-body", words("finding.too-few-words", { actual: 1, least: 5 }));
    assert.equal(await body.inputValue(), "Buongiorno {{1}}, {{2}}.");
    assert.equal(await stored(name), undefined);
    await looksRight(page, `template-refused-${lang}`);

    // Put right: on the phone with its samples, its small line and its buttons.
    await body.fill(BODY);
    await page.locator("#write-samples").fill(SAMPLES);
    await page.locator("#write-footer").fill("Bottega Milano");
    await page.locator("#write-kind-0").selectOption("quick-reply");
    await page.locator("#write-title-0").fill("Passo oggi");
    await finding(page, words("finding.none")).waitFor();
    assert.equal(await page.locator("#flaws, .error, [aria-invalid]").count(), 0, "nothing old is held against it");
    await preview(page).getByText("Passo oggi").waitFor();
    assert.deepEqual(await preview(page).locator("mark").allTextContents(), ["Anna", "4711"]);
    assert.equal(await preview(page).locator("small").textContent(), "Bottega Milano");
    await looksRight(page, `template-preview-${lang}`);
    await submit(page, "write");
    await notice(page, words("done.submitted")).waitFor();
    await h1(page, name);
    const status = page.locator("dl.facts .badge");
    const says = (key) => status.filter({ hasText: new RegExp(`^${words(key)}$`) }).first().waitFor();
    await says("usable.nowhere");
    await page.getByText(words("why.not-approved")).waitFor();
    await looksRight(page, `template-handed-in-${lang}`);

    // WhatsApp judges, and the page says so.
    const { id, localizations } = await stored(name);
    assert.deepEqual(await simulator(`templates/${localizations[0].content_sid}/review`, {}), { status: "approved", rejection_reason: "" });
    const refresh = () => page.getByRole("button", { name: words("template.refresh") }).click();
    await refresh();
    await notice(page, words("done.refreshed")).waitFor();
    await says("approval.approved");
    await says("usable.anywhere");
    await looksRight(page, `template-approved-${lang}`);

    // Which numbers offer it: both, one, none.
    const names = await Promise.all(mine.senders.map(async (id) => (await api("GET", `senders/${id}`)).name));
    for (const offered of [names, names.slice(1), []]) {
      await go(page, `/templates/${id}/edit`);
      for (const name of names) await page.getByLabel(name).setChecked(offered.includes(name));
      await submit(page, "settings");
      await notice(page, words("done.saved")).waitFor();
      for (const name of names) assert.equal(await page.locator("dl.facts").getByRole("link", { name }).count(), offered.includes(name) ? 1 : 0);
    }
    await says("template.no-number");
    await go(page, `/templates?account=${mine.id}&status=approved`);
    assert.equal(await page.getByRole("link", { name }).count(), 0, "no number of the account offers it");
    await go(page, "/templates?source=hand&status=approved&language=it");
    await page.getByRole("link", { name }).waitFor();
    await api("DELETE", `templates/${id}`).catch(() => {});
    await mine.remove();
    await leave(page);
  });

  test(`refused with a reason, and handed in again when Twilio could not be reached, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account();
    const name = `Sollecito ${hex(4)}`;
    await written(page, mine, { name });
    try {
      await simulator("faults", { rest: [{ kind: "503", path: "/v1/Content", method: "POST", count: 100 }] });
      await submit(page, "write");
      await notice(page, words("stored-only")).waitFor();
      await notice(page, words("problem.twilio-unreachable")).waitFor();
      await looksRight(page, `template-stored-only-${lang}`);
    } finally {
      await simulator("faults", {});
    }
    await page.getByRole("button", { name: words("template.submit", { name: mine.name }) }).click();
    await notice(page, words("done.submitted")).waitFor();
    const { id, localizations } = await stored(name);
    const reason = "INVALID_FORMAT. The text threatens the customer.";
    await simulator(`templates/${localizations[0].content_sid}/approval`, { status: "rejected", reason });
    await page.getByRole("button", { name: words("template.refresh") }).click();
    await notice(page, words("done.refreshed")).waitFor();
    await page.locator("dl.facts .badge").filter({ hasText: words("approval.rejected") }).waitFor();
    await page.getByText(words("template.rejected-because")).waitFor();
    await page.getByText(reason).waitFor();
    await looksRight(page, `template-rejected-${lang}`);
    await go(page, "/templates?status=rejected");
    await page.getByRole("row").filter({ hasText: name }).getByText(words("approval.rejected")).waitFor();
    await api("DELETE", `templates/${id}`).catch(() => {});
    await mine.remove();
    await leave(page);
  });

  test(`without JavaScript a button checks it, ${lang}`, async () => {
    const page = await visitor("admin", { lang, scripts: false });
    const { words } = page;
    const mine = await account();
    const name = `Senza ${hex(4)}`;
    await written(page, mine, { name, body: "{{1}} ciao" });
    const check = () => form(page, "write").getByRole("button", { name: words("template.check"), exact: true }).click();
    await check();
    await finding(page, words("finding.variable-first")).waitFor();
    assert.equal(await page.locator("#write-body").inputValue(), "{{1}} ciao");
    assert.deepEqual(await page.locator("#write-senders input:checked").evaluateAll((all) => all.map((it) => it.value)), mine.senders);
    await page.locator("#write-body").fill(BODY);
    await check();
    await finding(page, words("finding.none")).waitFor();
    assert.equal(await stored(name), undefined, "a check stores nothing");
    await submit(page, "write");
    await notice(page, words("done.submitted")).waitFor();
    const { id } = await stored(name);

    // A language by hand, without a Content SID: only inside the window, and the page says why.
    await page.getByRole("link", { name: words("template.add-language") }).click();
    await page.locator("#language-language").selectOption("en_GB");
    await page.locator("#language-body").fill("Hello {{1}}, your order {{2}} is ready.");
    await page.locator("#language-samples").fill(SAMPLES);
    await submit(page, "language");
    await notice(page, words("done.saved")).waitFor();
    const english = page.locator("section").filter({ has: page.getByRole("heading", { name: words("tongue.en-GB") }) });
    assert.ok((await english.textContent()).includes(words("usable.window-only")));
    assert.ok((await english.textContent()).includes(words("why.no-content-sid")));
    await api("DELETE", `templates/${id}`).catch(() => {});
    await mine.remove();
    await leave(page);
  });
}
