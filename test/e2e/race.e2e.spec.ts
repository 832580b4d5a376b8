import { randomBytes } from 'node:crypto';
import { snapshotId } from '@tidemark/e2ee';
import { HISTORY_CONFLICT, operations, type InsomniaDoor, type StateEntry } from '@tidemark/device';
import { contents, person, request, rootOf, shared, type Person } from './support/people.js';
import { Wire } from './support/wire.js';

const ROUNDS = 200;
const CONFLICT = `Failed to query snapshotsPush: ${HISTORY_CONFLICT}`;

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** The server cannot tell it from a document. */
const sealed = () => ({
  id: hex(20),
  content: JSON.stringify({ iv: hex(12), t: hex(16), ad: '', d: hex(40) }),
});

describe('two devices that push at the same moment', () => {
  let ada: Person;
  beforeEach(async () => (ada = await person()));

  it('have exactly one winner each time, and the loser has changed nothing', async () => {
    const devices = [await ada.device(), await ada.device()];
    const doors = devices.map((device) => ada.door(device));
    const [file] = await shared(ada, 'Race', devices[0]!);
    const projectId = file!.id;
    const ask = doors[0]!;
    const first = (await file!.history()).at(-1)!;
    const blobs = Array.from({ length: 2 * ROUNDS }, sealed);
    for (let from = 0; from < blobs.length; from += 200)
      await ask.query(operations.blobsCreate, { projectId, blobs: blobs.slice(from, from + 200) });

    const snapshot = (parent: string, blob: string, name: string) => {
      const state: StateEntry[] = [...first.state, { key: 'req_race', blob, name }];
      const ids = state.map((entry) => entry.blob);
      const id = snapshotId(projectId, parent, ids);
      return { id, parent, created: first.created, author: '', name, description: '', state };
    };
    const push = (door: InsomniaDoor, pushed: ReturnType<typeof snapshot>) =>
      door.query(operations.snapshotsPush, { projectId, branchName: 'master', snapshots: [pushed] });

    const [won, losers]: [number[], string[]] = [[0, 0], []];
    let [winners, texts, wrongHeads] = [0, 0, 0];
    let list = (await file!.history()).map(({ id }) => id);
    for (let round = 0; round < ROUNDS; round++) {
      const pushed = [0, 1].map((side) =>
        snapshot(list.at(-1)!, blobs[2 * round + side]!.id, `Round ${round}, ${side}`),
      );
      const results = await Promise.allSettled(pushed.map((each, side) => push(doors[side]!, each)));
      const winner = results.findIndex(({ status }) => status === 'fulfilled');
      const lost = results.filter((result) => result.status === 'rejected');
      winners += results.length - lost.length;
      won[winner]!++;
      texts += lost.filter(({ reason }) => (reason as Error).message === CONFLICT).length;
      losers.push(pushed[1 - winner]!.id);
      const remote = await ask.query(operations.branch, { projectId, branch: 'master' });
      list = [...list, pushed[winner]!.id];
      if (remote!.snapshots.join() !== list.join()) wrongHeads++;
    }
    const read = await Promise.allSettled(
      losers.map((id) => ask.query(operations.snapshots, { projectId, ids: [id] })),
    );
    const halfWritten = wrongHeads + read.filter(({ status }) => status === 'fulfilled').length;
    console.log(
      `GATE R4 rounds=${ROUNDS} winners=${winners} first=${won[0]} second=${won[1]} texts=${texts} half-written=${halfWritten}`,
    );
    expect({ winners, texts, halfWritten }).toEqual({ winners: ROUNDS, texts: ROUNDS, halfWritten: 0 });
  });

  it('end with the same documents once the loser has pulled', async () => {
    const wires = [new Wire(), new Wire()];
    const devices = await Promise.all(wires.map(({ fetch }) => ada.device({ fetch })));
    const files = await shared(ada, 'Race of devices', ...devices);
    const root = await rootOf(files[0]!);
    for (let round = 1; round <= 5; round++) {
      for (const [place, file] of files.entries()) {
        await file.put(request(place + 2, `Round ${round} by ${place}`, root));
        await file.commit(`Round ${round} by ${place}`);
      }
      const meet = meeting(2);
      for (const wire of wires) wire.before = ({ label }) => (label === 'snapshotsPush' ? meet() : undefined);
      const results = await Promise.allSettled(files.map((file) => file.push()));
      for (const wire of wires) wire.before = () => undefined;
      const loser = results.findIndex(({ status }) => status === 'rejected');
      expect(results[loser]).toMatchObject({ reason: { message: CONFLICT } });
      await files[loser]!.pull();
      await files[loser]!.push();
      await files[1 - loser]!.pull();
      expect(await contents(files[0]!)).toEqual(await contents(files[1]!));
    }
  });
});

/** Lets nobody through before all are there. */
function meeting(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let waiting = 0;
  return () => {
    if (++waiting === count) open();
    return gate;
  };
}
