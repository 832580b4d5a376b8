import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '@tidemark/contracts';
import { refused } from '../errors/as-domain-error.js';
import { refusalOf, written, type Refusal } from '../errors/refusal.js';
import { codeOf } from '../errors-of.js';
import { newRequestId } from '../request-context/request-context.js';
import type { Admission } from './admission.js';

/** Bytes that are no HTTP request never become one; their sender is told in the same form as everybody else. */
export const answerUnreadable =
  (admission: Admission) =>
  (error: Error, socket: Socket): void => {
    if (codeOf(error) === 'ECONNRESET' || !socket.writable || admission.halfAnswered(socket))
      socket.destroy();
    else answer(socket, refusalFor(codeOf(error)));
  };

/** A proxy's method: there is nothing to connect to. */
export const answerConnect = (socket: Socket): void =>
  answer(socket, refusalOf(refused('METHOD_NOT_ALLOWED'), { headers: { allow: 'GET, POST' } }));

function refusalFor(code: string): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return refusalOf(refused('HEADERS_TOO_LARGE'));
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return refusalOf(refused('TOO_LARGE'));
  if (code !== 'ERR_HTTP_REQUEST_TIMEOUT')
    return refusalOf(new DomainError('BAD_REQUEST', 'This is not a valid HTTP request.'));
  const slow = new DomainError(
    'TIMEOUT',
    'The request did not arrive in time. Nothing was saved. Send it again.',
  );
  return refusalOf(slow, { status: 408 });
}

function answer(socket: Socket, refusal: Refusal): void {
  const { headers, body } = written(refusal, newRequestId());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join('')}\r\n${body}`);
}
