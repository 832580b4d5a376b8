import { newOrgId, newSessionId } from '@tidemark/contracts';
import { openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { auditSchema } from '../audit.schema.js';
import { keepPlace, placeOf } from './place.query.js';

describe('the place of a session in an organization, on a real Postgres', () => {
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await freshDatabase();
    const { appUrl } = await database.migrated(auditSchema);
    db = openDatabase({ url: appUrl, name: 'test', max: 8, logger: silentLogger });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it('is nowhere at first, and kept from then on', async () => {
    const pair = { org: newOrgId(), session: newSessionId() };
    expect(await placeOf(db, pair)).toEqual({ seq: null });
    await keepPlace(db, { ...pair, seq: 0 });
    expect(await placeOf(db, pair)).toEqual({ seq: 0 });
    await keepPlace(db, { ...pair, seq: 7 });
    expect(await placeOf(db, pair)).toEqual({ seq: 7 });
  });

  it('never goes back, whichever of several streams is closed last', async () => {
    const pair = { org: newOrgId(), session: newSessionId() };
    await Promise.all([3, 9, 4, 1].map((seq) => keepPlace(db, { ...pair, seq })));
    expect(await placeOf(db, pair)).toEqual({ seq: 9 });
  });

  it('is that of this session here, and of no other and nowhere else', async () => {
    const pair = { org: newOrgId(), session: newSessionId() };
    await keepPlace(db, { ...pair, seq: 5 });
    expect(await placeOf(db, { ...pair, session: newSessionId() })).toEqual({ seq: null });
    expect(await placeOf(db, { ...pair, org: newOrgId() })).toEqual({ seq: null });
  });

  it('is forgotten once no session can come back to it', async () => {
    const [org, old, young] = [newOrgId(), newSessionId(), newSessionId()];
    await keepPlace(db, { org, session: old, seq: 5 });
    await keepPlace(db, { org, session: young, seq: 5 });
    await database.asOwner(`update audit.places set at = now() - interval '400 days' where session = $1`, [
      old,
    ]);
    await keepPlace(db, { org, session: newSessionId(), seq: 6 });
    expect(await placeOf(db, { org, session: old })).toEqual({ seq: null });
    expect(await placeOf(db, { org, session: young })).toEqual({ seq: 5 });
  });
});
