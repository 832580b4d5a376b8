import { afterAll, beforeAll, beforeEach, describe, it } from '@jest/globals';
import { prepare, requestsContract } from './requests.contract.js';
import { inProcess, overHttp, type Subject } from './subject.js';

describe.each([
  ['in process', () => inProcess()],
  ['over HTTP', () => overHttp()],
])('requests %s', (_, start) => {
  let subject: Subject;

  beforeAll(async () => {
    subject = await start();
  });
  afterAll(() => subject.close());
  beforeEach(() => prepare(subject));

  it.each(requestsContract)('$name', ({ run }) => run(subject));
});
