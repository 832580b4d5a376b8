// Decides from what clients pushed and read whether branches kept what they promise:
//
//   node test/checker/check-branches.mjs FILE.ndjson…
//
// Exit 0: nothing wrong; 1: violations, one line each; 2: the history cannot be read or is empty.
import { readFileSync } from 'node:fs';
import { readBranchHistory } from './branch-history.mjs';
import { checkBranches, countBranches } from './branch-check.mjs';

function main() {
  const lines = process.argv.slice(2).flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const history = readBranchHistory(lines);
  const counts = countBranches(history);
  if (counts.acknowledged === 0 || counts.reads === 0) throw new Error('there is nothing to check');
  const violations = checkBranches(history);
  for (const { rule, what } of violations) console.log(`violation ${rule}: ${what}`);
  const counted = Object.entries(counts).map(([kind, count]) => `${kind}=${count}`);
  console.log(`checked ${counted.join(' ')} violations=${violations.length}`);
  return violations.length > 0 ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`cannot check: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
