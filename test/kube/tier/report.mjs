// What the tier says while it runs: one line for each check, with the layer that made it and the time it took.
import { outcome, seconds } from '../../../scripts/test/outcome.mjs';

const say = (text) => process.stdout.write(`${text}\n`);

const indented = (text) =>
  String(text)
    .trim()
    .split('\n')
    .slice(-40)
    .map((line) => `       ${line}`)
    .join('\n');

/** Without what this check was to bring about, the rest makes no sense. */
export class Hopeless extends Error {}

export class Report {
  passed = 0;
  failed = 0;

  /** True when it passed. What the work returns is said beside it. */
  async check(layer, what, work) {
    const begun = performance.now();
    try {
      const remark = await work();
      this.passed++;
      const took = seconds(performance.now() - begun);
      say(`ok   ${layer}: ${what}${remark ? `: ${remark}` : ''} (${took})`);
      return true;
    } catch (error) {
      this.failed++;
      say(`FAIL ${layer}: ${what} (${seconds(performance.now() - begun)})\n${indented(error.message)}`);
      return false;
    }
  }

  async must(layer, what, work) {
    if (!(await this.check(layer, what, work))) throw new Hopeless(`${layer}: ${what}`);
  }

  say(text) {
    say(`     ${text}`);
  }

  get outcome() {
    return outcome(this.passed, this.failed);
  }
}
