import {
  derivedUuid,
  eventTopics,
  newProjectId,
  projectDeleted,
  type RecordedEvent,
} from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import { listFiles } from '../file/file.query.js';
import { BranchesOnPostgres, Someone } from '../../test/branches-on-postgres.js';
import { reactionsOn } from './reactions-on.js';

let on: BranchesOnPostgres;
beforeAll(async () => (on = await BranchesOnPostgres.on(await freshDatabase())));
afterAll(() => on.stop());

const deletion = ({ org, account }: Someone, project: string): RecordedEvent => ({
  ...projectDeleted({ project }),
  org,
  stream: `project-${project}`,
  version: 2,
  id: derivedUuid(org, project),
  meta: { account, requestId: 'request-9', command: derivedUuid('delete', project) },
  at: '2026-01-02T03:04:05.678Z',
});
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const archivings = async (org: string) =>
  on.test.asOwner<{ account: string; request_id: string; command: string }>(
    `select c.account, c.request_id, c.command from branches.events e join branches.commits c using (org, command)
     where e.org = $1 and e.type = 'FileArchived'`,
    [org],
  );

describe('when a project is deleted', () => {
  it('all its files are archived, in the name of who deleted it, and no others', async () => {
    const me = new Someone(on);
    const [gone, kept] = [newProjectId(), newProjectId()];
    for (const _ of upTo(3)) await me.create({ project: gone });
    const other = await me.create({ project: kept });
    const stranger = new Someone(on);
    const foreign = await stranger.create({ project: gone });
    await on.reaction.hear([deletion(me, gone)]);
    expect(await listFiles(on.db, { org: me.org })).toEqual([other]);
    expect(await listFiles(on.db, { org: stranger.org })).toEqual([foreign]);
    const commits = await archivings(me.org);
    expect(commits).toHaveLength(3);
    for (const commit of commits)
      expect(commit).toMatchObject({ account: me.account, request_id: 'request-9' });
  });

  it('and heard of again, nothing more happens', async () => {
    const me = new Someone(on);
    const project = newProjectId();
    await me.create({ project });
    const event = deletion(me, project);
    await Promise.all([on.reaction.hear([event]), on.reaction.hear([event])]);
    const before = await archivings(me.org);
    await on.reaction.hear([event]);
    expect(await archivings(me.org)).toEqual(before);
    expect(before).toHaveLength(1);
  });

  it('its files may come again in another project, and never in this one', async () => {
    const me = new Someone(on);
    const [gone, next] = [newProjectId(), newProjectId()];
    const { file } = await me.create({ project: gone });
    await on.reaction.hear([deletion(me, gone)]);
    await expect(me.create({ project: gone })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await me.create({ project: next, file })).toMatchObject({ file, project: next });
  });

  it('a file that has moved on before the news of it came stays where it is', async () => {
    const me = new Someone(on);
    const [gone, next] = [newProjectId(), newProjectId()];
    const left = await me.create({ project: gone });
    await on.files.archive({ ...left, command: derivedUuid('archive', left.incarnation) }, me.actor);
    const moved = await me.create({ project: next, file: left.file });
    await on.reaction.hear([deletion(me, gone)]);
    expect(await listFiles(on.db, { org: me.org })).toEqual([moved]);
    expect(await archivings(me.org)).toHaveLength(1);
  });

  it('none of those that are being created at that moment is left', async () => {
    const me = new Someone(on);
    const project = newProjectId();
    const creations = upTo(24).map(() => me.create({ project }));
    const [made] = await Promise.all([
      Promise.allSettled(creations),
      on.reaction.hear([deletion(me, project)]),
    ]);
    expect(await listFiles(on.db, { org: me.org })).toEqual([]);
    const created = made.filter(({ status }) => status === 'fulfilled').length;
    expect(await archivings(me.org)).toHaveLength(created);
  });

  it('a hundred files cost as many statements as one, and more come in bounded transactions', async () => {
    const counted = async (files: number) => {
      const me = new Someone(on);
      const project = newProjectId();
      await Promise.all(upTo(files).map(() => me.create({ project })));
      const statements = await on.statements(() => on.reaction.hear([deletion(me, project)]));
      expect(await listFiles(on.db, { org: me.org })).toEqual([]);
      return statements;
    };
    const one = await counted(1);
    expect(await counted(99)).toBe(one);
    // Three batches of a hundred at most.
    expect(await counted(250)).toBe(1 + 3 * (one - 1));
  });

  it('it can be heard by a program beside the service as well', async () => {
    const me = new Someone(on);
    const project = newProjectId();
    await me.create({ project });
    const hear = reactionsOn(on.db)[eventTopics.orgs]!;
    await on.db.tx({ tenant: me.org }, (tx) => hear([deletion(me, project)], tx));
    expect(await listFiles(on.db, { org: me.org })).toEqual([]);
  });

  it('other events leave everything as it is', async () => {
    const me = new Someone(on);
    const project = newProjectId();
    const file = await me.create({ project });
    await on.reaction.hear([{ ...deletion(me, project), type: 'ProjectRenamed' }]);
    expect(await listFiles(on.db, { org: me.org })).toEqual([file]);
  });
});
