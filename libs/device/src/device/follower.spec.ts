import { Devices, names, request } from '../../test/devices.js';
import type { Device } from './device.js';
import type { DeviceFile } from './device-file.js';

const until = async (satisfied: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await satisfied())) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('a device that follows the stream', () => {
  let all: Devices;
  let [one, other]: Device[] = [];
  let [mine, theirs]: DeviceFile[] = [];
  beforeEach(async () => {
    all = new Devices();
    [one, other] = [await all.device(), await all.device()];
    [mine, theirs] = await all.shared(one, other);
  });

  const change = async (file: DeviceFile, name: string) => {
    await file.put(request(2, name));
    await file.commit(name);
    await file.push();
    all.server.send({
      type: 'FileChanged',
      team: all.server.org,
      project: all.server.project,
      file: file.id,
    });
  };
  const has = (name: string) => async () => (await names(mine!)).includes(name);

  it('brings what changed, passes over what it cannot read, and comes back when the stream breaks', async () => {
    const follower = one!.follow(all.server.org, { againMs: 1 });
    await follower.opened;
    await change(theirs!, 'Heard');
    await until(has('Heard'));

    all.server.send({ type: 'SomethingNew' });
    all.server.breakStreams();
    await until(() => all.server.openStreams === 1);
    await change(theirs!, 'Heard after a break');
    await until(has('Heard after a break'));
    await follower.stop();
    expect(all.server.openStreams).toBe(0);
  });

  it('brings what happened while no stream was open', async () => {
    await theirs!.put(request(2, 'Before'));
    await theirs!.commit('Before');
    await theirs!.push();
    const follower = one!.follow(all.server.org);
    await until(has('Before'));
    await until(() => one!.state.is === 'synced');
    await follower.stop();
  });

  it('asks again from time to time', async () => {
    const follower = one!.follow(all.server.org, { pollMs: 5 });
    await follower.opened;
    await follower.idle();
    await theirs!.put(request(2, 'Unheard'));
    await theirs!.commit('Unheard');
    await theirs!.push();
    await until(has('Unheard'));
    await follower.stop();
  });

  it('brings a file that is new, and pushes what is committed here', async () => {
    const follower = one!.follow(all.server.org);
    await follower.opened;
    const [fresh] = await all.shared(other!);
    all.server.send({
      type: 'FileChanged',
      team: all.server.org,
      project: all.server.project,
      file: fresh!.id,
      branch: 'master',
    });
    await until(async () => (await one!.files()).some(({ id }) => id === fresh!.id));
    await mine!.put(request(5, 'Committed'));
    await mine!.commit('Committed');
    await change(theirs!, 'Theirs');
    await until(() => one!.state.is === 'synced');
    await theirs!.pull();
    expect(await names(theirs!)).toContain('Committed');
    await follower.stop();
  });

  it('leaves a file that was archived elsewhere, and says so', async () => {
    const follower = one!.follow(all.server.org);
    await follower.opened;
    await theirs!.archive();
    all.server.send({
      type: 'FileDeleted',
      team: all.server.org,
      project: all.server.project,
      file: mine!.id,
    });
    await until(() => mine!.state.is === 'error');
    expect(mine!.state).toMatchObject({ code: 'NOT_FOUND' });
    expect(all.server.files.size).toBe(0);
    await follower.stop();
  });

  it('stops with its session', async () => {
    const follower = one!.follow(all.server.org, { againMs: 1 });
    await follower.opened;
    all.server.endSession('ada-1');
    all.server.breakStreams();
    await until(() => one!.state.is === 'offline');
    expect(one!.state).toMatchObject({ why: 'not signed in' });
    await follower.stop();
  });
});
