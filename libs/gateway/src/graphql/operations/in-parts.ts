import { DomainError } from '@tidemark/contracts';

/**
 * A reply between services holds only so much, and the app asks for fifty documents whatever their size. Part after part, so that
 * whoever takes them can stop.
 */
export async function* inParts<Id, Item>(
  ids: readonly Id[],
  ask: (some: readonly Id[]) => Promise<readonly Item[]>,
): AsyncGenerator<readonly Item[]> {
  const half = ids.length >> 1;
  const all = await ask(ids).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === 'TOO_LARGE' && half > 0) return undefined;
    throw error;
  });
  if (all) yield all;
  else for (const some of [ids.slice(0, half), ids.slice(half)]) yield* inParts(some, ask);
}
