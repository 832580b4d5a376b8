import type { ClaimedSnapshot } from '@tidemark/contracts';
import { freshDatabase, seededRandom, type TestDatabase } from '@tidemark/testing';
import { aBlob, aSnapshot, startTestService, type Doc, type TestService } from '../test/service.js';

const [SNAPSHOTS, DOCUMENTS, PER_CALL] = [300, 100, 100];

interface Kept {
  readonly bytes: number;
  readonly frames: number;
  readonly deepest: number;
}

describe('a long history of a large file', () => {
  let database: TestDatabase;
  let service: TestService;
  beforeAll(async () => {
    database = await freshDatabase();
    service = await startTestService(database);
  });
  afterAll(() => service.close());

  it('takes room for what changed, not for what is there, and each snapshot comes back exactly', async () => {
    const me = service.file();
    const random = seededRandom();
    const blobs = Array.from({ length: DOCUMENTS + SNAPSHOTS }, () => aBlob(undefined, 10));
    await me.put(blobs);
    let docs: readonly Doc[] = blobs
      .slice(0, DOCUMENTS)
      .map(({ id }, i) => [`req_${id.slice(8)}`, id, `GET the thing number ${i}`]);
    const history: ClaimedSnapshot[] = [];
    for (let i = 0; i < SNAPSHOTS; i++) {
      const at = random.below(DOCUMENTS);
      const [key, , name] = docs[at]!;
      docs = docs.with(at, [key, blobs[DOCUMENTS + i]!.id, name]);
      history.push(aSnapshot(docs, { ...(i > 0 && { parent: history[i - 1]!.id }), name: `Change ${i}` }));
    }
    for (let i = 0; i < SNAPSHOTS; i += PER_CALL)
      await service.hear(await me.push(history.slice(i, i + PER_CALL)));

    const [kept] = await database.asOwner<Kept & Record<string, unknown>>(
      `select sum(length(head) + length(body) + length(fresh) + 2 * 20 + 2 * 32)::int as bytes,
         (count(*) filter (where base is null))::int as frames, max(depth) as deepest from snapshots.snapshots`,
    );
    const writtenOut = JSON.stringify(history[0]!.state).length;
    console.log(
      `${SNAPSHOTS} snapshots of ${DOCUMENTS} documents: ${kept!.bytes} bytes, ${kept!.frames} written out; as JSON ${writtenOut * SNAPSHOTS}`,
    );
    expect(kept).toMatchObject({ frames: 2, deepest: 255 });
    expect(kept!.bytes).toBeLessThan(writtenOut * 12);

    const some = random.shuffled(history).slice(0, 20);
    expect(await me.snapshots(some.map(({ id }) => id))).toMatchObject(some);
  });
});
