import { apiAt, type Api } from './api.js';

/** The product under test, as the tier has started it; these files do not know in which mode. */
export async function product(): Promise<Api> {
  const { TIDEMARK_API_URL: url, TIDEMARK_OPERATOR_TOKEN: token } = process.env;
  if (!url || !token)
    throw new Error('Nothing to test: TIDEMARK_API_URL and TIDEMARK_OPERATOR_TOKEN name a running product.');
  return apiAt(url, token);
}
