import { DomainError } from '@tidemark/contracts';
import { isError } from '@tidemark/runtime';
import type { RequestOptions, Requests } from '@tidemark/transport';

/** What came in from outside may be what cannot travel: half of a character, or nested without end. That is not a bug of ours. */
export class CheckedRequests implements Requests {
  constructor(private readonly requests: Requests) {}

  async send<Reply>(pattern: string, payload: unknown, options: RequestOptions): Promise<Reply> {
    try {
      return await this.requests.send<Reply>(pattern, payload, options);
    } catch (error) {
      if (isError(error) && error.name === 'WireFormatError')
        throw new DomainError(
          'INVALID_INPUT',
          'The input holds text that is not well-formed Unicode, or is nested too deep.',
        );
      throw error;
    }
  }
}
