export interface TestServer {
  readonly url: string;
  /** To be called once by each who asked; the last one stops a server that was started here. */
  release(): Promise<void>;
}

/** The real Postgres that tests of this file share. */
export async function postgresServer(): Promise<TestServer> {
  const url = process.env['TIDEMARK_TEST_POSTGRES_URL'];
  if (url) return { url, release: async () => undefined };
  throw new Error('Set TIDEMARK_TEST_POSTGRES_URL to the superuser of a Postgres for tests.');
}
