// `npm run test:kube`: the chart and the image on a real Kubernetes that this machine brings up for itself;
// `npm run test:kube -- static` only what needs no cluster. Says
//   TIER kube ran=<n>    or    TIER kube MISSING <reason>
// and, last of all, `N passed, N failed`. In CI a machine that cannot run it is a failure.
import { setup } from '../test/kube/tier/box.mjs';
import { prepare } from './prepare.mjs';
import { outcome, ran, seconds, summary } from './test/outcome.mjs';

const started = performance.now();
let missing = false;
const say = (line) => process.stdout.write(`${line}\n`);

async function runTier(args) {
  await prepare();
  const reason = await setup();
  if (reason) {
    say(`TIER kube MISSING ${reason}`);
    missing = true;
    return outcome(0, process.env.CI ? 1 : 0);
  }
  say(`     tools and cluster programs after ${seconds(performance.now() - started)}`);
  const { kubeTier } = await import('../test/kube/tier/tier.mjs');
  const result = await kubeTier({ onlyStatic: args.includes('static') });
  say(`TIER kube ran=${ran(result)}`);
  return result;
}

let total;
try {
  total = await runTier(process.argv.slice(2));
} catch (error) {
  say(`FAIL ${error.message}`);
  total = outcome(0, 1);
}
say(`TIME ${seconds(performance.now() - started)}`);
say(summary(total));
process.exitCode = total.failed > 0 || (total.passed === 0 && !missing) ? 1 : 0;
