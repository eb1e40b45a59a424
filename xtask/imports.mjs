// How can a module and its glue agree on short names? wasm-bindgen names every import with a hash and
// spells out the file it comes from, in the module and again in the glue: a kilobyte of what cannot be
// compressed. Here both get the same short names.
//
// Only names change, and only inside the import section, which is written anew; no other section refers
// to an import by its name.

// The module's bytes and the glue's text, with short names.
export function shortened(module, glue) {
  const names = new Map(); // what is replaced in the glue → what by
  const short = (name) => {
    if (!/^\.\/|_[0-9a-f]{16}$/.test(name)) return name;
    if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
    return names.get(name);
  };
  const bytes = rewritten(module, short);
  // Longest first: no name may be taken for the beginning of another.
  const known = [...names].sort(([a], [b]) => b.length - a.length);
  const text = known.reduce((text, [name, by]) => text.replaceAll(`"${name}":`, `"${by}":`).replaceAll(`${name}:`, `${by}:`), glue);
  return { module: bytes, glue: text };
}

const IMPORTS = 2;

function rewritten(module, short) {
  const out = [module.subarray(0, 8)];
  let at = 8;
  while (at < module.length) {
    const start = at;
    const section = module[at++];
    const length = number();
    const end = at + length;
    if (section === IMPORTS) {
      const body = Buffer.concat([...imports(end)]);
      out.push(Buffer.from([IMPORTS]), encoded(body.length), body);
    } else {
      out.push(module.subarray(start, end));
    }
    at = end;
  }
  return Buffer.concat(out);

  function* imports(end) {
    const count = number();
    yield encoded(count);
    for (let i = 0; i < count; i++) {
      for (const name of [text(), text()].map(short)) yield* [encoded(Buffer.byteLength(name)), Buffer.from(name)];
      // The kind and what follows it: a type's number for a function, a table's or memory's type, a global's.
      const start = at;
      const kind = module[at++];
      if (kind === 1 || kind === 3) at++;
      if (kind === 0) number();
      else if (kind === 3) at++;
      else if (number() & 1) [number(), number()];
      else number();
      yield module.subarray(start, at);
    }
    if (at !== end) throw new Error("the import section was not understood");
  }

  function text() {
    const length = number();
    at += length;
    return module.subarray(at - length, at).toString("utf8");
  }

  function number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}

function encoded(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return Buffer.from(bytes);
}
