// What does the referee need on stage? A simulator of its own, the official client, and a server for webhooks.

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import twilio from 'twilio';

export const ACCOUNT = 'AC0123456789abcdef0123456789abcdef';
export const TOKEN = 'referee-token';
export const SENDER = '+390212345678';
export const CUSTOMER = '+393331234567';

const BINARY =
  process.env.SIMULATOR_BIN ?? fileURLToPath(new URL('../../target/debug/simulator', import.meta.url));

/** Twilio's own client, sent to the simulator instead of Twilio's hosts. */
class Detour extends twilio.RequestClient {
  constructor(url) {
    super();
    this.url = url;
  }

  request(options) {
    const uri = options.uri.replace(/^https:\/\/(api|content|messaging)\.twilio\.com/, this.url);
    return super.request({ ...options, uri });
  }
}

/** A simulator on a free port, with one account and one sender. */
export async function simulator(webhookUrl = '') {
  const child = spawn(BINARY, ['--port', '0', '--exit-with-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve([line]));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
  });
  const url = line.replace('simulator ready ', '');
  const control = async (path, body) => {
    const response = await fetch(`${url}/simulator/${path}`, body && { method: 'POST', body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
  const senders = [{ number: SENDER, name: 'Referee', webhook_url: webhookUrl }];
  await control('accounts', { account_sid: ACCOUNT, auth_token: TOKEN, senders });
  const client = (token = TOKEN) => twilio(ACCOUNT, token, { httpClient: new Detour(url) });
  const keyClient = ({ sid, secret }) => twilio(sid, secret, { accountSid: ACCOUNT, httpClient: new Detour(url) });
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', resolve);
      child.stdin.end();
    });
  return { url, control, client, keyClient, stop };
}

/** A server that keeps every webhook it receives and answers with empty TwiML. */
export async function receiver() {
  const received = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const params = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    received.push({ path: request.url, headers: request.headers, params });
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    for (const check of waiting) check();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  /** Resolves with the webhooks that match, once there are `count` of them. */
  const wait = (count, matches = () => true) =>
    new Promise((resolve) => {
      const check = () => {
        const found = received.filter(matches);
        if (found.length >= count) resolve(found);
      };
      waiting.push(check);
      check();
    });
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url, received, wait, stop };
}
