import type { Reply } from './gateway.js';

/** What an operation answered; anything but a success fails the test. */
export const data = ({ status, body }: Reply): unknown => {
  expect({ status, errors: body['errors'] }).toEqual({ status: 200, errors: undefined });
  return body['data'];
};

/** The reply as it is written, with the request id of the examples. */
export const withoutId = ({ status, text, body }: Reply) => {
  const [error] = (body['errors'] ?? []) as [{ extensions: { requestId: string } }] | [];
  return { status, text: error ? text.replaceAll(error.extensions.requestId, 'a3f0c2d17b9e') : text };
};

/** Refused by an operation: 200, no data, this code. Its words. */
export const refusedWith = (reply: Reply, code: string): string => {
  expect(reply).toMatchObject({ status: 200, body: { data: null, errors: [{ extensions: { code } }] } });
  expect(reply.body).not.toHaveProperty('error');
  return (reply.body['errors'] as { message: string }[])[0]!.message;
};
