import { connect } from 'node:net';

/**
 * Sends a few bytes to a port, of this machine unless another host is named, and returns the first answer that `whole` is content with; undefined if
 * there is none within two seconds.
 */
export function askSocket(
  port: number,
  question: Buffer,
  whole: (answer: Buffer) => boolean,
  host = '127.0.0.1',
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const socket = connect({ port, host, timeout: 2_000 });
    const finish = (result?: Buffer): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => socket.write(question));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (whole(answer)) finish(answer);
    });
    socket.on('timeout', () => finish());
    socket.on('error', () => finish());
    socket.on('close', () => finish());
  });
}
