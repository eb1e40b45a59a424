// Would Twilio's own library accept the webhooks that the simulator sends?

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import twilio from 'twilio';
import { CUSTOMER, SENDER, TOKEN, receiver, simulator } from './stage.js';

const { getExpectedTwilioSignature, validateRequest } = twilio;

let hooks;
let stage;

before(async () => {
  hooks = await receiver();
  stage = await simulator(`${hooks.url}/twilio/demo/messages?a=1&b=%27x%27#rc=2&rp=all`);
});

after(async () => {
  await stage.stop();
  await hooks.stop();
});

function accepts(webhook) {
  const url = hooks.url + webhook.path;
  const signature = webhook.headers['x-twilio-signature'];
  assert.equal(signature, getExpectedTwilioSignature(TOKEN, url, webhook.params));
  assert.ok(validateRequest(TOKEN, signature, url, webhook.params));
  assert.ok(!validateRequest('another token', signature, url, webhook.params));
}

const kinds = {
  'a text with every kind of letter': { body: 'Perché no? 100% & più = ☕ <b>😀</b>\n"fine"' },
  'an empty text': { body: '' },
  'a picture': { media: [{ content_type: 'image/png' }] },
  'a place': { location: { latitude: 45.46, longitude: 9.19, label: 'Duomo', address: 'Piazza del Duomo' } },
  'a button': { button: { text: 'Sì', payload: 'yes', in_reply_to: `SM${'0'.repeat(32)}` } },
  'a line of a list': { list: { id: 'size-m', title: 'M' } },
  'parameters of tomorrow': { body: 'x', extra: { Zeta: 'z', alpha: 'a', FlowData: '{"a":1}' } },
};

for (const [name, message] of Object.entries(kinds)) {
  test(`an inbound webhook with ${name} verifies`, async () => {
    const writing = { from: CUSTOMER, to: SENDER, profile_name: 'Anna', ...message };
    const { sid, webhook_status } = await stage.control('messages', writing);
    assert.equal(webhook_status, 200);
    const [webhook] = await hooks.wait(1, ({ params }) => params.MessageSid === sid);
    accepts(webhook);
    assert.match(webhook.headers['i-twilio-idempotency-token'], /^[0-9a-f]{32}$/);
    assert.ok(!webhook.path.includes('#'), 'the fragment is never sent');
  });
}

test('a customer without a phone number verifies', async () => {
  const from = 'IT.13491208655302741918';
  const { sid } = await stage.control('messages', { from, to: SENDER, body: 'Ciao' });
  const [webhook] = await hooks.wait(1, ({ params }) => params.MessageSid === sid);
  accepts(webhook);
  assert.equal(webhook.params.From, `whatsapp:${from}`);
  assert.equal(webhook.params.ExternalUserId, `whatsapp:${from}`);
});

test('status callbacks verify, and use the URL exactly as it was given', async () => {
  await stage.control('messages', { from: CUSTOMER, to: SENDER, body: 'hello' });
  const message = await stage.client().messages.create({
    from: `whatsapp:${SENDER}`,
    to: `whatsapp:${CUSTOMER}`,
    body: 'Ciao',
    statusCallback: `${hooks.url}/twilio/demo/status?m=01%2B2&empty=#rc=1`,
  });
  const mine = ({ params }) => params.MessageSid === message.sid;
  await hooks.wait(2, mine);
  await stage.control('read', { sid: message.sid });
  const callbacks = await hooks.wait(3, mine);
  callbacks.forEach(accepts);
  assert.deepEqual(callbacks.map(({ params }) => params.MessageStatus), ['sent', 'delivered', 'read']);
  assert.deepEqual(new Set(callbacks.map(({ path }) => path)), new Set(['/twilio/demo/status?m=01%2B2&empty=']));
  assert.equal(callbacks[2].params.EventType, 'READ');
  assert.equal(callbacks[0].params.ChannelPrefix, 'whatsapp');
  assert.equal(callbacks[0].params.ChannelToAddress, '+39333123XXXX');
});
