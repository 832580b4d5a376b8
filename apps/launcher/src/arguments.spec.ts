import { replicasFrom, UsageError } from './arguments.js';

const one = { orgs: 1, branches: 1, snapshots: 1, audit: 1, gateway: 1 };

describe('--replicas', () => {
  it('is one of each when nothing is said', () => expect(replicasFrom([])).toEqual(one));

  it.each([['--replicas', 'gateway=2'], ['--replicas=gateway=2']])('takes %p %p', (...args) =>
    expect(replicasFrom(args.filter(Boolean))).toEqual({ ...one, gateway: 2 }),
  );

  it('takes several in either way', () => {
    expect(replicasFrom(['--replicas', 'gateway=2', 'orgs=3'])).toEqual({ ...one, gateway: 2, orgs: 3 });
    expect(replicasFrom(['--replicas', 'gateway=2', '--replicas', 'orgs=3'])).toEqual({
      ...one,
      gateway: 2,
      orgs: 3,
    });
  });

  it.each(['gateway', 'gateway=0', 'gateway=10', 'gateway=x', 'kafka=2', 'constructor=2'])(
    'refuses %p',
    (text) => {
      expect(() => replicasFrom(['--replicas', text])).toThrow(UsageError);
    },
  );

  it('refuses an option that it does not know', () => {
    expect(() => replicasFrom(['--replica', 'gateway=2'])).toThrow(UsageError);
  });
});
