import { AtMost } from './at-most.js';

describe('a line', () => {
  const work = () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    return { promise, resolve, reject, begun: false };
  };

  it('lets two go on at once, and the next in turn when one ends, well or badly', async () => {
    const line = new AtMost(2);
    const all = Array.from({ length: 5 }, work);
    const results = all.map((one, n) =>
      line
        .run(() => {
          one.begun = true;
          return one.promise;
        })
        .catch((error: Error) => `${n}: ${error.message}`),
    );
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const begun = async () => settled().then(() => all.map((one) => one.begun));
    expect(await begun()).toEqual([true, true, false, false, false]);
    all[1]!.resolve('one');
    expect(await begun()).toEqual([true, true, true, false, false]);
    all[0]!.reject(new Error('bad'));
    all[2]!.resolve('two');
    expect(await begun()).toEqual([true, true, true, true, true]);
    all[3]!.resolve('three');
    all[4]!.resolve('four');
    expect(await Promise.all(results)).toEqual(['0: bad', 'one', 'two', 'three', 'four']);
    expect(await line.run(async () => 'free again')).toBe('free again');
  });
});
