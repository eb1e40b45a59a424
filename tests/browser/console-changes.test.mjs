// What happens when not everything goes as it should: two administrators at one thing, a form sent twice, a
// file that cannot be taken in, a synchronisation that is cut off. In both languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { account, api, form, go, h1, hex, LANGS, leave, looksRight, notice, number, settable, submit, template, visitor, workstream } from "./console-stage.mjs";
import { SIMULATOR, simulator, start, stop } from "./stage.mjs";

before(start);
after(stop);

for (const lang of LANGS) {
  test(`two administrators at the same thing, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account();
    const service = await workstream();
    const notes = await template(mine.senders);
    const theirs = "Di un altro";
    for (const [name, path, id, change, stored] of [
      [
        "account",
        `/accounts/${mine.id}/edit`,
        "edit",
        () => api("PUT", `accounts/${mine.id}`, { name: theirs, account_sid: mine.sid }),
        () => api("GET", `accounts/${mine.id}`),
      ],
      [
        "number",
        `/numbers/${mine.sender}`,
        "settings",
        async () => api("PUT", `senders/${mine.sender}`, { ...(await settable(mine.sender)), name: theirs }),
        () => api("GET", `senders/${mine.sender}`),
      ],
      [
        "workstream",
        `/workstreams/${service.id}`,
        "edit",
        () => api("PUT", `workstreams/${service.id}`, { name: theirs, distribution: "push" }),
        () => api("GET", `workstreams/${service.id}`),
      ],
      [
        "template",
        `/templates/${notes.id}/edit`,
        "settings",
        () => api("PUT", `templates/${notes.id}`, { name: theirs, category: "utility", default_language: "it", senders: mine.senders, localizations: [notes.body] }),
        () => api("GET", `templates/${notes.id}`),
      ],
    ]) {
      const field = page.locator(`#${id}-name`);
      const conflict = page.locator("#conflict");
      for (const choice of ["conflict.theirs", "conflict.mine"]) {
        const ours = `Mio ${hex(2)}`;
        await go(page, path);
        await field.fill(ours);
        await change();
        await submit(page, id);
        await conflict.getByRole("heading", { name: words("conflict.title") }).waitFor();
        const row = conflict.getByRole("row").filter({ hasText: words("compare.differs") });
        assert.equal(await row.count(), 1, `${name}: only the name differs`);
        assert.deepEqual((await row.locator("td").allTextContents()).map((it) => it.trim()), [theirs, ours]);
        assert.equal((await stored()).name, theirs, `${name}: nothing was overwritten`);
        assert.equal(await field.inputValue(), ours, "what was typed is kept");
        if (choice === "conflict.theirs") await looksRight(page, `conflict-${name}-${lang}`);
        await page.locator("main").getByText(words(choice), { exact: true }).last().click();
        await conflict.waitFor({ state: "detached" });
        const taken = choice === "conflict.mine" ? ours : theirs;
        assert.equal((await stored()).name, taken, `${name}: ${choice}`);
        if (choice === "conflict.mine") await notice(page, words("done.saved")).waitFor();
        else assert.equal(await field.inputValue(), theirs);
      }
    }

    // What somebody else deleted meanwhile.
    await go(page, `/templates/${notes.id}/edit`);
    await notes.remove();
    await submit(page, "settings");
    await h1(page, words("trouble.missing"));
    await mine.remove();
    await service.remove();
    await leave(page);
  });

  test(`a form sent twice, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account();
    const name = `Doppio ${hex(4)}`;
    const sent = [];
    page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));

    // A double click.
    await go(page, "/workstreams/new");
    await page.locator("#new-name").fill(name);
    await form(page, "new").locator(".acts button").first().dblclick();
    await notice(page, words("done.workstream")).waitFor();
    assert.equal(sent.length, 1, "one request");
    const { workstreams } = await api("GET", "workstreams");
    const made = workstreams.filter((one) => one.name === name);
    assert.equal(made.length, 1);
    await api("DELETE", `workstreams/${made[0].id}`);

    // The same form twice at once, and once more: one result, and all are led to it.
    const thrice = async (id) => {
      const answers = await page.evaluate(async (id) => {
        const body = () => new URLSearchParams(new FormData(document.getElementById(id)));
        const send = () => fetch(location.pathname, { method: "POST", body: body() });
        const answers = [...(await Promise.all([send(), send()])), await send()];
        return answers.map(({ url, status }) => [url, status]);
      }, id);
      for (const answer of answers) assert.deepEqual(answer, [answers[0][0], 200]);
    };
    await go(page, `/accounts/${mine.id}/numbers`);
    await page.locator("#number-name").fill(name);
    await page.locator("#number-number").fill(number());
    await thrice("number");
    const { senders } = await api("GET", "senders");
    assert.equal(senders.filter((one) => one.name === name).length, 1);

    await go(page, "/accounts/new");
    await page.locator("#name-name").fill(name);
    await submit(page, "name");
    await page.locator("#credentials-account_sid").fill(`AC${hex()}`);
    await page.locator("#credentials-auth_token").fill(mine.token);
    await thrice("credentials");
    const { accounts } = await api("GET", "accounts");
    const twins = accounts.filter((one) => one.name === name);
    assert.equal(twins.length, 1);
    await api("DELETE", `accounts/${twins[0].id}`);

    // What is already deleted is not deleted twice, but told.
    const service = await workstream();
    await go(page, `/workstreams/${service.id}/delete`);
    await page.locator("#delete-confirm").fill(service.name);
    await service.remove();
    await submit(page, "delete");
    await h1(page, words("trouble.missing"));
    await mine.remove();
    await leave(page);
  });

  test(`a file that cannot be taken in changes nothing, one that can does, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account();
    const whole = await api("GET", "configuration");
    const told = async (text) => {
      await page.locator(".notice.bad, .notice .bad").first().waitFor();
      const said = (await page.locator(".notice.bad").allTextContents()).join(" ");
      assert.ok(said.includes(text), `${said} says ${text}`);
      return said;
    };
    const paste = async (text) => {
      await go(page, "/configuration");
      await page.locator("#import-pasted").fill(text);
      await submit(page, "import");
    };
    const changed = (change) => {
      const copy = structuredClone(whole);
      copy.accounts.find((one) => one.id === mine.id).name = "Cambiato";
      change(copy);
      return JSON.stringify(copy, null, 1);
    };

    await go(page, "/configuration");
    await submit(page, "import");
    await told(words("flaw.file.give-field"));
    await paste('{\n "finestra": 1,\n "accounts": [}\n}');
    await told(words("problem.file-unreadable", { line: 3, column: 15 }));
    await looksRight(page, `import-broken-${lang}`);
    assert.match(await page.locator("#import-pasted").inputValue(), /"accounts": \[\}/, "what was pasted is kept");
    await paste(changed((copy) => (copy.finestra = 99)));
    await told(words("problem.configuration-newer"));
    await paste(changed((copy) => (copy.senders.find((one) => one.id === mine.sender).number = "12")));
    const place = whole.senders.findIndex((one) => one.id === mine.sender);
    await told(`senders[${place}].number`);
    await paste(changed((copy) => copy.senders.push({ ...copy.senders[0], id: "again" })));
    await told(`senders[${whole.senders.length}].number`);
    await looksRight(page, `import-place-${lang}`);

    // As a file, cut off.
    await go(page, "/configuration");
    const cut = Buffer.from(changed(() => {}).slice(0, -20));
    await page.locator("#import-file").setInputFiles({ name: "finestra.json", mimeType: "application/json", buffer: cut });
    await submit(page, "import");
    await told(words("problem.file-unreadable").split("{")[0]);
    assert.equal((await api("GET", `accounts/${mine.id}`)).name, mine.name, "nothing was applied");

    // A whole one is shown first, then applied.
    await page.locator("#import-file").setInputFiles({ name: "finestra.json", mimeType: "application/json", buffer: Buffer.from(changed(() => {})) });
    await submit(page, "import");
    await h1(page, words("import.would"));
    await page.getByRole("row").filter({ hasText: mine.id }).waitFor();
    assert.equal(await page.getByRole("row").count(), 2, "only what differs");
    await looksRight(page, `import-would-${lang}`);
    assert.equal((await api("GET", `accounts/${mine.id}`)).name, mine.name, "nothing yet");
    await page.getByRole("button", { name: words("import.apply") }).click();
    await notice(page, words("done.imported")).waitFor();
    const after = await api("GET", `accounts/${mine.id}`);
    assert.deepEqual([after.name, after.token_set], ["Cambiato", true], "the token stays");
    await mine.remove();
    await leave(page);
  });

  test(`a synchronisation that is cut off in the middle, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account();
    const sync = () => page.getByRole("button", { name: words("sync.now", { name: mine.name }) }).click();
    const fact = page.locator(".facts > div").filter({ has: page.getByText(mine.name, { exact: true }) });
    const listed = async () => (await api("GET", "templates")).templates.filter((one) => one.source?.account === mine.id).length;
    await simulator("templates", { account_sid: mine.sid, count: 501 });
    await go(page, "/templates");
    await sync();
    await notice(page, words("done.synced")).waitFor();
    const before = await listed();
    assert.equal(before, 501);
    assert.ok(!(await fact.textContent()).includes(words("sync.stale")));

    await simulator("templates", { account_sid: mine.sid, count: 3, first: 600 });
    try {
      await simulator("faults", { rest: [{ kind: "cut_off", path: "/v1/ContentAndApprovals", page: 2, count: 100 }] });
      await sync();
      await notice(page, words("problem.twilio-unreachable")).waitFor();
      assert.equal(await listed(), before, "the old list stays");
      await go(page, "/templates");
      for (const text of [words("sync.stale"), words("sync.error.unreachable")]) {
        assert.ok((await fact.textContent()).includes(text), text);
      }
      await looksRight(page, `sync-cut-off-${lang}`);
      await go(page, `/accounts/${mine.id}`);
      await page.getByText(words("sync.stale")).first().waitFor();
    } finally {
      await simulator("faults", {});
    }
    await go(page, "/templates");
    await sync();
    await notice(page, words("done.synced")).waitFor();
    assert.equal(await listed(), before + 3);
    assert.ok(!(await fact.textContent()).includes(words("sync.stale")));

    // What Twilio no longer lists can no longer be sent, and the page says so.
    const { templates } = await api("GET", "templates");
    const gone = templates.find((one) => one.source?.account === mine.id);
    for (const { content_sid } of gone.localizations) await fetch(`${SIMULATOR}/simulator/templates/${content_sid}`, { method: "DELETE" });
    await sync();
    await notice(page, words("done.synced")).waitFor();
    await go(page, `/templates/${gone.id}`);
    await notice(page, words("template.vanished")).waitFor();
    await page.getByText(words("usable.nowhere")).first().waitFor();
    await looksRight(page, `template-vanished-${lang}`);
    await mine.remove();
    await leave(page);
  });
}
