// Does Twilio's own client find the Content API in the simulator? Templates and their approval.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

after(async () => {
  await stage.stop();
  await hooks.stop();
});

const create = (types, more = {}) =>
  client.content.v1.contents.create({
    friendly_name: 'appointment',
    language: 'it',
    variables: { 1: 'Anna', 2: 'domani' },
    types,
    ...more,
  });

const text = { 'twilio/text': { body: 'Ciao {{1}}, a {{2}}.' } };

/** Sends, and says what arrived on the phone or with which code it failed. */
async function send(params) {
  const { sid } = await client.messages.create({ from, to, statusCallback: `${hooks.url}/status`, ...params });
  const done = ({ params }) =>
    params.MessageSid === sid && ['delivered', 'failed', 'undelivered'].includes(params.MessageStatus);
  await hooks.wait(1, done);
  const { status, body, errorCode } = await client.messages(sid).fetch();
  return status === 'delivered' ? body : errorCode;
}

test('a template is created, fetched, listed and deleted', async () => {
  const content = await create(text);
  assert.match(content.sid, /^HX[0-9a-f]{32}$/);
  assert.equal(content.accountSid, ACCOUNT);
  const fetched = await client.content.v1.contents(content.sid).fetch();
  assert.deepEqual(fetched.types, text);
  assert.equal(fetched.language, 'it');
  assert.ok(fetched.dateCreated instanceof Date);
  const listed = await client.content.v1.contents.list();
  assert.ok(listed.some(({ sid }) => sid === content.sid));
  assert.equal(await client.content.v1.contents(content.sid).remove(), true);
  await assert.rejects(client.content.v1.contents(content.sid).fetch(), { code: 20404, status: 404 });
});

test('approval goes from unsubmitted to received to approved', async () => {
  const content = await create(text);
  const approval = async () => (await client.content.v1.contents(content.sid).approvalFetch().fetch()).whatsapp;
  assert.equal((await approval()).status, 'unsubmitted');
  const submitted = await client.content.v1
    .contents(content.sid)
    .approvalCreate.create({ name: 'appointment_1', category: 'UTILITY' });
  assert.equal(submitted.status, 'received');
  assert.equal(submitted.category, 'UTILITY');
  await stage.control(`templates/${content.sid}/approval`, { status: 'approved' });
  assert.deepEqual(await approval(), {
    type: 'whatsapp',
    name: 'appointment_1',
    category: 'UTILITY',
    content_type: 'twilio/text',
    status: 'approved',
    rejection_reason: '',
    allow_category_change: true,
  });
});

test('all templates with their approvals are listed by pages', async () => {
  for (let at = 0; at < 5; at += 1) await create(text, { friendly_name: `page ${at}` });
  const all = await client.content.v1.contentAndApprovals.list({ pageSize: 2 });
  const one = await client.content.v1.contentAndApprovals.list();
  assert.ok(all.length >= 5);
  assert.deepEqual(all.map(({ sid }) => sid), one.map(({ sid }) => sid));
  assert.equal(all.at(-1).approvalRequests.status, 'unsubmitted');
});

test('a list picker cannot be approved', async () => {
  const items = [{ id: 'a', item: 'A', description: '' }];
  const content = await create({ 'twilio/list-picker': { body: 'Scegli', button: 'Apri', items } });
  const submit = client.content.v1.contents(content.sid).approvalCreate;
  await assert.rejects(submit.create({ name: 'list_1', category: 'UTILITY' }), { status: 400 });
});

test('outside the window only an approved template by ContentSid arrives', async () => {
  const content = await create(text);
  const template = { contentSid: content.sid, contentVariables: JSON.stringify({ 1: 'Luca', 2: 'lunedì' }) };
  assert.equal(await send(template), 63016, 'not submitted');
  await client.content.v1.contents(content.sid).approvalCreate.create({ name: 'text_1', category: 'UTILITY' });
  assert.equal(await send(template), 63016, 'received');
  for (const status of ['pending', 'rejected', 'paused', 'disabled']) {
    await stage.control(`templates/${content.sid}/approval`, { status });
    assert.equal(await send(template), 63016, status);
  }
  await stage.control(`templates/${content.sid}/approval`, { status: 'approved' });
  assert.equal(await send(template), 'Ciao Luca, a lunedì.');
  assert.equal(await send({ body: 'Ciao Luca, a lunedì.' }), 63016, 'the same text as Body');
});

test('a missing variable silently becomes the sample', async () => {
  const content = await create(text);
  await stage.control(`templates/${content.sid}/approval`, { status: 'approved' });
  const before = (await stage.control('log')).samples_used;
  const contentVariables = JSON.stringify({ 1: 'Luca' });
  assert.equal(await send({ contentSid: content.sid, contentVariables }), 'Ciao Luca, a domani.');
  assert.equal((await stage.control('log')).samples_used, before + 1);
});

test('a template over 1,024 characters fails with 63021', async () => {
  const content = await create(text);
  await stage.control(`templates/${content.sid}/approval`, { status: 'approved' });
  const contentVariables = JSON.stringify({ 1: 'x'.repeat(1_020), 2: 'domani' });
  assert.equal(await send({ contentSid: content.sid, contentVariables }), 63021);
});
