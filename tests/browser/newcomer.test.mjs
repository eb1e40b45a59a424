// A newcomer's run: from an empty deployment to the first message answered, through the console only,
// with a simulated Twilio. Timed in steps, with a screenshot of each; in both languages.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { newPage, post, shot, start, stop, violations, widget } from "./stage.mjs";

const FIVE_MINUTES = 5 * 60_000;
const worlds = [];

before(start);
after(async () => {
  for (const { demo, state } of worlds) {
    const gone = new Promise((resolve) => demo.once("exit", resolve));
    demo.stdin.end();
    await gone;
    rmSync(state, { recursive: true, force: true });
  }
  await stop();
});

// A Finestra with nothing set up: where its console is, and its customer's phone.
async function emptyWorld() {
  const state = mkdtempSync(path.join(tmpdir(), "finestra-newcomer-"));
  const demo = spawn(
    "target/debug/demo",
    ["--until-stdin-closes", "--empty", "--port", "0", "--simulator-port", "0", "--state", state],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  worlds.push({ demo, state });
  for await (const line of createInterface({ input: demo.stdout })) {
    const [, edge, crm, phone, console] = /edge (\S+) {2}CRM page (\S+) {2}phone (\S+)\/ {2}console (\S+)/.exec(line) ?? [];
    if (edge) return { edge, crm, phone, console };
  }
  throw new Error("the demo did not start");
}

for (const lang of ["en", "it"]) {
  test(`from nothing to the first message answered, ${lang}`, async () => {
    const world = await emptyWorld();
    const words = JSON.parse(readFileSync(`www/locales/console-${lang}.json`, "utf8"));
    const page = await newPage({ lang, width: 1100 });
    const begun = Date.now();
    let step = 0;
    const arrived = async (name) => {
      step += 1;
      console.log(`${lang} ${step} ${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
      await shot(page, `newcomer-${lang}-${step}-${name}`);
      assert.deepEqual(await violations(page), [], name);
    };
    const button = (key) => page.getByRole("button", { name: words[key], exact: true }).first();
    const link = (key) => page.getByRole("link", { name: words[key], exact: true }).first();
    const field = (key) => page.getByLabel(words[key], { exact: true });

    await page.goto(world.console);
    await page.waitForURL("**/admin");
    await arrived("overview");
    await link("nav.sandboxes").click();
    const [sid, token, number] = [
      await field("account.account_sid").inputValue(),
      await field("account.auth_token").inputValue(),
      await field("number.number").inputValue(),
    ];
    await arrived("sandboxes");

    await link("nav.home").click();
    await page.locator("a[href='/admin/accounts/new']").first().click();
    await field("account.name").fill("Bottega");
    await arrived("name");
    await button("continue").click();
    await field("account.account_sid").fill(sid);
    await field("account.auth_token").fill(token);
    await arrived("credentials");
    await button("continue").click();
    await field("number.name").fill("Bottega Milano");
    await field("number.number").fill(number);
    await field("number.language").selectOption("it");
    await arrived("number");
    await button("continue").click();
    await link("continue").click();
    await arrived("callbacks");
    await button("wizard.check").click();
    await arrived("check");
    await button("check.set-webhook").click();
    await page.getByText(words["done.webhook"]).waitFor();
    await arrived("wired");

    // The number goes into a workstream: five short steps, nothing saved before the last.
    await page.getByRole("link", { name: words["nav.workstreams"], exact: true }).click();
    await link("workstreams.new").click();
    await field("workstream.name").fill("Assistenza");
    await arrived("workstream");
    await button("workstreams.create").click();
    await link("whatsapp.set-up").click();
    await page.getByLabel("Bottega Milano").check();
    for (const place of ["language", "behaviours", "features", "summary"]) {
      await button("continue").click();
      await page.getByText(words[`whatsapp.${place}-lead`]).waitFor();
      await arrived(`workstream-${place}`);
    }
    await button("finish").click();
    await page.getByText(words["done.whatsapp"]).waitFor();
    await arrived("workstream-done");

    // The customer writes, the console knows it, the agent answers beside the CRM's record.
    const customer = "+393470000001";
    await post(`${world.phone}/simulator/messages`, { from: customer, to: number, body: "Siete aperti domani?", profile_name: "Anna" });
    const accounts = await (await fetch(`${world.edge}/api/v1/accounts`, {
      headers: { authorization: `Bearer ${(await post(`${world.edge}/development/token`, { role: "admin", senders: ["*"] })).token}` },
    })).json();
    await page.goto(`${world.edge}/admin/accounts/${accounts.accounts[0].id}/test`);
    await page.getByText(words["test.heard"]).waitFor();
    await arrived("heard");
    await page.goto(`${world.crm}?customer=anna`);
    const it = widget(page);
    await it.state("open");
    await it.bubble("Siete aperti domani?").waitFor();
    await it.text.fill("Sì, dalle 9.");
    await it.text.press("Enter");
    await it.tick("dalle 9").and(page.locator('[data-tick="tick.delivered"], [data-tick="tick.read"]')).waitFor();
    await arrived("answered");
    const took = Date.now() - begun;
    assert.ok(took < FIVE_MINUTES, `${took} ms`);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
