import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KafkaFiles {
  properties: string;
  logging: string;
}

export interface KafkaAddress {
  host: string;
  broker: number;
  controller: number;
}

/** One node that is broker and controller. What it is not asked to be is durable against loss of the machine. */
export function writeConfig(
  dataDir: string,
  at: KafkaAddress,
  data: string,
  settings: Record<string, string>,
): KafkaFiles {
  const properties = join(dataDir, 'server.properties');
  const logging = join(dataDir, 'log4j2.xml');
  const all = { ...ourSettings, ...settings, ...places(at, data) };
  writeFileSync(
    properties,
    Object.entries(all)
      .map((pair) => `${pair.join('=')}\n`)
      .join(''),
  );
  writeFileSync(logging, log4j2);
  return { properties, logging };
}

const places = ({ host, broker, controller }: KafkaAddress, data: string): Record<string, string> => ({
  'log.dirs': data.replaceAll('\\', '/'),
  listeners: `PLAINTEXT://${host}:${broker},CONTROLLER://127.0.0.1:${controller}`,
  'advertised.listeners': `PLAINTEXT://${host}:${broker}`,
  'controller.quorum.voters': `1@127.0.0.1:${controller}`,
});

const ourSettings: Record<string, string> = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'auto.create.topics.enable': 'false',
  'message.max.bytes': String(2 * 1024 * 1024),
  'replica.fetch.max.bytes': String(2 * 1024 * 1024),
  // Internal topics on the one node there is, with few partitions: they are opened at each start.
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  // A group starts with its first member, and notices a killed one as soon as the member allows.
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  // A broker that was killed may come back at once, not only when its session is over.
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '500',
  'initial.broker.registration.timeout.ms': '60000',
  // Small, for a heap of 256 MB.
  'log.cleaner.dedupe.buffer.size': String(8 * 1024 * 1024),
  'log.index.size.max.bytes': String(1024 * 1024),
  'num.network.threads': '2',
  'num.io.threads': '4',
};

const log4j2 = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN" shutdownHook="disable">
  <Appenders>
    <Console name="out" target="SYSTEM_OUT"><PatternLayout pattern="%d{ISO8601} %p %c{1} %m%n"/></Console>
  </Appenders>
  <Loggers>
    <Root level="WARN"><AppenderRef ref="out"/></Root>
    <Logger name="kafka.server.KafkaRaftServer" level="INFO"/>
    <Logger name="org.apache.kafka.clients" level="ERROR"/>
  </Loggers>
</Configuration>
`;
