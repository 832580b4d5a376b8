import { readdirSync, readFileSync } from 'node:fs';

// Of /proc/<pid>/stat, counted from the field behind the name of the program.
const PARENT = 1;
const OWN = [11, 12];
const ENDED_CHILDREN = [13, 14];

/** Linux counts in hundredths of a second on every platform that Node runs on. */
const TICK_MS = 10;

function stat(pid: number | 'self'): number[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return undefined; // it has ended, or this is not Linux
  }
}

const sum = (fields: readonly number[], which: readonly number[]): number =>
  which.reduce((total, field) => total + fields[field]!, 0) * TICK_MS;

/** User and system time of a process and of its children, ended ones included; NaN where /proc is missing. */
export function cpuMsOfFamily(pid: number): number {
  const own = stat(pid);
  if (!own) return NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => stat(Number(name)))
    .filter((fields) => fields?.[PARENT] === pid);
  const ofChildren = children.map((fields) => sum(fields!, OWN));
  return ofChildren.reduce((total, ms) => total + ms, sum(own, [...OWN, ...ENDED_CHILDREN]));
}

/** Of all children of this process that have ended and were waited for. */
export function cpuMsOfEndedChildren(): number {
  const own = stat('self');
  return own ? sum(own, ENDED_CHILDREN) : NaN;
}

/** Of all processors since the machine started, in hundredths of a second. */
function machine(): { busy: number; all: number } | undefined {
  try {
    const [, ...fields] = readFileSync('/proc/stat', 'latin1').split('\n')[0]!.split(/\s+/);
    const [user, nice, system, idle, wait, ...interrupts] = fields.slice(0, 7).map(Number);
    const busy = [user!, nice!, system!, ...interrupts].reduce((total, one) => total + one, 0);
    return { busy, all: busy + idle! + wait! };
  } catch {
    return undefined;
  }
}

/** What all other processes used of the machine while this one was at work, as a share; NaN where /proc is missing. */
export async function othersShare<T>(work: () => Promise<T>): Promise<{ result: T; share: number }> {
  const [before, own] = [machine(), process.cpuUsage()];
  const result = await work();
  const [after, used] = [machine(), process.cpuUsage(own)];
  if (!before || !after) return { result, share: NaN };
  const ours = (used.user + used.system) / 1_000 / TICK_MS;
  return { result, share: Math.max(0, (after.busy - before.busy - ours) / (after.all - before.all)) };
}
