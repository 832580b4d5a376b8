import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestContext } from '../server/request-context.js';

/** The actor of the request at hand, as its sender signed it. */
export const Actor = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToRpc().getContext<RequestContext>().actor,
);
