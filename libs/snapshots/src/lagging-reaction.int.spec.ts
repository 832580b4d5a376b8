import type { ClaimedSnapshot, RecordedEvent, SealedBlob } from '@tidemark/contracts';
import { freshDatabase, seededRandom } from '@tidemark/testing';
import {
  aBlob,
  aSnapshot,
  docsOf,
  startTestService,
  type Client,
  type TestService,
} from '../test/service.js';

const [FILES, READS] = [4, 300];

/** A file, what was acknowledged of it, and the contents that its snapshots were pushed with. */
interface File {
  readonly owner: Client;
  readonly rival: Client;
  readonly pushed: ClaimedSnapshot[];
  readonly blobs: Map<string, SealedBlob>;
  waiting: RecordedEvent[];
}

describe('while the reaction to pushes lags behind (R2)', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(await freshDatabase());
  });
  afterAll(() => service.close());

  const newFile = (): File => {
    const owner = service.file();
    return { owner, rival: owner.colleague(), pushed: [], blobs: new Map(), waiting: [] };
  };

  it('whatever was acknowledged is there, with the text and the documents of its push', async () => {
    const random = seededRandom();
    const files = Array.from({ length: FILES }, newFile);
    let reading = true;

    const push = async (file: File) => {
      const fresh = Array.from({ length: 1 + random.below(3) }, () => aBlob());
      const kept = [...file.blobs.values()].slice(0, 5);
      const parent = file.pushed.at(-1)?.id;
      const snapshot = aSnapshot(docsOf([...fresh, ...kept]), {
        ...(parent !== undefined && { parent }),
        name: `push ${file.pushed.length}`,
      });
      // The rival sends other contents under the same ids, and the same snapshot with another text.
      await file.rival.put(fresh.map(({ id }) => aBlob(id)));
      await file.rival.stage([{ ...snapshot, name: 'rival' }]);
      await file.owner.put(fresh);
      file.waiting.push(await file.owner.push([snapshot]));
      for (const blob of fresh) file.blobs.set(blob.id, blob);
      file.pushed.push(snapshot);
    };
    const writer = async (file: File) => {
      while (reading) await push(file);
    };
    const reaction = async () => {
      while (reading) {
        const file = files[random.below(FILES)]!;
        const due = file.waiting.splice(0, random.below(4));
        if (due.length > 0) await service.hear(...due);
        else await new Promise((resolve) => setTimeout(resolve, random.below(20)));
      }
    };
    let [reads, dangling, changed] = [0, 0, 0];
    const reader = async () => {
      while (reading && reads < READS) {
        const file = files[random.below(FILES)]!;
        const pushed = file.pushed.slice(-1 - random.below(6));
        if (pushed.length === 0) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          continue;
        }
        reads++;
        const who = random.below(2) === 0 ? file.rival : file.owner.colleague();
        try {
          const snapshots = await who.snapshots(pushed.map(({ id }) => id));
          if (snapshots.some(({ name }, i) => name !== pushed[i]!.name)) changed++;
          const ids = [...new Set(snapshots.flatMap(({ state }) => state.blobs))];
          for (const blob of await who.blobs(ids))
            if (Buffer.compare(blob.data, file.blobs.get(blob.id)!.data) !== 0) changed++;
        } catch {
          dangling++;
        }
      }
    };
    // Whoever fails ends it for all.
    const working = [...files.map(writer), reaction(), reaction()].map((work) =>
      work.finally(() => (reading = false)),
    );
    const worked = Promise.allSettled(working);
    await Promise.all([reader(), reader(), reader()]);
    reading = false;
    for (const outcome of await worked) expect(outcome).toMatchObject({ status: 'fulfilled' });
    const accepted = files.reduce((sum, { pushed }) => sum + pushed.length, 0);
    console.log(`${reads} reads of ${accepted} pushes, seed ${random.seed}`);
    expect({ dangling, changed, asked: service.branches.asked > 0 }).toEqual({
      dangling: 0,
      changed: 0,
      asked: true,
    });
  });
});
