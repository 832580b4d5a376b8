import { join, resolve } from 'node:path';
import { defaultDataDir, lockDataDir, startPostgres, Supervised } from '@tidemark/backing';
import { environment, type Logger } from '@tidemark/runtime';

export interface Place {
  readonly dataDir: string;
  /** Of the database's owner. */
  readonly databaseUrl: string;
  close(): Promise<void>;
}

export interface PlaceOptions {
  readonly dataDir: string | undefined;
  readonly databaseUrl: string | undefined;
}

/** The data folder, for this process alone, and the database: one in the folder unless a URL names another. */
export async function openPlace({ databaseUrl, ...options }: PlaceOptions, logger: Logger): Promise<Place> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir(environment(), process.getuid?.() === 0));
  const lock = await lockDataDir(dataDir);
  if (databaseUrl !== undefined) return { dataDir, databaseUrl, close: async () => lock.release() };
  const postgres = new Supervised({
    start: (port) =>
      startPostgres({ dataDir: join(dataDir, 'postgres'), ...(port === undefined ? {} : { port }) }),
    complain: (text) => logger.error({ database: text }, 'the database ended'),
  });
  try {
    const { url } = await postgres.start();
    const close = async () => {
      await postgres.stop();
      lock.release();
    };
    return { dataDir, databaseUrl: url, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}
