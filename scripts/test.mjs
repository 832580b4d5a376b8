// `npm test`: every tier that this machine can run, one after the other; `npm test -- lint unit` runs some.
//   TIER <name> ran=<n>    or    TIER <name> MISSING <reason>
// and, last of all, `N passed, N failed`. In CI a missing tier is a failure.
import { prepare } from './prepare.mjs';
import { outcome, ran, seconds, sum, summary } from './test/outcome.mjs';
import { elsewhere, tiers } from './test/tiers.mjs';

const started = performance.now();
const say = (line) => process.stdout.write(`${line}\n`);

function chosenTiers(names) {
  const unknown = names.filter((name) => !tiers.some((tier) => tier.name === name));
  if (unknown.length > 0) throw new Error(`no such tier: ${unknown.join(', ')}`);
  return names.length > 0 ? tiers.filter(({ name }) => names.includes(name)) : tiers;
}

async function runTier({ name, missing, run }) {
  const reason = await missing();
  if (reason) {
    say(`TIER ${name} MISSING ${reason}`);
    return outcome(0, process.env.CI ? 1 : 0);
  }
  const begun = performance.now();
  const result = await run();
  say(`${name}: ${summary(result)} in ${seconds(performance.now() - begun)}`);
  say(`TIER ${name} ran=${ran(result)}`);
  return result;
}

async function runAll(names) {
  const chosen = chosenTiers(names);
  await prepare();
  const results = [];
  for (const tier of chosen) results.push(await runTier(tier));
  for (const { name, reason } of names.length > 0 ? [] : elsewhere) say(`TIER ${name} MISSING ${reason}`);
  return sum(results);
}

let total;
try {
  total = await runAll(process.argv.slice(2));
} catch (error) {
  say(`FAIL ${error.message}`);
  total = outcome(0, 1);
}
say(`TIME ${seconds(performance.now() - started)}`);
say(summary(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
