import type { Fetch } from '@tidemark/device';

export interface Call {
  readonly label: string;
  readonly variables: Record<string, unknown>;
}

const callOf = (url: string, init: RequestInit): Call => {
  const { pathname, search } = new URL(url);
  const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {};
  return pathname === '/graphql'
    ? { label: search.slice(1), variables: body['variables'] as Record<string, unknown> }
    : { label: `${init.method ?? 'GET'} ${pathname}`, variables: body };
};

/** The line between one device and the product: it remembers what went over it, and a test can hold it or cut it. */
export class Wire {
  readonly calls: Call[] = [];
  /** Before a request leaves; what it throws is what a device sees of a line that is down. */
  before: (call: Call) => Promise<void> | void = () => undefined;

  readonly fetch: Fetch = async (url, init) => {
    const call = callOf(url, init);
    await this.before(call);
    this.calls.push(call);
    return fetch(url, init);
  };

  labels(): string[] {
    return this.calls.map(({ label }) => label);
  }

  sent(label: string): Call[] {
    return this.calls.filter((call) => call.label === label);
  }

  forget(): void {
    this.calls.length = 0;
  }
}

export const lineDown = (): never => {
  throw new TypeError('fetch failed');
};
