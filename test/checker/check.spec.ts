import { badHistories } from './bad-histories.js';
import { check } from './check.mjs';
import { goodHistory, request } from './history.builder.js';
import { readHistory, type History } from './history.mjs';

type Whole = ReturnType<typeof goodHistory>;

const rulesBroken = (history: History) => [...new Set(check(history).map(({ rule }) => rule))].sort();

const goodOnes: [string, (history: Whole) => void][] = [
  ['everything once', () => undefined],
  [
    'batches sent again',
    ({ messages }) => messages.push(...messages.map((own) => ({ ...own, offset: own.offset + 6 }))),
  ],
  ['a repeat between first deliveries', ({ messages }) => messages.push({ ...messages[0]!, offset: 3.5 })],
  ['messages recorded in another order than they lie in', ({ messages }) => messages.reverse()],
  [
    'fields in another order',
    ({ messages }) => Object.assign(messages[0]!, { meta: reversed(messages[0]!.meta as object) }),
  ],
  ['an unknown end, made', ({ requests }) => Object.assign(requests[5]!, { outcome: 'unknown' })],
  [
    'an unknown end, not made',
    ({ requests }) => requests.push(request('change 7', 70, { outcome: 'unknown' })),
  ],
  ['a refusal', ({ requests }) => requests.push(request('change 7', 70, { outcome: 'refused' }))],
  [
    'an unknown end, made, whose repeat was refused',
    ({ requests }) => {
      Object.assign(requests[5]!, { outcome: 'unknown' });
      requests.push(request('change 6', 66, { outcome: 'refused' }));
    },
  ],
  [
    'an unknown end and an acknowledged repeat',
    ({ requests }) => requests.unshift(request('change 6', 1, { outcome: 'unknown' })),
  ],
  [
    'changes asked for at the same time, made in either order',
    ({ requests }) => {
      Object.assign(requests[3]!, { from: 40, to: 70 });
      Object.assign(requests[5]!, { from: 35, to: 69 });
    },
  ],
  [
    'streams of one organization heard in another order than they were made',
    ({ entries }) => {
      Object.assign(entries[2]!, { seq: 4 });
      Object.assign(entries[3]!, { seq: 2 });
      Object.assign(entries[5]!, { seq: 3 });
    },
  ],
  [
    'two consumers',
    (history) => {
      history.entries.push(...history.entries.map((entry) => ({ ...entry, consumer: 'mail' })));
      history.heard.push(...history.heard.map((heard) => ({ ...heard, consumer: 'mail' })));
    },
  ],
];

const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());

describe('the checker accepts', () => {
  it.each(goodOnes)('%s', (_, vary) => {
    const history = goodHistory();
    vary(history);
    expect(check(history)).toEqual([]);
  });

  it('a run without a topic', () => expect(check({ ...goodHistory(), messages: null })).toEqual([]));
});

describe('the checker rejects a history in which', () => {
  it.each(badHistories)('$name', ({ spoil, breaks }) => {
    const history = goodHistory();
    spoil(history);
    expect(rulesBroken(history)).toEqual([...breaks].sort());
  });

  it.each(['requests', 'events', 'messages', 'entries', 'heard'] as const)(
    'any one of the %s is missing',
    (kind) => {
      goodHistory()[kind].forEach((_, index) => {
        const history = goodHistory();
        history[kind].splice(index, 1);
        expect(check(history)).not.toEqual([]);
      });
    },
  );
});

describe('a history', () => {
  const lines = () =>
    Object.entries(goodHistory()).flatMap(([into, records]) =>
      records.map((record) => JSON.stringify({ kind: kindOf[into as keyof typeof kindOf], ...record })),
    );
  const kindOf = {
    requests: 'request',
    events: 'event',
    messages: 'message',
    entries: 'entry',
    heard: 'heard',
  };
  const fields = Object.keys(JSON.parse(lines().find((line) => line.includes('"event"'))!) as object);

  it('is read from lines of JSON, empty ones aside', () => {
    const history = readHistory(['', ...lines(), '']);
    expect(check(history)).toEqual([]);
    expect(history.messages).toHaveLength(6);
    expect(readHistory(lines(), false).messages).toBeNull();
  });

  it.each(['{"kind":"request"', 'null', '{"kind":"wish"}', '{"kind":"toString"}'])(
    'is not read with %s in it',
    (line) => {
      expect(() => readHistory([...lines(), line])).toThrow('line 28: ');
    },
  );

  it.each(fields)('is not read without %s', (field) => {
    const event = JSON.parse(lines().find((line) => line.includes('"kind":"event"'))!) as object;
    expect(() => readHistory([JSON.stringify({ ...event, [field]: undefined })])).toThrow('line 1: ');
  });

  it('is not read with an end that means nothing, or one before its beginning', () => {
    const good = { kind: 'request', ...request('change 1', 10) };
    expect(() => readHistory([JSON.stringify({ ...good, outcome: 'perhaps' })])).toThrow('wrong outcome');
    expect(() => readHistory([JSON.stringify({ ...good, to: 9 })])).toThrow('wrong time');
  });
});
