// Searches bytes for many texts at once, in each form in which they could hide: as they are, percent-encoded, as JSON text,
// in hexadecimal digits, in base64 at each of its three alignments, and the same inside of gzip data.
import { gunzipSync, constants } from 'node:zlib';

/** Every form of one text, as bytes. Base64 without the characters that also hold bits of what lies beside it. */
export function formsOf(text) {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const from = Math.ceil((shift * 8) / 6);
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return shifted.slice(from, whole);
  });
  const hex = bytes.toString('hex');
  const texts = [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(texts)].map((form) => Buffer.from(form));
}

const lead = (bytes, at) => (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];

export class Search {
  #byLead = new Map();
  #leads = new Uint8Array(1 << 24);

  /** Items with a `value`; what is found is given back as the item. */
  constructor(items) {
    for (const item of items) {
      for (const form of formsOf(item.value)) {
        const key = lead(form, 0);
        this.#leads[key] = 1;
        this.#byLead.set(key, [...(this.#byLead.get(key) ?? []), { form, item }]);
      }
    }
  }

  /** The items of which a form is in these bytes. */
  in(bytes, depth = 2) {
    const found = new Set();
    for (let at = 0; at + 3 <= bytes.length; at++) {
      const key = lead(bytes, at);
      if (this.#leads[key]) {
        for (const { form, item } of this.#byLead.get(key)) if (startsAt(bytes, at, form)) found.add(item);
      }
      if (key === GZIP && depth > 0)
        for (const item of this.in(unpacked(bytes, at), depth - 1)) found.add(item);
    }
    return found;
  }
}

const startsAt = (bytes, at, form) =>
  at + form.length <= bytes.length && bytes.compare(form, 0, form.length, at, at + form.length) === 0;

const GZIP = 0x1f8b08;

/** What the gzip data at this place holds, as far as it goes. */
function unpacked(bytes, at) {
  try {
    return gunzipSync(bytes.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 26 });
  } catch {
    return Buffer.alloc(0);
  }
}
