import { DeviceError } from '@tidemark/device';

/** What went wrong, for a person at a terminal. */
export const oneLine = (error: unknown): string =>
  (error instanceof DeviceError ? refusal(error) : error instanceof Error ? error.message : String(error))
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();

/** The request id is what a server's log knows it by; of a request that arrived nowhere it says nothing. */
const refusal = ({ code, text, remedy, requestId, status }: DeviceError): string =>
  `${text} ${remedy} (${code}${requestId && status !== undefined ? `, request ${requestId}` : ''})`;
