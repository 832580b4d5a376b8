import { packTaken } from './blob-store.js';
import { inOurWords } from './filesystem-errors.js';

const failed = (code: string) => Object.assign(new Error(`${code}: /srv/secret/place`), { code });

describe('what the system says of a folder', () => {
  it.each([
    ['ENOSPC', 'UNAVAILABLE', 'The disk is full. Nothing was saved. Try again in a moment.'],
    ['EDQUOT', 'UNAVAILABLE', 'The disk is full. Nothing was saved. Try again in a moment.'],
    ['ENOENT', 'INTEGRITY', 'What is stored is damaged.'],
    ['EIO', 'UNAVAILABLE', expect.not.stringContaining('secret')],
    ['EROFS', 'UNAVAILABLE', expect.not.stringContaining('secret')],
    ['EMFILE', 'UNAVAILABLE', expect.not.stringContaining('secret')],
  ])('%s is %s', (code, kind, message) => {
    expect(inOurWords(failed(code))).toMatchObject({ code: kind, message });
  });

  it('stays what it is when it is a refusal already, or a mistake of ours', () => {
    const [refusal, mistake] = [packTaken(), new TypeError('no function')];
    expect(inOurWords(refusal)).toBe(refusal);
    expect(inOurWords(mistake)).toBe(mistake);
  });
});
