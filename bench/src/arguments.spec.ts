import { parseArguments, UsageError } from './arguments.js';

const parse = (...args: string[]) => parseArguments(args, ['W6', 'W10']);

describe('the arguments', () => {
  it('name nothing: all benchmarks, no file', () => expect(parse()).toEqual({ names: [] }));

  it('name benchmarks, each once and in any case', () =>
    expect(parse('w10', 'W6', 'W10')).toEqual({ names: ['W10', 'W6'] }));

  it.each([[['--json', 'out.json', 'W10']], [['W10', '--json', 'out.json']], [['W10', '--json=out.json']]])(
    'take the file from %j',
    (args) => expect(parse(...args)).toEqual({ names: ['W10'], json: 'out.json' }),
  );

  it('answer an unknown name with the list', () =>
    expect(() => parse('W11')).toThrow(new UsageError('no benchmark W11; there is: W6 W10')));

  it.each([
    [['--json']],
    [['--json', '--json']],
    [['--json=']],
    [['--json', 'a', '--json', 'b']],
    [['--rounds']],
  ])('refuse %j', (args) => expect(() => parse(...args)).toThrow(UsageError));
});
