// What a run left behind, as lines of JSON in any number of files. Kinds of line:
//
//   request  one try of a client: the change it asked for (`mark`: unique for each change, the same when repeated),
//            the organization if known, the instants between which it ran, and how it ended
//   event    one row of the log, with the mark of its change
//   message  one message of the topic, and where it lay
//   entry    one row that a consumer wrote for an event, with the number it gave within the organization
//   heard    the last version of a stream that a consumer remembers

/**
 * @typedef {{ mark: string, org?: string, outcome: 'acknowledged' | 'refused' | 'unknown', version?: number,
 *   from: number, to: number }} Request
 * @typedef {{ id: string, org: string, stream: string, version: number, type: string, typeVersion: number,
 *   data: unknown, meta: unknown, at: string, position: number | null }} Content
 * @typedef {Content & { mark: string }} LogEvent
 * @typedef {Content & { partition: number, offset: number }} Message
 * @typedef {{ consumer: string, org: string, seq: number, event: string }} Entry
 * @typedef {{ consumer: string, org: string, stream: string, version: number }} Heard
 * @typedef {{ requests: Request[], events: LogEvent[], messages: Message[] | null, entries: Entry[], heard: Heard[] }} History
 *   `messages` is null where a run has no topic at all
 * @typedef {{ rule: string, what: string }} Violation
 */

const content = { texts: ['id', 'org', 'stream', 'type', 'at'], counts: ['version', 'typeVersion'] };

/** @type {Record<string, { into: string, texts: string[], counts: string[] }>} */
const kinds = {
  request: { into: 'requests', texts: ['mark', 'outcome'], counts: [] },
  event: { into: 'events', texts: [...content.texts, 'mark'], counts: content.counts },
  message: { into: 'messages', texts: content.texts, counts: [...content.counts, 'partition', 'offset'] },
  entry: { into: 'entries', texts: ['consumer', 'org', 'event'], counts: ['seq'] },
  heard: { into: 'heard', texts: ['consumer', 'org', 'stream'], counts: ['version'] },
};

/**
 * A line that cannot be read stops everything: half a history proves nothing.
 * @param {readonly string[]} lines @param {boolean} [topic] @returns {History}
 */
export function readHistory(lines, topic = true) {
  /** @type {Record<string, unknown[]>} */
  const history = { requests: [], events: [], messages: [], entries: [], heard: [] };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const { into, record } = parsed(line, `line ${index + 1}`);
    history[into]?.push(record);
  }
  return /** @type {History} */ (
    /** @type {unknown} */ ({ ...history, messages: topic ? history.messages : null })
  );
}

/** @param {string} line @param {string} where */
function parsed(line, where) {
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    throw new Error(`${where}: not JSON`);
  }
  const kind = Object.hasOwn(kinds, String(record?.kind)) ? kinds[record.kind] : undefined;
  if (!kind) throw new Error(`${where}: no kind of record is called ${JSON.stringify(record?.kind)}`);
  const wrong = wrongField(record, kind);
  if (wrong) throw new Error(`${where}: ${record.kind} with a wrong ${wrong}`);
  return { into: kind.into, record };
}

/** @param {Record<string, unknown>} record @param {{ texts: string[], counts: string[] }} kind */
function wrongField(record, { texts, counts }) {
  if (record.kind === 'request' && !['acknowledged', 'refused', 'unknown'].includes(String(record.outcome)))
    return 'outcome';
  if (record.kind === 'request' && !(Number(record.from) <= Number(record.to))) return 'time';
  if (texts.includes('at')) {
    const whole = ['data', 'meta'].find(
      (field) => typeof record[field] !== 'object' || record[field] === null,
    );
    if (whole) return whole;
    if (record.position !== null && !Number.isSafeInteger(record.position)) return 'position';
  }
  const text = texts.find((field) => typeof record[field] !== 'string' || record[field] === '');
  return text ?? counts.find((field) => !Number.isSafeInteger(record[field]));
}
