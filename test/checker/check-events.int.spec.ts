import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goodHistory } from './history.builder.js';

const program = join(import.meta.dirname, 'check-events.mjs');
const folder = mkdtempSync(join(tmpdir(), 'checker-'));

function written(name: string, records: object[]): string {
  const file = join(folder, name);
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return file;
}

const tagged = (kind: string, records: object[]) => records.map((record) => ({ kind, ...record }));

function files(history: ReturnType<typeof goodHistory>): string[] {
  const { requests, events, messages, entries, heard } = history;
  return [
    written('log.ndjson', [...tagged('request', requests), ...tagged('event', events)]),
    written('heard.ndjson', [
      ...tagged('message', messages),
      ...tagged('entry', entries),
      ...tagged('heard', heard),
    ]),
  ];
}

const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

describe('check-events.mjs', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('exits with 0 and counts what it saw', () => {
    const { status, stdout } = run(...files(goodHistory()));
    expect(stdout).toBe('checked requests=6 events=6 messages=6 entries=6 heard=3 violations=0\n');
    expect(status).toBe(0);
  });

  it('exits with 1 and names what is wrong, one line each', () => {
    const history = goodHistory();
    history.messages.pop();
    const { status, stdout } = run(...files(history));
    expect(stdout).toMatch(/^violation not-on-topic: org_a organization-a: 3 .*\nchecked .* violations=1\n$/);
    expect(status).toBe(1);
  });

  it('leaves the topic out when told so', () => {
    const { status } = run('--without-topic', ...files({ ...goodHistory(), messages: [] }));
    expect(status).toBe(0);
  });

  it.each([
    ['nothing', []],
    ['a line that is not JSON', ['{']],
    ['no event at all', [JSON.stringify({ kind: 'request', mark: 'a', outcome: 'unknown', from: 0, to: 1 })]],
  ])('exits with 2 on a file with %s', (_, lines) => {
    const file = join(folder, 'useless.ndjson');
    writeFileSync(file, lines.join('\n'));
    const { status, stderr } = run(file);
    expect(stderr).toMatch(/^cannot check: .+\n$/);
    expect(status).toBe(2);
  });

  it('exits with 2 on a file that is not there', () => expect(run(join(folder, 'none')).status).toBe(2));
});
