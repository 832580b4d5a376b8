import { writeSync } from 'node:fs';
import { environment } from '../config/environment.js';

const [, wanted = '', nth = '1'] =
  /^([\w.-]+)(?::(\d+))?$/.exec(environment()['TIDEMARK_FAILPOINT'] ?? '') ?? [];
let passings = 0;

/** Ends this process at once, unasked and unannounced, when it passes the place that TIDEMARK_FAILPOINT names. */
export function failpoint(name: string): void {
  if (name !== wanted || ++passings !== Number(nth)) return;
  // For whoever counts which places were met.
  writeSync(2, `FAILPOINT ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
}
