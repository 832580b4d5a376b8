// One line per test file; the whole story only for what failed. Tests may print lines of their own
// (`GATE …`), which come through as they are.
import { relative } from 'node:path';

const gate = /^(GATE|BENCH|COUNT) .*$/gm;

export default class BriefReporter {
  constructor(globalConfig) {
    this.root = globalConfig.rootDir;
  }

  onTestResult(test, result) {
    for (const entry of result.console ?? []) this.passOn(entry.message);
    const failed = result.testExecError || result.numFailingTests > 0;
    const seconds = ((result.perfStats.end - result.perfStats.start) / 1000).toFixed(1);
    const name = relative(this.root, test.path);
    process.stdout.write(
      `${failed ? 'FAIL' : 'ok  '} ${name} passed=${result.numPassingTests} failed=${result.numFailingTests} ${seconds}s\n`,
    );
    if (failed) this.explain(result);
  }

  passOn(message) {
    for (const [line] of message.matchAll(gate)) process.stdout.write(`${line}\n`);
  }

  explain(result) {
    process.stdout.write(`${result.failureMessage ?? ''}\n`);
    for (const { type, message } of result.console ?? []) process.stdout.write(`  [${type}] ${message}\n`);
  }
}
