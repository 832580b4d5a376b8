import { event, goodHistory, messageOf, request } from './history.builder.js';

type Whole = ReturnType<typeof goodHistory>;

export interface BadHistory {
  name: string;
  /** Every rule that this history breaks, and no other. */
  breaks: string[];
  spoil: (history: Whole) => void;
}

const bad = (name: string, breaks: string[], spoil: BadHistory['spoil']): BadHistory => ({
  name,
  breaks,
  spoil,
});

function swap<T extends object>(a: T, b: T, ...fields: (keyof T)[]): void {
  for (const field of fields) [a[field], b[field]] = [b[field], a[field]];
}

/** Gives an event another place wherever it is written, so that only the log is at odds with itself. */
function move(history: Whole, index: number, place: { version?: number; position?: number | null }): void {
  Object.assign(history.events[index]!, place);
  Object.assign(history.messages[index]!, place);
  if (place.version !== undefined) history.requests[index]!.version = place.version;
}

const remember = (history: Whole, stream: string, version: number) =>
  Object.assign(
    history.heard.find((heard) => heard.stream === stream)!,
    { version },
  );

/** The last change vanishes without a trace, but for the client that asked for it. */
function lose(history: Whole): void {
  history.events.pop();
  history.messages.pop();
  history.entries.pop();
  remember(history, 'organization-a', 2);
}

/** One more event, in good order in the log, on the topic and with the consumer. */
function add(history: Whole, mark: string, org: string, stream: string, version: number): void {
  const extra = { ...event(7, org, stream, version), mark };
  const seq = history.entries.filter((entry) => entry.org === org).length + 1;
  history.events.push(extra);
  history.messages.push(messageOf(extra, 6));
  history.entries.push({ consumer: 'audit', org, seq, event: extra.id });
  history.heard = history.heard.filter((heard) => heard.stream !== stream);
  history.heard.push({ consumer: 'audit', org, stream, version });
}

const logs = [
  bad('a position is left out', ['position-missing'], (it) => move(it, 5, { position: 7 })),
  bad('a position is given twice', ['position-twice'], (it) => move(it, 5, { position: 5 })),
  bad('an event never gets a position', ['position-missing'], (it) => move(it, 5, { position: null })),
  bad('positions begin at zero', ['position-missing'], (it) =>
    it.events.forEach(({ position }, index) => move(it, index, { position: Number(position) - 1 })),
  ),
  bad('positions run against versions', ['position-against-version'], (it) => {
    move(it, 3, { position: 6 });
    move(it, 5, { position: 4 });
  }),
  bad('a stream begins with version 2', ['version-missing', 'first-delivery-out-of-order'], (it) => {
    move(it, 2, { version: 2 });
    remember(it, 'project-p', 2);
  }),
  bad('two writers got one version', ['version-twice'], (it) => {
    move(it, 5, { version: 2 });
    remember(it, 'organization-a', 2);
  }),
  bad(
    'two events share an id',
    ['event-id-twice', 'altered-on-topic', 'entry-missing', 'entry-twice'],
    (it) => {
      const { id } = it.events[3]!;
      it.events[5]!.id = id;
      it.messages[5]!.id = id;
      it.entries[5]!.event = id;
    },
  ),
];

const requests = [
  bad('an acknowledged change is lost', ['acknowledged-lost'], lose),
  bad('a change is lost that one of three tries acknowledged', ['acknowledged-lost'], (it) => {
    lose(it);
    it.requests.push(
      request('change 6', 66, { outcome: 'unknown' }),
      request('change 6', 72, { outcome: 'refused' }),
    );
  }),
  bad('a refused change is made', ['refused-applied'], (it) => (it.requests[5]!.outcome = 'refused')),
  bad('a repeated change is made again', ['change-twice', 'wrong-version'], (it) =>
    add(it, 'change 5', 'org_b', 'organization-b', 3),
  ),
  bad('a repeated creation makes a second organization', ['change-twice', 'wrong-organization'], (it) =>
    add(it, 'change 1', 'org_c', 'organization-c', 1),
  ),
  bad('a change is made that nobody asked for', ['nobody-asked'], (it) =>
    add(it, 'x', 'org_b', 'organization-b', 3),
  ),
  bad(
    'a change lands in another organization',
    ['wrong-organization'],
    (it) => (it.requests[5]!.org = 'org_b'),
  ),
  bad('a client was told another version', ['wrong-version'], (it) => (it.requests[5]!.version = 4)),
  bad('a later change stands before an acknowledged one', ['against-real-time'], (it) => {
    delete it.requests[3]!.version;
    delete it.requests[5]!.version;
    swap(it.requests[3]!, it.requests[5]!, 'from', 'to');
  }),
];

const topics = [
  bad('the topic is empty', ['not-on-topic'], (it) => (it.messages.length = 0)),
  bad('the last event of a stream never reaches the topic', ['not-on-topic'], (it) => it.messages.pop()),
  bad(
    'an event inside a stream never reaches the topic',
    ['not-on-topic', 'first-delivery-out-of-order'],
    (it) => it.messages.splice(3, 1),
  ),
  bad('the topic has what was rolled back', ['not-in-log'], (it) =>
    it.messages.push(messageOf(event(7, 'org_b', 'organization-b', 3), 6)),
  ),
  bad(
    'a message lost a field of its data',
    ['altered-on-topic'],
    (it) => (it.messages[5]!.data = { name: 'change 6' }),
  ),
  bad('a message carries another position', ['altered-on-topic'], (it) => (it.messages[5]!.position = 7)),
  bad('a message names another organization', ['altered-on-topic', 'first-delivery-out-of-order'], (it) =>
    Object.assign(it.messages[5]!, { org: 'org_b' }),
  ),
  bad('a repeat says something else than the first time', ['altered-on-topic'], (it) =>
    it.messages.push({ ...it.messages[5]!, offset: 6, at: '2027-01-01T00:00:00.000Z' }),
  ),
  bad('two messages of a stream are swapped', ['first-delivery-out-of-order'], (it) =>
    swap(it.messages[3]!, it.messages[5]!, 'offset'),
  ),
  bad('a version overtakes another and is repeated in order', ['first-delivery-out-of-order'], (it) =>
    it.messages.push({ ...it.messages[5]!, offset: 2.5 }),
  ),
  bad('a stream wanders to another partition', ['stream-on-two-partitions'], (it) =>
    it.messages.push({ ...it.messages[0]!, partition: 1, offset: 6 }),
  ),
];

const consumers = [
  bad('nobody heard anything', ['entry-missing', 'heard-wrong'], (it) => {
    it.entries = [];
    it.heard = [];
  }),
  bad('a consumer misses the last event', ['entry-missing'], (it) => it.entries.pop()),
  bad('a consumer misses one and closes the gap', ['entry-missing'], (it) => {
    it.entries.splice(0, 1);
    for (const entry of it.entries) if (entry.org === 'org_a') entry.seq -= 1;
  }),
  bad('a second consumer misses an event', ['entry-missing'], (it) => {
    it.heard.push(...it.heard.map((heard) => ({ ...heard, consumer: 'mail' })));
    it.entries.push(...it.entries.slice(0, 5).map((entry) => ({ ...entry, consumer: 'mail' })));
  }),
  bad('an event is heard twice', ['entry-twice'], (it) => it.entries.push({ ...it.entries[5]!, seq: 5 })),
  bad('an entry is made up', ['entry-without-event'], (it) =>
    it.entries.push({ consumer: 'audit', org: 'org_b', seq: 3, event: 'nothing' }),
  ),
  bad('an entry lands in another organization', ['entry-of-another-organization'], (it) =>
    Object.assign(it.entries[4]!, { org: 'org_c', seq: 1 }),
  ),
  bad('a number is left out', ['sequence-missing'], (it) => (it.entries[5]!.seq = 5)),
  bad('a number is given twice', ['sequence-twice'], (it) => (it.entries[5]!.seq = 3)),
  bad('a stream is heard in the wrong order', ['entries-out-of-order'], (it) =>
    swap(it.entries[3]!, it.entries[5]!, 'seq'),
  ),
  bad('a consumer forgot how far it was', ['heard-wrong'], (it) => remember(it, 'organization-a', 2)),
  bad('a consumer believes it is further than the log', ['heard-wrong'], (it) =>
    remember(it, 'organization-a', 4),
  ),
  bad('a consumer remembers a stream in two rows', ['heard-wrong'], (it) => it.heard.push(it.heard[0]!)),
  bad('a consumer remembers a stream that is not', ['heard-without-stream'], (it) =>
    it.heard.push({ consumer: 'audit', org: 'org_b', stream: 'organization-x', version: 1 }),
  ),
];

export const badHistories: BadHistory[] = [...logs, ...requests, ...topics, ...consumers];
