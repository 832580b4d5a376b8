import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { KnownRequest } from './known-request.js';

/** Who asks, as the guard found out. */
export const Actor = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<KnownRequest>().actor,
);
