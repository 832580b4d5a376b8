export * from './requests/index.js';
export * from './events/index.js';
export type { HearingOthers, OpeningOptions, Publishing } from './service/opening.js';
export { serveService, type OpenedService, type ServingOptions } from './service/serve-service.js';
export { ServiceKafka, type ServiceKafkaOptions } from './service/service-kafka.js';
