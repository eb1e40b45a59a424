// Does the phone read WhatsApp's formatting as WhatsApp does?

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../simulator/phone/format.js';

const written = (nodes) =>
  nodes.map((node) => (typeof node === 'string' ? node : `<${node.tag}>${written(node.children)}</${node.tag}>`)).join('');

const cases = [
  ['plain', 'plain'],
  ['*bold* _italic_ ~gone~', '<strong>bold</strong> <em>italic</em> <s>gone</s>'],
  ['```a * b *c*```', '<pre>a * b *c*</pre>'],
  ['`code`', '<code>code</code>'],
  ['*bold _and italic_*', '<strong>bold <em>and italic</em></strong>'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['snake_case_name', 'snake_case_name'],
  ['* not bold *', '* not bold *'],
  ['*open', '*open'],
  ['*two\nlines*', '*two\nlines*'],
  ['(*x*), *y*!', '(<strong>x</strong>), <strong>y</strong>!'],
  ['**', '**'],
];

for (const [text, expected] of cases) {
  test(JSON.stringify(text), () => assert.equal(written(parse(text)), expected));
}
