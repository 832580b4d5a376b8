import { applyDecorators, Controller, UseFilters, UsePipes } from '@nestjs/common';
import { HandlerErrors } from './handler-errors.filter.js';
import { PayloadPipe } from './payload.pipe.js';

/**
 * A class whose `@MessagePattern` methods answer requests. It brings its pipe and its filter itself, because Nest does
 * not hand the application's own on to a connected transport unless asked to (nestjs/nest#4112).
 */
export const RequestHandlers = (): ClassDecorator =>
  applyDecorators(Controller(), UseFilters(HandlerErrors), UsePipes(PayloadPipe));
