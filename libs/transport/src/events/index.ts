export { type Checkpoints, MemoryCheckpoints, PostgresCheckpoints } from './checkpoints.js';
export type { Delivery, WireMessage } from './delivery.js';
export { EventMetrics } from './event-metrics.js';
export type { EventSource, Listener, SourceState } from './event-source.js';
export { EventsServer, type EventsServerOptions } from './events-server.js';
export { Hearing, type HearingOptions } from './hearing.js';
export { EVENTS, Hears } from './hears.decorator.js';
export { LogSource, type LogSourceOptions } from './log-source.js';
export { StallWatch, type StallWatchOptions } from './stall-watch.js';
export type { Projection } from './projection/projection.js';
export {
  compareProjection,
  rebuildProjection,
  type Compared,
  type RebuildOptions,
} from './projection/rebuild.js';
export { fromWire, toWire } from './wire.js';
export type { EventHandler } from '../inbox/handler.js';
export { Inbox, type InboxOptions } from '../inbox/inbox.js';
export { inboxMigrations } from '../inbox/inbox.migrations.js';
export type { InboxStore, ParkedStream } from '../inbox/inbox-store.js';
export { MemoryInboxStore } from '../inbox/memory-inbox-store.js';
export { PostgresInboxStore } from '../inbox/postgres-inbox-store.js';
export type { Replayed } from '../inbox/replay.js';
export type { Retries } from '../inbox/retry.js';
export { openKafka } from '../kafka/kafka.js';
export { KafkaSource, type KafkaSourceOptions } from '../kafka/kafka-source.js';
export { readTopic, type TopicMessage } from '../kafka/read-topic.js';
export { ensureTopic, type TopicOptions } from '../kafka/topics.js';
export { Relay, type RelayOptions } from '../relay/relay.js';
export { relayMigrations } from '../relay/relay.migrations.js';
export { MemoryRelayState, PostgresRelayState, type RelayState } from '../relay/relay-state.js';
