import { freshDatabase } from '@tidemark/testing';
import { aBlob, aSnapshot, docsOf, newHash, startTestService, type TestService } from '../test/service.js';

const absent = { code: 'NOT_FOUND', message: expect.stringContaining('invalid access') };

describe('an uploaded blob', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(await freshDatabase());
  });
  afterAll(() => service.close());

  it('is there for its uploader, and missing for everybody else, until a push names it', async () => {
    const [me, other] = [service.file(), service.file()];
    const colleague = me.colleague();
    const [blob, unknown] = [aBlob(), newHash()];
    await me.put([blob]);
    expect(await me.missing([blob.id, unknown, blob.id])).toEqual([unknown]);
    expect(await colleague.missing([blob.id])).toEqual([blob.id]);
    expect(await me.elsewhere().missing([blob.id])).toEqual([blob.id]);
    await expect(me.blobs([blob.id])).rejects.toMatchObject(absent);
    await service.hear(await me.push([aSnapshot(docsOf([blob]))]));
    expect(await colleague.missing([blob.id])).toEqual([]);
    expect(await colleague.blobs([blob.id])).toEqual([blob]);
    expect(await me.elsewhere().missing([blob.id])).toEqual([blob.id]);
    await expect(me.elsewhere().blobs([blob.id])).rejects.toMatchObject(absent);
    await expect(other.blobs([blob.id])).rejects.toMatchObject(absent);
  });

  it('may be sent again by its uploader: the last one counts', async () => {
    const me = service.file();
    const [first, last] = [aBlob(), aBlob()].map((blob) => ({ ...blob, id: '1'.repeat(40) }));
    await me.put([first!]);
    await me.put([first!, last!]);
    await service.hear(await me.push([aSnapshot(docsOf([last!]))]));
    expect(await me.blobs([last!.id])).toEqual([last]);
  });

  it('stays as it is once it is claimed, whoever sends it again', async () => {
    const me = service.file();
    const blob = aBlob();
    await me.put([blob]);
    await service.hear(await me.push([aSnapshot(docsOf([blob]))]));
    const packs = service.packs.packs.size;
    for (const client of [me, me.colleague()]) {
      await client.put([{ ...aBlob(), id: blob.id }]);
      expect(await client.missing([blob.id])).toEqual([]);
    }
    expect(service.packs.packs.size).toBe(packs);
    expect(await me.blobs([blob.id])).toEqual([blob]);
  });

  it('is claimed with what the pusher sent, not with the rubbish of somebody else', async () => {
    const me = service.file();
    const [rubbish, honest] = [aBlob(), aBlob()].map((blob) => ({ ...blob, id: '2'.repeat(40) }));
    const snapshot = aSnapshot(docsOf([honest!]));
    const stranger = me.colleague();
    await stranger.put([rubbish!]);
    await stranger.stage([snapshot]);
    expect(await me.missing([honest!.id])).toEqual([honest!.id]);
    await me.put([honest!]);
    await service.hear(await me.push([snapshot]));
    expect(await stranger.blobs([honest!.id])).toEqual([honest]);
    // A later push of the other upload finds the blob claimed.
    await service.hear(await stranger.push([aSnapshot(docsOf([honest!]), { parent: snapshot.id })]));
    expect(await me.blobs([honest!.id])).toEqual([honest]);
  });

  it('is not needed twice: a push that lost is repeated without another upload', async () => {
    const [me, packs] = [service.file(), service.packs.packs];
    const colleague = me.colleague();
    const [mine, theirs] = [aBlob(), aBlob()];
    await me.put([mine]);
    await colleague.put([theirs]);
    const won = aSnapshot(docsOf([theirs]));
    await me.stage([aSnapshot(docsOf([mine]))]);
    await service.hear(await colleague.push([won]));
    const before = packs.size;
    expect(await me.missing([mine.id, theirs.id])).toEqual([]);
    await service.hear(await me.push([aSnapshot(docsOf([theirs, mine]), { parent: won.id })]));
    expect(packs.size).toBe(before);
    expect(await colleague.blobs([mine.id, theirs.id])).toHaveLength(2);
  });

  it('is sealed under one key, also when a file’s first uploads come together', async () => {
    const me = service.file();
    const blobs = Array.from({ length: 8 }, () => aBlob());
    const uploads = blobs.map((blob) => me.put([blob]));
    for (const outcome of await Promise.allSettled(uploads)) expect(outcome.status).toBe('fulfilled');
    service.forgetKeys();
    await service.hear(await me.push([aSnapshot(docsOf(blobs))]));
    expect(await me.blobs(blobs.map(({ id }) => id))).toHaveLength(8);
  });
});

describe('an accepted snapshot', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(await freshDatabase());
  });
  afterAll(() => service.close());

  it('is the first one: the same id with another text is given back as it was accepted (O3)', async () => {
    const me = service.file();
    const blob = aBlob();
    await me.put([blob]);
    const first = aSnapshot(docsOf([blob]), { author: 'acct_first', name: 'first' });
    const second = { ...first, author: 'acct_second', name: 'second' };
    const staged = await me.stage([second]);
    expect(staged.snapshots).toMatchObject([second]);
    await service.hear(await me.push([first]));
    expect(await me.snapshots([first.id])).toMatchObject([first]);
    const again = await me.colleague().stage([second]);
    expect(again.snapshots).toMatchObject([first]);
    expect(service.tokens.open(again.token)!.records).toEqual([
      { id: first.id, hash: again.snapshots[0]!.hash },
    ]);
  });

  it('brings its blobs through whoever pushed it, when two had staged the very same', async () => {
    const me = service.file();
    const colleague = me.colleague();
    const [mine, theirs] = [aBlob(), aBlob()].map((blob) => ({ ...blob, id: '3'.repeat(40) }));
    const snapshot = aSnapshot(docsOf([mine!]));
    await me.put([mine!]);
    await colleague.put([theirs!]);
    await me.stage([snapshot]);
    await service.hear(await colleague.push([snapshot]));
    expect(await me.blobs([theirs!.id])).toEqual([theirs]);
  });

  it('is accepted once, heard however often, by whomever, in whatever order', async () => {
    const me = service.file();
    const blobs = Array.from({ length: 6 }, () => aBlob());
    await me.put(blobs);
    const events = [];
    let parent: string | undefined;
    for (const blob of blobs) {
      const snapshot = aSnapshot(docsOf([blob]), parent === undefined ? {} : { parent });
      events.push(await me.push([snapshot]));
      parent = snapshot.id;
    }
    const hearings = [...events, ...events.toReversed()].map((event) => service.hear(event));
    const reads = events.map(() => me.snapshots([parent!]));
    for (const outcome of await Promise.allSettled([...hearings, ...reads]))
      expect(outcome).toMatchObject({ status: 'fulfilled' });
    expect(await me.blobs(blobs.map(({ id }) => id))).toHaveLength(6);
  });

  it('is read although the parent that it is told in terms of was accepted with another text', async () => {
    const me = service.file();
    const colleague = me.colleague();
    const blobs = Array.from({ length: 20 }, () => aBlob());
    await me.put(blobs);
    const first = aSnapshot(docsOf(blobs), { name: 'mine' });
    const second = aSnapshot(docsOf(blobs.slice(1)), { parent: first.id });
    const staged = service.tokens.open((await me.stage([first, second])).token)!;
    await colleague.put(blobs);
    await service.hear(await colleague.push([{ ...first, name: 'theirs' }]));
    await service.hear(service.branches.append(staged));
    expect(await me.snapshots([second.id, first.id])).toMatchObject([second, { ...first, name: 'theirs' }]);
    expect(await me.blobs(blobs.map(({ id }) => id))).toHaveLength(20);
  });
});
