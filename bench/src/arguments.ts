export interface Arguments {
  /** As given, each once; empty means all. */
  readonly names: readonly string[];
  /** Where everything that was measured is written to. */
  readonly json?: string;
}

/** Not understood: the message is for whoever typed it, and the exit code is 2. */
export class UsageError extends Error {}

export function parseArguments(args: readonly string[], known: readonly string[]): Arguments {
  const names = new Set<string>();
  let json: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--json' || arg.startsWith('--json=')) {
      if (json !== undefined) throw new UsageError('--json is given twice');
      json = arg === '--json' ? args[++at] : arg.slice('--json='.length);
      if (!json || json.startsWith('--')) throw new UsageError('--json wants the name of a file');
    } else if (arg.startsWith('-')) throw new UsageError(`unknown option ${arg}`);
    else names.add(nameOf(arg, known));
  }
  return { names: [...names], ...(json === undefined ? {} : { json }) };
}

function nameOf(arg: string, known: readonly string[]): string {
  const name = known.find((one) => one.toLowerCase() === arg.toLowerCase());
  if (name === undefined) throw new UsageError(`no benchmark ${arg}; there is: ${known.join(' ')}`);
  return name;
}
