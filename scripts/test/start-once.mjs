// Starts one backing service and stops it again: node start-once.mjs kafka
// So a test never waits for a download, and what cannot run here is known before the tests.
// On stdout: the reason why it cannot run, or nothing.
import { rm } from 'node:fs/promises';
import { BackingMissing, chromiumProgram, provide, temporaryDir } from '@tidemark/backing';

const [kind] = process.argv.slice(2);
const dataDir = temporaryDir(`try-${kind}`);
try {
  if (kind === 'chromium') await chromiumProgram({ env: process.env });
  else await provide(kind, { env: process.env, dataDir }).then((service) => service.stop());
} catch (error) {
  if (!(error instanceof BackingMissing)) throw error;
  process.stdout.write(error.reason);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
