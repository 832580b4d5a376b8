import { DomainError } from '@tidemark/contracts';
import { bodyOf, refusalOf } from './refusal.js';

const refusal = refusalOf(new DomainError('TOO_LARGE', 'The request is larger than 64 MiB.'));
const plain = { error: 'TOO_LARGE', message: 'The request is larger than 64 MiB.', requestId: 'r1' };

describe('the body of a refusal', () => {
  it.each(['/graphql', '/graphql?createProject', '/graphql/'])('has both forms at %s', (url) => {
    const extensions = { code: 'TOO_LARGE', status: 413, requestId: 'r1' };
    expect(bodyOf(refusal, 'r1', url)).toEqual({
      ...plain,
      data: null,
      errors: [{ message: plain.message, extensions }],
    });
  });

  it('says what newer apps show below /v3, without what stood in the query', () => {
    expect(bodyOf(refusal, 'r1', '/v3/users/me?sessionId=secret')).toEqual({
      ...plain,
      status: 413,
      title: 'Payload Too Large',
      detail: plain.message,
      instance: '/v3/users/me',
    });
  });

  it.each(['/', '/graphqls', '/v1/v3/x', '/api/v1/organizations', ''])('is plain at %p', (url) => {
    expect(bodyOf(refusal, 'r1', url)).toEqual(plain);
  });
});
