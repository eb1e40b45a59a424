// How does WhatsApp's formatting read? *bold* _italic_ ~strike~ ```mono``` `code`, as a tree of plain nodes.

const MARKS = [
  ['```', 'pre', false],
  ['`', 'code', false],
  ['*', 'strong', true],
  ['_', 'em', true],
  ['~', 's', true],
];

const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
const isSpace = (letter) => letter === undefined || /\s/.test(letter);

/** The end of the marked text that starts at `at`, or -1: marks hug their text and stand outside of words. */
function closing(text, at, mark) {
  const inside = at + mark.length;
  if (isWord(text[at - 1]) || isSpace(text[inside])) return -1;
  for (let end = text.indexOf(mark, inside + 1); end > 0; end = text.indexOf(mark, end + 1)) {
    if (mark !== '```' && text.slice(inside, end).includes('\n')) return -1;
    if (!isSpace(text[end - 1]) && !isWord(text[end + mark.length])) return end;
  }
  return -1;
}

/** Strings, and `{ tag, children }`. */
export function parse(text) {
  const nodes = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const found = MARKS.find(([mark]) => text.startsWith(mark, at) && closing(text, at, mark) > 0);
    if (!found) {
      plain += text[at];
      at += 1;
      continue;
    }
    const [mark, tag, nests] = found;
    const end = closing(text, at, mark);
    const inner = text.slice(at + mark.length, end);
    if (plain) nodes.push(plain);
    plain = '';
    nodes.push({ tag, children: nests ? parse(inner) : [inner] });
    at = end + mark.length;
  }
  if (plain) nodes.push(plain);
  return nodes;
}

/** The same as DOM nodes. Text stays text. */
export function render(text) {
  const fragment = document.createDocumentFragment();
  const fill = (parent, nodes) => {
    for (const node of nodes) {
      if (typeof node === 'string') {
        parent.append(node);
      } else {
        const element = document.createElement(node.tag === 'pre' ? 'code' : node.tag);
        fill(element, node.children);
        parent.append(element);
      }
    }
  };
  fill(fragment, parse(text));
  return fragment;
}
