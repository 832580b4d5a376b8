export { hearingOptions, openingOptions, processOptions } from './app/from-config.js';
export { runMain, type Closable } from './app/run-main.js';
export { HINTS, LOGGER, RuntimeModule, type ProcessParts } from './app/runtime.module.js';
export { startService, type Service, type ServiceOptions } from './app/start-service.js';
export { serviceLife, type Living } from './app/service-life.js';
export * from './config/index.js';
export * from './database/index.js';
export { asDomainError } from './errors/as-domain-error.js';
export { bodyOf, refusalOf } from './errors/refusal.js';
export { inputPipe } from './errors/input.pipe.js';
export { quoted } from './errors/quote.js';
export { codeOf, isError, messageOf } from './errors-of.js';
export { databaseCheck } from './health/database-check.js';
export { Health, type HealthCheck, type Readiness } from './health/health.js';
export { type HintListener, type Hints } from './hints/hints.js';
export { MemoryHints } from './hints/memory-hints.js';
export { RedisHints } from './hints/redis-hints.js';
export type { HttpLimits } from './http/service-adapter.js';
export { createLogger, logLevels, type LogLevel, type LogOptions } from './logging/create-logger.js';
export * from './logging/logger.js';
export { keyRing, newKeyRing, readKeyRing, type KeyRing } from './keys/key-ring.js';
export { Metrics } from './metrics/metrics.js';
export {
  currentRequestId,
  newRequestId,
  requestIdOf,
  withRequestId,
} from './request-context/request-context.js';
export * from './start-error.js';
