import { crc32c } from '@tidemark/blob-store';
import { freshDatabase, seededRandom, type TestDatabase } from '@tidemark/testing';
import {
  aBlob,
  aSnapshot,
  docsOf,
  startTestService,
  type Client,
  type TestService,
} from '../test/service.js';

const MUTATIONS = 100;

interface Row {
  readonly id: string;
  readonly pack: string;
  readonly start: number;
  readonly length: number;
}

/** A file with pushed blobs of one pack, and how its rows and bytes can be got at. */
interface Target {
  readonly client: Client;
  readonly ids: readonly string[];
}

describe('what is damaged or swapped (R9)', () => {
  let database: TestDatabase;
  let service: TestService;
  beforeAll(async () => {
    database = await freshDatabase();
    service = await startTestService(database);
  });
  afterAll(() => service.close());

  async function pushed(client: Client): Promise<Target> {
    const blobs = Array.from({ length: 5 }, (_, i) => aBlob(undefined, 50 + i * 40));
    await client.put(blobs);
    await service.hear(await client.push([aSnapshot(docsOf(blobs))]));
    return { client, ids: blobs.map(({ id }) => id) };
  }

  const rowOf = async ({ client }: Target, id: string): Promise<Row> =>
    (
      await database.asOwner<Row>(
        `select encode(id, 'hex') as id, pack, start::int, length from snapshots.blobs
         where incarnation = $1 and id = decode($2, 'hex')`,
        [client.incarnation, id],
      )
    )[0]!;

  /** As somebody would who can write to the store and knows its checksums, but not its keys. */
  async function replace(target: Target, id: string, row: Row, record: Buffer): Promise<void> {
    const pack = service.packs.packs.get(row.pack)!;
    const changed = Buffer.concat([
      pack.subarray(0, row.start),
      record,
      pack.subarray(row.start + row.length),
    ]);
    service.packs.packs.set(row.pack, changed);
    await database.asOwner(
      `update snapshots.blobs set crc32c = $3, length = $4 where incarnation = $1 and id = decode($2, 'hex')`,
      [target.client.incarnation, id, crc32c(record), record.length],
    );
  }

  const recordIn = ({ pack, start, length }: Row): Buffer =>
    Buffer.from(service.packs.packs.get(pack)!.subarray(start, start + length));

  it('is refused with INTEGRITY, always, and the rest goes on being served', async () => {
    const random = seededRandom();
    const org = service.file();
    const kinds: Record<string, (mine: Target, id: string, row: Row) => Promise<void>> = {
      'a bit, checksum kept': async (_mine, _id, row) => {
        const pack = service.packs.packs.get(row.pack)!;
        pack[row.start + random.below(row.length)]! ^= 1 << random.below(8);
      },
      'a bit, checksum corrected': async (mine, id, row) => {
        const record = recordIn(row);
        record[random.below(record.length)]! ^= 1 << random.below(8);
        await replace(mine, id, row, record);
      },
      'the pack cut': async (_mine, _id, row) => {
        const pack = service.packs.packs.get(row.pack)!;
        service.packs.packs.set(row.pack, pack.subarray(0, row.start + random.below(row.length)));
      },
      'the record cut': async (mine, id, row) => {
        const record = recordIn(row);
        await replace(mine, id, row, record.subarray(0, random.below(record.length)));
      },
      'the pack gone': async (_mine, _id, row) => {
        service.packs.packs.delete(row.pack);
      },
      'swapped within the file': async (mine, id, row) => {
        const other = await rowOf(
          mine,
          mine.ids.find((one) => one !== id)!,
        );
        await replace(mine, id, row, recordIn(other));
      },
      'swapped with another file': async (mine, id, row) => {
        const other = await pushed(mine.client.elsewhere());
        await replace(mine, id, row, recordIn(await rowOf(other, other.ids[random.below(5)]!)));
      },
      'swapped with another tenant': async (mine, id, row) => {
        const other = await pushed(service.file());
        await replace(mine, id, row, recordIn(await rowOf(other, other.ids[random.below(5)]!)));
      },
      'the index row of another document': async (mine, id) => {
        const other = await rowOf(
          mine,
          mine.ids.find((one) => one !== id)!,
        );
        await database.asOwner(
          `update snapshots.blobs b set pack = o.pack, start = o.start, length = o.length, crc32c = o.crc32c
           from snapshots.blobs o where o.incarnation = $1 and o.id = decode($3, 'hex')
             and b.incarnation = $1 and b.id = decode($2, 'hex')`,
          [mine.client.incarnation, id, other.id],
        );
      },
      'the key of another file': async (mine) => {
        const other = await pushed(mine.client.elsewhere());
        // Neither is remembered any more once both wrappings are exchanged and read by a service that starts anew.
        await database.asOwner(
          `update snapshots.data_keys k set wrapped = o.wrapped from snapshots.data_keys o
           where k.incarnation = $1 and o.incarnation = $2`,
          [mine.client.incarnation, other.client.incarnation],
        );
        service.forgetKeys();
      },
    };
    const names = Object.keys(kinds);
    const untouched = await pushed(org.elsewhere());
    let refused = 0;
    const served: string[] = [];
    for (let i = 0; i < MUTATIONS; i++) {
      const mine = await pushed(org.elsewhere());
      const id = mine.ids[random.below(5)]!;
      const kind = names[i % names.length]!;
      await kinds[kind]!(mine, id, await rowOf(mine, id));
      const outcome = await mine.client.blobs([id]).then(
        () => 'served',
        (error: { code: string }) => error.code,
      );
      if (outcome === 'INTEGRITY') refused++;
      else served.push(`${kind}: ${outcome}`);
    }
    expect(await untouched.client.blobs(untouched.ids)).toHaveLength(5);
    console.log(`GATE R9 mutations=${MUTATIONS} refused=${refused} seed=${random.seed}`);
    expect(served).toEqual([]);
  });

  it('is refused too where snapshots are kept: every column and every byte of a chain', async () => {
    const random = seededRandom();
    const columns = ['hash', 'parent', 'base', 'head', 'body'];
    let refused = 0;
    const served: string[] = [];
    for (let i = 0; i < 40; i++) {
      const me = service.file();
      const blobs = Array.from({ length: 12 }, () => aBlob());
      await me.put(blobs);
      const first = aSnapshot(docsOf(blobs));
      const second = aSnapshot(docsOf(blobs.slice(0, 11)), { parent: first.id });
      await service.hear(await me.push([first, second]));
      const column = columns[i % columns.length]!;
      const of = column === 'base' || random.below(2) === 1 ? second : first;
      const [row] = await database.asOwner<{ bytes: Buffer }>(
        `select ${column} as bytes from snapshots.snapshots where incarnation = $1 and id = decode($2, 'hex')`,
        [me.incarnation, of.id],
      );
      const bytes = Buffer.from(row!.bytes);
      bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
      await database.asOwner(
        `update snapshots.snapshots set ${column} = $3 where incarnation = $1 and id = decode($2, 'hex')`,
        [me.incarnation, of.id, bytes],
      );
      const outcome = await me.snapshots([second.id]).then(
        ([snapshot]) =>
          JSON.stringify(snapshot!.state) === JSON.stringify(second.state) ? 'right' : 'wrong',
        (error: { code: string }) => error.code,
      );
      if (outcome === 'INTEGRITY') refused++;
      else if (outcome !== 'right')
        served.push(`${column} of ${of === first ? 'first' : 'second'}: ${outcome}`);
    }
    expect(served).toEqual([]);
    expect(refused).toBeGreaterThan(20);
  });
});
