import { StageTokens, STAGE_TOKEN_LIFETIME_S } from './stage-tokens.js';

const key = Buffer.alloc(32, 7);
const claims = {
  org: `org_${'1'.repeat(32)}`,
  incarnation: `inc_${'2'.repeat(32)}`,
  account: `acct_${'3'.repeat(32)}`,
  records: [{ id: '4'.repeat(40), hash: '5'.repeat(64) }],
  title: 'Räder',
};
const NOW = 1_700_000_000_000;
const at = (now: number) => new StageTokens(key, () => now);

describe('a stage token', () => {
  it('says what was sealed, and until when', () => {
    expect(at(NOW).open(at(NOW).seal(claims))).toEqual({
      ...claims,
      exp: NOW / 1000 + STAGE_TOKEN_LIFETIME_S,
    });
  });

  it('lives one hour', () => {
    const token = at(NOW).seal(claims);
    expect(at(NOW + 3_599_000).open(token)).toBeDefined();
    expect(at(NOW + 3_600_000).open(token)).toBeUndefined();
  });

  it('is worthless with any character changed, cut or added', () => {
    const token = at(NOW).seal(claims);
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === 'A' ? 'Q' : 'A';
      expect(at(NOW).open(`${token.slice(0, i)}${other}${token.slice(i + 1)}`)).toBeUndefined();
      expect(at(NOW).open(token.slice(0, i))).toBeUndefined();
    }
    for (const more of ['.', 'A', '.A']) expect(at(NOW).open(token + more)).toBeUndefined();
    expect(at(NOW).open('..')).toBeUndefined();
  });

  it('is worthless under another key', () => {
    expect(new StageTokens(Buffer.alloc(32, 8), () => NOW).open(at(NOW).seal(claims))).toBeUndefined();
  });
});
