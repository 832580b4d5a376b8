import { remedyOf } from './remedies.js';

export interface DeviceErrorOptions extends ErrorOptions {
  readonly requestId?: string;
  /** The call that was refused, as it is labelled on the wire. */
  readonly label?: string;
  readonly status?: number;
  readonly details?: readonly unknown[];
}

/** What went wrong in words for a person: code, text, what to do about it, and the request that a server log knows. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly text: string;
  readonly remedy: string;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly details: readonly unknown[];

  constructor(
    readonly code: string,
    text: string,
    options: DeviceErrorOptions = {},
  ) {
    super(options.label === undefined ? text : `Failed to query ${options.label}: ${text}`, options);
    this.text = text;
    this.remedy = remedyOf(code);
    this.requestId = options.requestId;
    this.status = options.status;
    this.details = options.details ?? [];
  }
}

/** The request may or may not have been done: only asking again tells. */
export const isUnknownOutcome = (error: unknown): boolean =>
  error instanceof DeviceError && (error.code === 'NOT_CONNECTED' || error.code === 'TIMEOUT');

export const asDeviceError = (error: unknown): DeviceError =>
  error instanceof DeviceError
    ? error
    : new DeviceError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
