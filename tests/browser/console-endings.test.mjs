// What is deleted says first what ends with it, asks for the name, and keeps or erases what was said. In
// both languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { account, api, form, go, h1, LANGS, leave, looksRight, notice, refused, say, submit, template, visitor, workstream } from "./console-stage.mjs";
import { EDGE, simulator, somebody, start, stop } from "./stage.mjs";

before(start);
after(stop);

// A customer has written to the account's number.
async function wrote(mine, place = 0) {
  const to = mine.numbers[place];
  await simulator("senders", { account_sid: mine.sid, number: to, webhook_url: `${EDGE}/twilio/${mine.id}/messages` });
  const customer = somebody();
  await simulator("messages", { from: customer, to, body: "Buongiorno a tutti", profile_name: "Anna" });
  return (await api("POST", "threads", { sender: mine.senders[place], customer })).thread;
}

// The page that deletes something: refuses another name, and does it once the right one stands there.
async function ends(page, name, erase) {
  const { words } = page;
  const button = page.getByRole("button", { name: words("delete.now") });
  const field = page.locator("#delete-confirm");
  await h1(page, words("delete.title", { name }));
  assert.ok(await button.isDisabled(), "not without the name");
  await field.fill(name.slice(1));
  assert.ok(await button.isDisabled());
  // Who has no script gets the word of the server.
  await form(page, "delete").evaluate((it) => it.submit());
  await refused(page, "delete-confirm", words("flaw.type-name", { name }));
  assert.equal(await field.inputValue(), name.slice(1));
  if (erase !== undefined) {
    assert.ok(await page.locator("#delete-history input[value=keep]").isChecked(), "kept unless chosen");
    await page.locator(`#delete-history input[value=${erase ? "erase" : "keep"}]`).check();
  }
  await field.fill(name);
  await button.click();
  await notice(page, words("done.deleted")).waitFor();
}

const gone = async (path) => assert.equal(await api("GET", path).then(() => "there", (error) => /404/.test(error.message) && "gone"), "gone");
const listed = (page) => page.locator("main ul.list").first();

for (const lang of LANGS) {
  for (const erase of [false, true]) {
    test(`a number with an open conversation, history ${erase ? "erased" : "kept"}, ${lang}`, async () => {
      const page = await visitor("admin", { lang });
      const { words } = page;
      const mine = await account();
      const service = await workstream(mine.sender);
      const notes = await template(mine.senders);
      const thread = await wrote(mine);
      const { name } = await api("GET", `senders/${mine.sender}`);
      await api("POST", `senders/${mine.sender}/webhook`);
      await api("POST", `accounts/${mine.id}/check`);
      const known = await api("GET", `senders/${mine.sender}/consequences`);
      assert.deepEqual([known.threads, known.open_threads, known.webhook], [1, 1, "here"]);

      await go(page, `/numbers/${mine.sender}`);
      await page.getByRole("link", { name: words("delete"), exact: true }).click();
      const told = await listed(page).textContent();
      for (const text of [name, mine.numbers[0], words("delete.threads.one"), words("delete.open-threads.one"), words("delete.webhook"), known.webhook_url, words("delete.workstream"), service.name, notes.name]) {
        assert.ok(told.includes(text), `${told} says ${text}`);
      }
      await looksRight(page, `ends-number-${lang}`);
      await ends(page, name, erase);
      assert.equal(new URL(page.url()).pathname, `/admin/accounts/${mine.id}`);
      await gone(`senders/${mine.sender}`);
      assert.deepEqual((await api("GET", `templates/${notes.id}`)).senders, [], "no orphan");
      assert.deepEqual((await api("GET", `workstreams/${service.id}`)).senders, []);
      const said = await api("GET", `threads/${thread}/messages`).then(JSON.stringify, ({ message }) => message);
      assert.equal(said.includes("Buongiorno a tutti"), !erase, said);
      await notes.remove();
      await service.remove();
      await mine.remove();
      await leave(page);
    });
  }

  test(`an account with its numbers, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account({ senders: 2 });
    const notes = await template(mine.senders);
    await wrote(mine, 1);
    await go(page, `/accounts/${mine.id}`);
    await page.getByRole("link", { name: words("delete"), exact: true }).click();
    const told = await listed(page).textContent();
    for (const text of [...mine.numbers, notes.name, words("delete.number"), words("delete.threads.one")]) assert.ok(told.includes(text), text);
    await looksRight(page, `ends-account-${lang}`);
    await ends(page, mine.name, true);
    await gone(`accounts/${mine.id}`);
    for (const sender of mine.senders) await gone(`senders/${sender}`);
    assert.deepEqual((await api("GET", `templates/${notes.id}`)).senders, []);
    assert.equal((await go(page, `/accounts/${mine.id}`)).status(), 404);
    await notes.remove();
    await leave(page);
  });

  test(`a workstream in use, and a template, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account();
    const service = await workstream(mine.sender);
    const notes = await template(mine.senders);
    await go(page, `/workstreams/${service.id}`);
    await page.getByRole("link", { name: words("delete"), exact: true }).click();
    const told = await listed(page).textContent();
    for (const text of [mine.numbers[0], words("delete.released")]) assert.ok(told.includes(text), text);
    await looksRight(page, `ends-workstream-${lang}`);
    await ends(page, service.name);
    await gone(`workstreams/${service.id}`);
    assert.equal((await api("GET", `senders/${mine.sender}`)).workstream, null, "the number is released");

    const { name } = await api("GET", `senders/${mine.sender}`);
    await go(page, `/templates/${notes.id}`);
    await page.getByRole("link", { name: words("delete"), exact: true }).click();
    const offered = await listed(page).textContent();
    for (const text of [words("delete.offered"), name]) assert.ok(offered.includes(text), text);
    await page.getByText(words("template.unused")).waitFor();
    await looksRight(page, `ends-template-${lang}`);
    await ends(page, notes.name);
    await gone(`templates/${notes.id}`);

    // Who, what, and never a secret: all of it stands in the log.
    await go(page, `/audit?id=${notes.id}`);
    await page.getByRole("row").filter({ hasText: say(lang)("verb.delete") }).waitFor();
    await looksRight(page, `audit-of-one-${lang}`);
    await mine.remove();
    await leave(page);
  });
}
