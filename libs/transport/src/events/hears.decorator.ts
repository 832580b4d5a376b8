import { Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { EventHandler } from '../inbox/handler.js';

/** Handlers with this mark belong to the `EventsServer`, whatever other transports an application has. */
export const EVENTS = Symbol('tidemark events');

/** Nest would replace what a handler throws with "Internal server error"; the inbox wants to know what it was. */
@Catch()
class PassOn implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** How Nest knows a method that hears: several consumers may share one application, and each hears for itself. */
export const hearingPattern = (consumer: string, source: string): string => `${consumer} hears ${source}`;

/**
 * Marks a controller's method with which a consumer hears a source: `@Hears('audit', 'orgs.events')`. It is called with
 * events of one organization, in order, and with the transaction in which they count as heard.
 */
export const Hears =
  (consumer: string, source: string) =>
  <Handler extends EventHandler>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    (EventPattern(hearingPattern(consumer, source), EVENTS) as MethodDecorator)(target, key, descriptor);
    UseFilters(PassOn)(target, key, descriptor);
  };
