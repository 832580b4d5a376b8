import { askSocket } from '../process/ask-socket.js';

const findCoordinator = 10;

/**
 * Whether the broker takes part in consumer groups: by a FindCoordinator request (version 0), which is answered well
 * only when the broker is registered, and the topic of offsets exists and has a leader. Earlier a broker accepts
 * connections but says "not available" to the first consumers. By hand, because the Kafka client belongs to
 * libs/transport.
 */
export async function kafkaAnswers(port: number, host?: string): Promise<boolean> {
  return (await coordinatorHost(port, host)) !== undefined;
}

/** Where the broker sends its consumer groups: to the host that it tells its clients; undefined if there is none yet. */
export async function coordinatorHost(port: number, host?: string): Promise<string | undefined> {
  const answer = await askSocket(port, request(findCoordinator, 0, text('tidemark')), isWhole, host);
  if (answer?.readInt16BE(headerLength) !== 0) return undefined;
  const at = headerLength + 2 + 4; // error code, node id
  return answer.subarray(at + 2, at + 2 + answer.readInt16BE(at)).toString();
}

const headerLength = 8; // length of the rest, correlation id

const isWhole = (answer: Buffer): boolean =>
  answer.length >= headerLength + 2 && answer.length >= 4 + answer.readInt32BE(0);

function request(key: number, version: number, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeInt16BE(key, 0);
  header.writeInt16BE(version, 2);
  header.writeInt32BE(1, 4); // correlation id
  const message = Buffer.concat([header, text('tidemark-backing'), body]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(message.length);
  return Buffer.concat([length, message]);
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeInt16BE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(value)]);
}
