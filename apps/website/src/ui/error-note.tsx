import { E2eeError } from '@tidemark/e2ee';
import { ApiError } from '../api/call.js';

const textOf = (error: unknown): string =>
  error instanceof ApiError || error instanceof E2eeError
    ? error.message
    : 'Something in this page went wrong. Load it again; if that does not help, tell whoever runs this server.';

/** Always there, so that screen readers notice when something comes to stand in it. */
export function ErrorNote({ error }: { error: unknown }) {
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <div role="alert" class="alert-place">
      {error === undefined ? null : (
        <div class="note bad" data-testid="error">
          <p>{textOf(error)}</p>
          {requestId ? (
            <p class="small">
              Request <code>{requestId}</code>
            </p>
          ) : null}
        </div>
      )}
    </div>
  );
}
