import { UsageError } from './usage-error.js';

/** Far above what anybody types: more is a mistaken file. */
const MOST = 10_000;

/** Secrets come on standard input, a line each: on the command line everybody on the machine could read them. */
export async function secretLines(
  { passphraseStdin }: { readonly passphraseStdin?: boolean },
  wanted: readonly string[],
): Promise<string[]> {
  if (!passphraseStdin)
    throw new UsageError('Say --passphrase-stdin and give the passphrase on standard input.');
  const lines = (await standardInput()).split(/\r?\n/);
  return wanted.map((what, place) => {
    const line = lines[place];
    if (line === undefined || line === '')
      throw new UsageError(
        `Standard input must hold the ${wanted.join(', then the ')}: the ${what} is missing.`,
      );
    return line;
  });
}

async function standardInput(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > MOST) throw new UsageError('Standard input holds more than a passphrase.');
  }
  return text;
}
