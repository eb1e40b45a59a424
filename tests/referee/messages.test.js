// Does Twilio's own client find in the simulator what it finds at Twilio? Messages and errors.

import assert from 'node:assert/strict';
import { after, beforeEach, before, test } from 'node:test';
import twilio from 'twilio';
import { ACCOUNT, CUSTOMER, SENDER, receiver, simulator } from './stage.js';

const from = `whatsapp:${SENDER}`;
const to = `whatsapp:${CUSTOMER}`;

let hooks;
let stage;
let client;

before(async () => {
  hooks = await receiver();
  stage = await simulator();
  client = stage.client();
});

beforeEach(async () => {
  await stage.control('reset', {});
  await stage.control('messages', { from: CUSTOMER, to: SENDER, body: 'hello' });
});

after(async () => {
  await stage.stop();
  await hooks.stop();
});

test('a message is created with the fields and types of the Message resource', async () => {
  const message = await client.messages.create({ from, to, body: 'Ciao' });
  assert.match(message.sid, /^SM[0-9a-f]{32}$/);
  assert.equal(message.status, 'queued');
  assert.equal(message.direction, 'outbound-api');
  assert.equal(message.accountSid, ACCOUNT);
  assert.ok(message.dateCreated instanceof Date && !Number.isNaN(message.dateCreated.getTime()));
  assert.equal(message.dateSent, null);
  assert.equal(message.errorCode, null);
  assert.equal(message.numSegments, '1');
  assert.equal(message.numMedia, '0');
  assert.equal(message.apiVersion, '2010-04-01');
});

test('a created message is fetched with its latest status', async () => {
  const statusCallback = `${hooks.url}/status`;
  const { sid } = await client.messages.create({ from, to, body: 'Ciao', statusCallback });
  await hooks.wait(2, ({ params }) => params.MessageSid === sid);
  const message = await client.messages(sid).fetch();
  assert.equal(message.status, 'delivered');
  assert.ok(message.dateSent instanceof Date);
});

test('messages are listed newest first, by pages, through filters', async () => {
  for (let at = 0; at < 5; at += 1) {
    await stage.control('messages', { from: CUSTOMER, to: SENDER, body: `n${at}` });
    await stage.control('messages', { from: '+393339999999', to: SENDER, body: 'somebody else' });
  }
  const bodies = (messages) => messages.map(({ body }) => body);
  const mine = { from: to, to: from };
  assert.deepEqual(bodies(await client.messages.list({ ...mine, pageSize: 2 })), ['n4', 'n3', 'n2', 'n1', 'n0', 'hello']);
  assert.equal((await client.messages.list({ pageSize: 3 })).length, 11);
  const first = await client.messages.page({ ...mine, pageSize: 4 });
  const second = await first.nextPage();
  assert.deepEqual(bodies(second.instances), ['n0', 'hello']);
  assert.equal(second.nextPage(), undefined);
  assert.deepEqual(await client.messages.list({ from, to }), [], 'nothing was sent');
});

test('a page stays where it is when newer messages arrive', async () => {
  for (const body of ['a', 'b', 'c']) await stage.control('messages', { from: CUSTOMER, to: SENDER, body });
  const first = await client.messages.page({ pageSize: 2 });
  await stage.control('messages', { from: CUSTOMER, to: SENDER, body: 'd' });
  const second = await first.nextPage();
  assert.deepEqual([...first.instances, ...second.instances].map(({ body }) => body), ['c', 'b', 'a', 'hello']);
});

test('messages are listed by the time of sending', async () => {
  const { now } = await stage.control('clock', { advance_ms: 3_600_000 });
  await stage.control('messages', { from: CUSTOMER, to: SENDER, body: 'an hour later' });
  const moment = new Date(now - 60_000);
  const later = await client.messages.list({ dateSentAfter: moment });
  assert.deepEqual(later.map(({ body }) => body), ['an hour later']);
  const earlier = await client.messages.list({ dateSentBefore: moment });
  assert.deepEqual(earlier.map(({ body }) => body), ['hello']);
});

test('media of a message are listed', async () => {
  const media = [{ content_type: 'image/png' }];
  const { sid } = await stage.control('messages', { from: CUSTOMER, to: SENDER, media });
  assert.match(sid, /^MM/);
  assert.equal((await client.messages(sid).fetch()).numMedia, '1');
  const [medium] = await client.messages(sid).media.list();
  assert.equal(medium.contentType, 'image/png');
  assert.equal(medium.parentSid, sid);
});

const mistakes = [
  [20003, 401, { body: 'x' }, 'wrong token'],
  [21910, 400, { to: CUSTOMER, body: 'x' }],
  [21619, 400, {}],
  [21617, 400, { body: 'x'.repeat(1601) }],
  [21655, 400, { contentSid: 'HXnothing' }],
  [21655, 400, { contentSid: `HX${'0'.repeat(32)}` }],
  [21656, 400, { contentSid: `HX${'0'.repeat(32)}`, contentVariables: '{1:' }],
  [21654, 400, { body: 'x', contentVariables: '{"1":"x"}' }],
  [63007, 400, { from: 'whatsapp:+14155238886', body: 'x' }],
  [21211, 400, { to: 'whatsapp:39333', body: 'x' }],
  [21624, 400, { body: 'x', validityPeriod: 36_001 }],
  [21609, 400, { body: 'x', statusCallback: 'http://a_b.test/' }],
];

for (const [code, status, params, token] of mistakes) {
  test(`error ${code} is a RestException: ${JSON.stringify(params).slice(0, 60)}`, async () => {
    const attempt = stage.client(token).messages.create({ from, to, ...params });
    await assert.rejects(attempt, (error) => {
      assert.ok(error instanceof twilio.RestException, String(error));
      assert.equal(error.code, code);
      assert.equal(error.status, status);
      assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
      return true;
    });
  });
}

test('an unknown message is 20404', async () => {
  await assert.rejects(client.messages(`SM${'0'.repeat(32)}`).fetch(), { code: 20404, status: 404 });
});

test('outside the window there is a SID first and 63016 later', async () => {
  await stage.control('clock', { advance_ms: 24 * 3_600_000 });
  const statusCallback = `${hooks.url}/late`;
  const { sid, status } = await client.messages.create({ from, to, body: 'too late', statusCallback });
  assert.equal(status, 'queued');
  const failed = ({ params }) => params.MessageSid === sid && params.ErrorCode === '63016';
  const [callback] = await hooks.wait(1, failed);
  assert.ok(['failed', 'undelivered'].includes(callback.params.MessageStatus));
  const message = await client.messages(sid).fetch();
  assert.equal(message.errorCode, 63016);
  assert.equal((await stage.control('log')).refused_63016, 1);
});

test('429 and 500 create nothing', async () => {
  await stage.control('faults', { fail_next: [{ kind: '429' }, { kind: '500' }] });
  await assert.rejects(client.messages.create({ from, to, body: 'x' }), { code: 20429, status: 429 });
  await assert.rejects(client.messages.create({ from, to, body: 'x' }), { code: 20500, status: 500 });
  assert.deepEqual(await client.messages.list({ from }), []);
});

test('a lost answer leaves a message behind', async () => {
  await stage.control('faults', { fail_next: [{ kind: 'lost_answer' }] });
  await assert.rejects(client.messages.create({ from, to, body: 'lost' }), { code: 'ECONNRESET' });
  const [message] = await client.messages.list({ from });
  assert.equal(message.body, 'lost');
});
