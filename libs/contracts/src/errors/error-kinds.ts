/** What each code means over HTTP. A code is never reused and never changes its status. */
export const errorKinds = {
  BAD_REQUEST: { status: 400 },
  INVALID_JSON: { status: 400 },
  INVALID_INPUT: { status: 400 },
  INVALID_ID: { status: 400 },
  INVALID_CIPHERTEXT: { status: 400 },
  SNAPSHOT_ID_MISMATCH: { status: 400 },
  BRANCH_NAME_INVALID: { status: 400 },
  KEYS_INCOMPLETE: { status: 400 },
  GRAPHQL_PARSE_FAILED: { status: 400 },
  GRAPHQL_VALIDATION_FAILED: { status: 400 },
  QUERY_TOO_COMPLEX: { status: 400 },
  BATCHING_DISABLED: { status: 400 },
  INTROSPECTION_DISABLED: { status: 400 },
  CURSOR_INVALID: { status: 400 },
  UNAUTHORIZED: { status: 401 },
  INVALID_CREDENTIALS: { status: 401 },
  FORBIDDEN: { status: 403 },
  NOT_FOUND: { status: 404 },
  METHOD_NOT_ALLOWED: { status: 405 },
  NOT_ACCEPTABLE: { status: 406 },
  CONFLICT: { status: 409 },
  HISTORY_CONFLICT: { status: 409 },
  BLOBS_MISSING: { status: 409 },
  DEVICE_LIMIT: { status: 409 },
  TOO_LARGE: { status: 413 },
  URI_TOO_LONG: { status: 414 },
  UNSUPPORTED_MEDIA_TYPE: { status: 415 },
  MISDIRECTED: { status: 421 },
  IDEMPOTENCY_KEY_REUSED: { status: 422 },
  RATE_LIMITED: { status: 429, retryAfter: 1 },
  HEADERS_TOO_LARGE: { status: 431 },
  INTEGRITY: { status: 500 },
  INTERNAL: { status: 500 },
  UNAVAILABLE: { status: 503, retryAfter: 1 },
  TIMEOUT: { status: 504 },
} as const satisfies Record<string, { status: number; retryAfter?: number }>;

export type ErrorCode = keyof typeof errorKinds;

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorKinds, code);
