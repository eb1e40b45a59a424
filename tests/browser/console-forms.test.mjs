// Bad input, and what it gets: a word at the field, what was typed kept, nothing half done. In both
// languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { account, api, atTwilio, form, go, h1, hex, LANGS, leave, looksRight, notice, number, refused, secret, submit, template, visitor, workstream } from "./console-stage.mjs";
import { EDGE, simulator, start, stop } from "./stage.mjs";

before(start);
after(stop);

const ODD = `Bottega "L'Oca" & <b>Figli</b>`;

// The first two steps of the wizard, up to the form for SID and token.
async function toCredentials(page, name) {
  await go(page, "/accounts/new");
  await page.locator("#name-name").fill(name);
  await submit(page, "name");
  await h1(page, page.words("wizard.credentials"));
}

for (const lang of LANGS) {
  test(`an account that cannot be, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const there = await account();
    await go(page, "/accounts/new");
    await submit(page, "name");
    await refused(page, "name-name", words("flaw.give-field"));
    await looksRight(page, `wizard-name-refused-${lang}`);

    await toCredentials(page, ODD);
    await looksRight(page, `wizard-credentials-${lang}`);
    const [sid, token] = [page.locator("#credentials-account_sid"), page.locator("#credentials-auth_token")];
    for (const wrong of ["", "AC123", `SK${hex()}`, `AC${"g".repeat(32)}`]) {
      await sid.fill(wrong);
      await token.fill(secret());
      await submit(page, "credentials");
      await refused(page, "credentials-account_sid", words(wrong ? "flaw.account_sid.copy-from-console" : "flaw.give-text"));
      assert.equal(await sid.inputValue(), wrong, "what was typed is kept");
      assert.equal(await token.inputValue(), "", "but never a secret");
    }
    await looksRight(page, `wizard-credentials-refused-${lang}`);
    const right = `AC${hex()}`;
    await sid.fill(right);
    await token.fill(`${secret()} and more`);
    await submit(page, "credentials");
    await refused(page, "credentials-auth_token", words("flaw.auth_token.copy-from-console"));
    assert.equal(await sid.inputValue(), right);
    await page.locator("#credentials-sid").fill("SK1");
    await page.locator("#credentials-secret").fill(secret());
    await token.fill(secret());
    await submit(page, "credentials");
    await refused(page, "credentials-sid", words("flaw.sid.copy-from-console"));
    assert.equal(await page.locator("#credentials-secret").inputValue(), "");
    await page.locator("#credentials-sid").fill("");
    await sid.fill(there.sid);
    await token.fill(secret());
    await submit(page, "credentials");
    await refused(page, "credentials-account_sid", words("problem.account-sid-taken"));

    // The name came along all the way, and nothing was made.
    await page.getByRole("button", { name: words("back") }).click();
    assert.equal(await page.locator("#name-name").inputValue(), ODD);
    const { accounts } = await api("GET", "accounts");
    assert.ok(!accounts.some(({ name }) => name === ODD));
    await there.remove();
    await leave(page);
  });

  test(`a number that cannot be, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account();
    await go(page, `/accounts/${mine.id}/numbers`);
    const [name, typed] = [page.locator("#number-name"), page.locator("#number-number")];
    for (const [wrong, why] of [
      ["", "give-text"],
      ["0212345678", "address-country-missing"],
      ["+39 02 x234567", "address-unexpected-character"],
      ["+39021", "address-wrong-length"],
    ]) {
      await name.fill(ODD);
      await typed.fill(wrong);
      await page.locator("#number-language").selectOption("pt-BR");
      await submit(page, "number");
      await refused(page, "number-number", words(`flaw.${why}`));
      assert.deepEqual([await name.inputValue(), await typed.inputValue()], [ODD, wrong]);
      assert.equal(await page.locator("#number-language").inputValue(), "pt-BR");
    }
    await looksRight(page, `number-refused-${lang}`);
    const [taken] = mine.numbers;
    await typed.fill(`${taken.slice(0, 3)} ${taken.slice(3)}`);
    await submit(page, "number");
    await refused(page, "number-number", words("problem.number-taken", { name: (await api("GET", `senders/${mine.sender}`)).name }));
    await typed.fill(number());
    await name.fill(" ");
    await submit(page, "number");
    await refused(page, "number-name", words("flaw.give-text"));
    const { senders } = await api("GET", "senders");
    assert.equal(senders.filter((one) => one.account === mine.id).length, 1, "nothing was added");

    // And of one that is there already: its margin, its day, its words.
    await go(page, `/numbers/${mine.sender}`);
    await page.locator("#settings-margin_ms").fill("soon");
    await submit(page, "settings");
    await refused(page, "settings-margin_ms", words("flaw.margin_ms.give-number-in-range"));
    assert.equal(await page.locator("#settings-margin_ms").inputValue(), "soon");
    await page.locator("#settings-margin_ms").fill("60");
    await page.locator("#settings-recover input[value=from]").check();
    await page.locator("#settings-recover_from").fill("");
    await submit(page, "settings");
    await refused(page, "settings-recover_from", words("flaw.recover_from.give-number-in-range"));
    await page.locator("#words-opt_out-it").fill(`basta\n${"x".repeat(41)}`);
    await submit(page, "words");
    await refused(page, "words-opt_out-it", words("flaw.give-word"));
    assert.equal(await page.locator("#words-opt_out-it").inputValue(), `basta\n${"x".repeat(41)}`);
    await page.locator("#words-opt_out-it").fill("basta");
    await page.locator("#words-opt_in-it").fill("basta");
    await submit(page, "words");
    await page.locator("#flaws").filter({ hasText: words("flaw.remove-word") }).waitFor();
    await looksRight(page, `number-settings-refused-${lang}`);
    await mine.remove();
    await leave(page);
  });

  test(`what else has to be filled in, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const mine = await account();
    const service = await workstream();
    await go(page, "/workstreams/new");
    await page.locator("#new-distribution input[value=pick]").check();
    await submit(page, "new");
    await refused(page, "new-name", words("flaw.give-text"));
    assert.ok(await page.locator("#new-distribution input[value=pick]").isChecked());
    await page.locator("#new-name").fill(service.name);
    await submit(page, "new");
    await refused(page, "new-name", words("flaw.name.choose-other-name"));
    await looksRight(page, `workstream-refused-${lang}`);

    await go(page, "/templates/new");
    await page.locator("#by-hand-name").fill(ODD);
    await page.locator("#by-hand-body").fill("Buongiorno, il suo ordine è pronto.");
    await page.locator("#by-hand-content_sid").fill("HX1");
    await submit(page, "by-hand");
    await refused(page, "by-hand-content_sid", words("flaw.content_sid.copy-from-console"));
    assert.deepEqual([await page.locator("#by-hand-name").inputValue(), await page.locator("#by-hand-content_sid").inputValue()], [ODD, "HX1"]);

    await go(page, `/accounts/${mine.id}/credentials`);
    await page.locator("#token-auth_token").fill(`${secret()} and more`);
    await submit(page, "token");
    await refused(page, "token-auth_token", words("flaw.auth_token.copy-from-console"));
    assert.equal(await page.locator("#token-auth_token").inputValue(), "");
    await page.locator("#key-sid").fill("nonsense");
    await page.locator("#key-secret").fill(secret());
    await submit(page, "key");
    await refused(page, "key-sid", words("flaw.sid.copy-from-console"));
    assert.deepEqual([await page.locator("#key-sid").inputValue(), await page.locator("#key-secret").inputValue()], ["nonsense", ""]);
    await looksRight(page, `credentials-refused-${lang}`);
    await mine.remove();
    await service.remove();
    await leave(page);
  });

  test(`Twilio refuses the token, cannot be reached, and can again, ${lang}`, async () => {
    const page = await visitor("admin", { lang });
    const { words } = page;
    const there = await atTwilio();
    const name = `Bottega ${hex(4)}`;
    const outcome = (word) => notice(page, words(`check.says.${word}`)).waitFor();
    const again = () => page.getByRole("button", { name: words("check.now") }).click();
    await toCredentials(page, name);
    // An SID that is somebody else's, with a token that is wrong: said at once, and mended where it is said.
    await page.locator("#credentials-account_sid").fill(`AC${hex()}`);
    await page.locator("#credentials-auth_token").fill(secret());
    await submit(page, "credentials");
    await notice(page, words("done.account")).waitFor();
    await notice(page, words("check.token.refused")).waitFor();
    await looksRight(page, `wizard-token-refused-${lang}`);
    const id = new URL(page.url()).pathname.split("/").at(-2);
    await go(page, `/accounts/${id}`);
    await outcome("wrong");
    await notice(page, words("check.token.refused")).waitFor();
    await looksRight(page, `check-refused-${lang}`);
    await page.locator(".notice").getByRole("link", { name: words("account.credentials") }).click();
    await page.locator("#token-account_sid").fill(there.sid);
    await submit(page, "token");
    await refused(page, "token-auth_token", words("flaw.auth_token.copy-from-console"));
    await page.locator("#token-auth_token").fill(there.token);
    await submit(page, "token");
    await notice(page, words("done.credentials")).waitFor();
    assert.equal((await api("GET", `accounts/${id}`)).check.token, "ok");

    try {
      await simulator("faults", { rest: [{ kind: "503", count: 1000 }] });
      await again();
      await outcome("unreachable");
      await looksRight(page, `check-unreachable-${lang}`);
      await go(page, "/accounts");
      const row = page.getByRole("row").filter({ hasText: name });
      assert.match(await row.textContent(), new RegExp(words("check.outcome.unreachable")));
    } finally {
      await simulator("faults", {});
    }
    await go(page, `/accounts/${id}`);
    await again();
    await outcome("incomplete").catch(() => outcome("ok"));
    assert.equal((await api("GET", `accounts/${id}`)).check.token, "ok");
    await api("DELETE", `accounts/${id}?senders=delete&history=erase`);
    await leave(page);
  });
}
