// Does Twilio's own client find in the simulator what an administrator's console asks for? Accounts, keys, senders, lists.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import twilio from 'twilio';
import { ACCOUNT, CUSTOMER, SENDER, TOKEN, receiver, simulator } from './stage.js';

let hooks;
let stage;
let client;

before(async () => {
  hooks = await receiver();
  stage = await simulator(`${hooks.url}/old`);
  client = stage.client();
});

beforeEach(() => stage.control('faults', {}));

after(async () => {
  await stage.stop();
  await hooks.stop();
});

const account = (someone) => someone.api.v2010.accounts(ACCOUNT).fetch();

test('the account says who it is and how it is', async () => {
  const fetched = await account(client);
  assert.equal(fetched.sid, ACCOUNT);
  assert.equal(fetched.status, 'active');
  assert.equal(fetched.type, 'Full');
  assert.ok(fetched.friendlyName);
  assert.ok(fetched.dateCreated instanceof Date && !Number.isNaN(fetched.dateCreated.getTime()));
  await stage.control(`accounts/${ACCOUNT}`, { status: 'suspended', type: 'Trial', friendly_name: 'Bottega' });
  const { status, type, friendlyName } = await account(client);
  assert.deepEqual({ status, type, friendlyName }, { status: 'suspended', type: 'Trial', friendlyName: 'Bottega' });
  await assert.rejects(client.messages.list(), { code: 20005, status: 403 });
  await stage.control(`accounts/${ACCOUNT}`, { status: 'active' });
});

test('wrong credentials are 20003 everywhere', async () => {
  const stranger = stage.client('wrong');
  const calls = [
    () => account(stranger),
    () => stranger.messages.list(),
    () => stranger.messaging.v2.channelsSenders.list({ channel: 'whatsapp' }),
    () => stranger.content.v1.contentAndApprovals.list(),
  ];
  for (const call of calls) {
    // A list refuses with a plain error that has the same fields.
    await assert.rejects(call, (error) => {
      assert.deepEqual([error.code, error.status], [20003, 401]);
      return true;
    });
  }
});

test('an API key opens everything but the account, a main key that too', async () => {
  const key = await stage.control(`accounts/${ACCOUNT}/keys`, {});
  assert.match(key.sid, /^SK[0-9a-f]{32}$/);
  const standard = stage.keyClient(key);
  await stage.control('messages', { from: CUSTOMER, to: SENDER, body: 'hello', webhook: 'drop' });
  const sent = await standard.messages.create({ from: `whatsapp:${SENDER}`, to: `whatsapp:${CUSTOMER}`, body: 'x' });
  assert.equal(sent.accountSid, ACCOUNT);
  assert.equal((await standard.messaging.v2.channelsSenders.list({ channel: 'whatsapp' })).length, 1);
  await assert.rejects(account(standard), { code: 20003, status: 401 });
  const main = await stage.control(`accounts/${ACCOUNT}/keys`, { main: true });
  assert.equal((await account(stage.keyClient(main))).sid, ACCOUNT);
  await assert.rejects(account(stage.keyClient({ ...main, secret: 'wrong' })), { code: 20003 });
});

test('a sender is listed, fetched and given a webhook, which is then called', async () => {
  const [listed] = await client.messaging.v2.channelsSenders.list({ channel: 'whatsapp' });
  assert.equal(listed.senderId, `whatsapp:${SENDER}`);
  assert.match(listed.sid, /^XE[0-9a-f]{32}$/);
  const one = client.messaging.v2.channelsSenders(listed.sid);
  const fetched = await one.fetch();
  assert.equal(fetched.status, 'ONLINE');
  assert.equal(fetched.webhook.callbackUrl, `${hooks.url}/old`);
  assert.deepEqual({ ...fetched.properties }, { qualityRating: 'HIGH', messagingLimit: '10K Customers/24hr' });
  assert.equal(fetched.offlineReasons, null);
  const callback = `${hooks.url}/new?a=1#rc=3&rp=ct,5xx`;
  const updated = await one.updateWithHttpInfo({ webhook: { callback_url: callback, callback_method: 'POST' } });
  assert.equal(updated.statusCode, 202);
  assert.equal((await one.fetch()).webhook.callbackUrl, callback);
  await stage.control('messages', { from: CUSTOMER, to: SENDER, body: 'to the new one' });
  const [webhook] = await hooks.wait(1, ({ params }) => params.Body === 'to the new one');
  assert.equal(webhook.path, '/new?a=1');
  const { headers, params } = webhook;
  const signed = twilio.validateRequest(TOKEN, headers['x-twilio-signature'], `${hooks.url}/new?a=1`, params);
  assert.ok(signed, 'signed without the fragment');
  await assert.rejects(one.update({ webhook: { callback_url: 'nowhere' } }), { code: 63100, status: 400 });
  await assert.rejects(client.messaging.v2.channelsSenders(`XE${'f'.repeat(32)}`).fetch(), { code: 20404 });
});

test('another name waits for WhatsApp', async () => {
  const [{ sid }] = await client.messaging.v2.channelsSenders.list({ channel: 'whatsapp' });
  const one = client.messaging.v2.channelsSenders(sid);
  assert.equal((await one.update({ profile: { name: 'Bottega' } })).displayNameStatus, 'updating');
  const { profile, pendingDisplayName, pendingDisplayNameStatus } = await one.fetch();
  assert.deepEqual([profile.name, pendingDisplayName, pendingDisplayNameStatus], ['Referee', 'Bottega', 'PENDING_REVIEW']);
});

test('many senders are listed by pages, and one is deleted', async () => {
  for (let at = 1; at <= 4; at += 1) {
    await stage.control('senders', { account_sid: ACCOUNT, number: `+39021234560${at}` });
  }
  const listed = await client.messaging.v2.channelsSenders.list({ channel: 'whatsapp', pageSize: 2 });
  assert.equal(listed.length, 5);
  assert.equal(new Set(listed.map(({ sid }) => sid)).size, 5);
  assert.equal(await client.messaging.v2.channelsSenders(listed.at(-1).sid).remove(), true);
  const page = await client.messaging.v2.channelsSenders.page({ channel: 'whatsapp', pageSize: 4 });
  assert.equal(page.instances.length, 4);
  assert.equal(page.nextPage(), undefined);
});

test('two thousand templates with their approvals are read in four pages, of which one fails once', async () => {
  const before = (await client.content.v1.contentAndApprovals.list()).length;
  const { sids } = await stage.control('templates', { account_sid: ACCOUNT, count: 2_000 - before });
  assert.equal(sids.length, 2_000 - before);
  const pages = [];
  let page = await client.content.v1.contentAndApprovals.page({ pageSize: 500 });
  while (page) {
    pages.push(page.instances);
    page = await page.nextPage();
  }
  assert.deepEqual(pages.map(({ length }) => length), [500, 500, 500, 500]);
  const all = pages.flat();
  assert.equal(new Set(all.map(({ sid }) => sid)).size, 2_000);
  const approvals = all.map(({ approvalRequests }) => approvalRequests);
  for (const category of ['UTILITY', 'MARKETING', 'AUTHENTICATION', 'TRANSACTIONAL']) {
    assert.ok(approvals.some((it) => it.category === category), category);
  }
  for (const status of ['unsubmitted', 'approved', 'rejected', 'paused', 'in_appeal']) {
    assert.ok(approvals.some((it) => it.status === status), status);
  }
  await stage.control('faults', { rest: [{ kind: '503', path: '/v1/ContentAndApprovals', page: 3 }] });
  await assert.rejects(client.content.v1.contentAndApprovals.list({ pageSize: 500 }), { status: 503 });
  assert.equal((await client.content.v1.contentAndApprovals.list({ pageSize: 500 })).length, 2_000);
});

test('a page may be too large', async () => {
  await assert.rejects(client.content.v1.contentAndApprovals.page({ pageSize: 1_001 }), { code: 20007, status: 400 });
});

test('a review rejects with a reason', async () => {
  const content = await client.content.v1.contents.create({
    friendly_name: 'no_good',
    language: 'it',
    variables: { 1: 'Anna' },
    types: { 'twilio/text': { body: '{{1}}, il tuo ordine è pronto.' } },
  });
  const one = client.content.v1.contents(content.sid);
  for (const [name, category] of [['Not Good', 'UTILITY'], ['no_good', 'TRANSACTIONAL']]) {
    await assert.rejects(one.approvalCreate.create({ name, category }), { status: 400 });
  }
  assert.equal((await one.approvalCreate.create({ name: 'no_good', category: 'UTILITY' })).status, 'received');
  await assert.rejects(one.approvalCreate.create({ name: 'no_good', category: 'UTILITY' }), { status: 400 });
  await stage.control(`templates/${content.sid}/review`, {});
  const { whatsapp } = await one.approvalFetch().fetch();
  assert.equal(whatsapp.status, 'rejected');
  assert.match(whatsapp.rejection_reason, /^INVALID_FORMAT/);
});
