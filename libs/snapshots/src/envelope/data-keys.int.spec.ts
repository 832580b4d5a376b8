import { randomBytes } from 'node:crypto';
import { newIncarnationId, newOrgId } from '@tidemark/contracts';
import { keyRing, openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import type { Place } from '../place.js';
import { snapshotsSchema } from '../snapshots.schema.js';
import { DataKeys } from './data-keys.js';

const [TENANTS, FILES] = [10, 100];
const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const ring = (current: string, keys: Record<string, string>) => keyRing(JSON.stringify({ current, keys }));
const before = ring('1', { 1: oldKey });
const during = ring('2', { 1: oldKey, 2: newKey });

describe('data keys on a real Postgres', () => {
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await freshDatabase();
    const { appUrl } = await database.migrated(snapshotsSchema);
    db = openDatabase({ url: appUrl, name: 'test', max: 8, logger: silentLogger });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  const place = (org: string = newOrgId()): Place => ({ org, incarnation: newIncarnationId() });
  const hexOf = async (keys: DataKeys, at: Place, version = 1) =>
    Buffer.from((await keys.versioned(at, version)).key).toString('hex');

  it('are one per life of a file, the same after a start, and never stored as they are (R28)', async () => {
    const places: Place[] = [];
    for (let tenant = 0; tenant < TENANTS; tenant++) {
      const org = newOrgId();
      for (let file = 0; file < FILES; file++) places.push(place(org));
    }
    const [made, again] = [new DataKeys(db, before), new DataKeys(db, before)];
    const keys = new Set<string>();
    let failed = 0;
    for (const at of places) {
      const key = Buffer.from((await made.current(at)).key).toString('hex');
      keys.add(key);
      if ((await hexOf(again, at)) !== key) failed++;
    }
    const rows = await database.asOwner<{ wrapped: string }>(
      `select encode(wrapped, 'hex') as wrapped from snapshots.data_keys`,
    );
    const bare = rows.filter(({ wrapped }) => [...keys].some((key) => wrapped.includes(key))).length;
    console.log(`GATE R28 keys=${keys.size} failed=${failed} bare=${bare}`);
    expect([keys.size, failed, bare]).toEqual([TENANTS * FILES, 0, 0]);
  });

  it('are made once, whoever comes at the same time', async () => {
    const at = place();
    const many = Array.from({ length: 8 }, () => new DataKeys(db, before));
    const made = await Promise.allSettled(many.map((keys) => keys.current(at)));
    const values = made.map((one) =>
      one.status === 'fulfilled' ? Buffer.from(one.value.key).toString('hex') : String(one.reason),
    );
    expect(new Set(values).size).toBe(1);
    expect(values[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('made under an older key of the ring are read as long as the ring holds it; new ones take the current', async () => {
    const [older, newer] = [place(), place()];
    const made = new DataKeys(db, before);
    await made.current(older);
    const keys = new DataKeys(db, during);
    expect(await hexOf(keys, older)).toBe(await hexOf(made, older));
    await keys.current(newer);
    const afterwards = new DataKeys(db, ring('2', { 2: newKey }));
    expect(await hexOf(afterwards, newer)).toBe(await hexOf(keys, newer));
    await expect(afterwards.versioned(older, 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('are INTEGRITY when they come from another file, another tenant, another ring, or never were', async () => {
    const made = new DataKeys(db, before);
    const [mine, sibling, foreign] = [place(), place(), place()];
    const near = place(mine.org);
    for (const at of [mine, sibling, foreign, near]) await made.current(at);
    const swapped = async (from: Place) => {
      await database.asOwner(
        `update snapshots.data_keys k set wrapped = o.wrapped from snapshots.data_keys o
         where k.incarnation = $1 and o.incarnation = $2`,
        [mine.incarnation, from.incarnation],
      );
      return new DataKeys(db, before).versioned(mine, 1);
    };
    const damaged = { code: 'INTEGRITY' };
    await expect(swapped(near)).rejects.toMatchObject(damaged);
    await expect(swapped(foreign)).rejects.toMatchObject(damaged);
    await expect(new DataKeys(db, ring('1', { 1: newKey })).versioned(sibling, 1)).rejects.toMatchObject(
      damaged,
    );
    await expect(made.versioned(sibling, 7)).rejects.toMatchObject(damaged);
  });
});
