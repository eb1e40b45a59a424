// The whole round: what the console made at Twilio is what Twilio's own client reads there, and what that client
// made is what the console shows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import twilio from "twilio";
import { account, api, go, h1, hex, leave, notice, submit, visitor } from "./console-stage.mjs";
import { EDGE, phone, SIMULATOR, simulator, somebody, start, stop, token, writes } from "./stage.mjs";

before(start);
after(stop);

// Twilio's client, whose requests go to the simulator and nowhere else.
class Detour extends twilio.RequestClient {
  request(options) {
    return super.request({ ...options, uri: options.uri.replace(/^https:\/\/(api|content|messaging)\.twilio\.com/, SIMULATOR) });
  }
}
const client = ({ sid, token }) => twilio(sid, token, { httpClient: new Detour() });

test("what the console made is what Twilio's client reads, and the other way round", async () => {
  const page = await visitor("admin");
  const { words } = page;
  const mine = await account();
  const theirs = client(mine);
  const [number] = mine.numbers;

  // The webhook, set from the console.
  await go(page, `/accounts/${mine.id}`);
  await page.getByRole("button", { name: words("check.now") }).first().click();
  await page.getByRole("button", { name: words("check.set-webhook") }).first().click();
  await notice(page, words("done.webhook")).waitFor();
  const [sender] = await theirs.messaging.v2.channelsSenders.list({ channel: "whatsapp" });
  const { webhook_url, status_url } = await api("GET", `accounts/${mine.id}`);
  assert.equal(sender.senderId, `whatsapp:${number}`);
  const read = await theirs.messaging.v2.channelsSenders(sender.sid).fetch();
  assert.equal(read.webhook.callbackUrl, webhook_url);
  assert.equal(read.webhook.statusCallbackUrl, status_url);
  assert.ok(webhook_url.startsWith(`${EDGE}/twilio/${mine.id}/messages#`));

  // A template, written and handed in from the console.
  const name = `Ritiro ${hex(4)}`;
  const body = "Buongiorno {{1}}, il suo ordine {{2}} è pronto per il ritiro in negozio.";
  await go(page, "/templates/write");
  await page.locator("#write-account").selectOption(mine.id);
  await page.locator("#write-name").fill(name);
  await page.locator("#write-language").selectOption("it");
  await page.locator("#write-body").fill(body);
  await page.locator("#write-samples").fill("1 = Anna\n2 = 4711");
  await submit(page, "write");
  await h1(page, name);
  const { templates } = await api("GET", "templates");
  const stored = templates.find((one) => one.name === name);
  const sid = stored.localizations[0].content_sid;
  const content = await theirs.content.v1.contents(sid).fetch();
  assert.deepEqual([content.language, content.types["twilio/text"].body], ["it", body]);
  assert.deepEqual(content.variables, { 1: "Anna", 2: "4711" });
  const approval = await theirs.content.v1.contents(sid).approvalFetch().fetch();
  assert.equal(approval.whatsapp.status, "received");
  assert.equal(approval.whatsapp.category, "UTILITY");

  // A template that Twilio's client made comes with the next synchronisation.
  const made = await theirs.content.v1.contents.create({
    friendly_name: `saldi_${hex(4)}`,
    language: "it",
    variables: { 1: "Anna" },
    types: { "twilio/text": { body: "Buongiorno {{1}}, da domani i saldi in tutti i negozi." } },
  });
  await theirs.content.v1.contents(made.sid).approvalCreate.create({ name: made.friendlyName, category: "MARKETING" });
  await simulator(`templates/${made.sid}/review`, {});
  await go(page, "/templates");
  await page.getByRole("button", { name: words("sync.now", { name: mine.name }) }).click();
  await page.locator(".notice.good").first().waitFor();
  await go(page, `/templates/${made.sid.toLowerCase()}`);
  await h1(page, made.friendlyName);

  // And a message, there and back, by the number that was wired from the console.
  const anna = somebody();
  await writes(anna, "Siete aperti?", { to: number });
  const thread = (await api("POST", "threads", { sender: mine.sender, customer: anna })).thread;
  const answer = await fetch(`${EDGE}/api/v1/threads/${thread}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": hex(8), authorization: `Bearer ${await token()}` },
    body: JSON.stringify({ text: "Sì, fino alle 19." }),
  });
  assert.equal(answer.status, 202);
  const deadline = Date.now() + 10_000;
  while (!(await phone(anna)).includes("fino alle 19")) assert.ok(Date.now() < deadline, "the phone has the answer");
  const sent = await theirs.messages.list({ to: `whatsapp:${anna}` });
  assert.equal(sent[0].body, "Sì, fino alle 19.");
  assert.equal(sent[0].from, `whatsapp:${number}`);

  await mine.remove();
  await leave(page);
});
