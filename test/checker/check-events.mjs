// Decides from what a run left behind whether it kept its promises:
//
//   node test/checker/check-events.mjs [--without-topic] FILE.ndjson…
//
// Exit 0: nothing wrong; 1: violations, one line each; 2: the history cannot be read or is empty.
import { readFileSync } from 'node:fs';
import { check } from './check.mjs';
import { readHistory } from './history.mjs';

const args = process.argv.slice(2);
const files = args.filter((argument) => !argument.startsWith('--'));

function main() {
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const history = readHistory(lines, !args.includes('--without-topic'));
  if (history.requests.length === 0 || history.events.length === 0)
    throw new Error('there is nothing to check');
  const violations = check(history);
  for (const { rule, what } of violations) console.log(`violation ${rule}: ${what}`);
  const counts = Object.entries(history).map(([kind, records]) => `${kind}=${records?.length ?? 'none'}`);
  console.log(`checked ${counts.join(' ')} violations=${violations.length}`);
  return violations.length > 0 ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`cannot check: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
