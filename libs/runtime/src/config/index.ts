export * from './configs.js';
export {
  loadConfig,
  optional,
  printable,
  required,
  withDefault,
  type ConfigOf,
  type Environment,
} from './load-config.js';
export { environment } from './environment.js';
export { isLoopback, staysHere } from './loopback.js';
export type { RegistrationPolicy } from './variables.js';
