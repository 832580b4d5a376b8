import type { ServerResponse } from 'node:http';
import type { AuditEntry } from '@tidemark/contracts';
import { AppReader } from './app-reader.js';

const entry = (seq: number, action = 'file.archived') =>
  ({ seq, action, object: 'x', details: { project: 'p', file: 'f' } }) as AuditEntry;

/** A reader over a connection whose writes are done when the test says so. */
function readerAt(cursor: number) {
  const [sent, pending]: [string[], (() => void)[]] = [[], []];
  const response = {
    writableEnded: false,
    destroyed: false,
    writableLength: 0,
    write: (text: string, done: () => void) => {
      sent.push(text);
      pending.push(done);
    },
    destroy: () => (response.destroyed = true),
    end: () => (response.writableEnded = true),
  };
  let time = 0;
  const reader = new AppReader(
    { account: 'a', requestId: 'r' },
    response as unknown as ServerResponse,
    'org_x',
    cursor,
    async () => undefined,
    () => time,
  );
  return {
    reader,
    sent,
    response,
    at: (ms: number) => (time = ms),
    flush: () => pending.splice(0).forEach((done) => done()),
  };
}

describe('a stream of an app', () => {
  it('is sent plain data, each event once, and nothing for what means nothing to it', () => {
    const { reader, sent } = readerAt(1);
    for (const seq of [1, 2, 2, 3]) reader.tell(entry(seq, seq === 3 ? 'session.started' : undefined));
    expect(sent).toEqual([
      'data: {"topic":"teams/org_x","team":"org_x","type":"FileDeleted","project":"p","file":"f"}\n\n',
    ]);
    expect(reader.cursor).toBe(3);
  });

  it('has settled what was written 30 seconds ago', () => {
    const { reader, at } = readerAt(1);
    reader.tell(entry(2));
    at(10_000);
    reader.tell(entry(3));
    expect(reader.settled()).toBe(1);
    at(30_000);
    expect(reader.settled()).toBe(2);
    at(40_000);
    expect(reader.settled()).toBe(3);
  });

  it('once closed it has got as far as its bytes have left', () => {
    const { reader, flush } = readerAt(1);
    reader.tell(entry(2));
    expect(reader.left()).toBe(1);
    flush();
    expect(reader.left()).toBe(2);
    reader.tell(entry(3));
    reader.tell(entry(4, 'session.started'));
    expect(reader.left()).toBe(2);
    flush();
    expect(reader.left()).toBe(4);
  });

  it('is let go when it does not read', () => {
    const { reader, response } = readerAt(1);
    response.writableLength = 64 * 1024 + 1;
    reader.tell(entry(2));
    expect([reader.closed, reader.left()]).toEqual([true, 1]);
  });
});
