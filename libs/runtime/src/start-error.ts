/** Why a process could not start, and the exit code that says so to scripts. */
export const exitCodes = { configuration: 2, taken: 3, damaged: 4, 'disk full': 5 } as const;

export type StartFailure = keyof typeof exitCodes;

/** Ends a start with one clear line on stderr; its message is that line. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    readonly failure: StartFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get exitCode(): number {
    return exitCodes[this.failure];
  }
}
