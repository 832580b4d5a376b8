import { randomBytes } from 'node:crypto';
import { packDamaged } from '@tidemark/blob-store';
import { unavailable } from '@tidemark/contracts';
import type { Database, KeyRing, Tx } from '@tidemark/runtime';
import type { Place } from '../place.js';
import { opened, sealed, type DataKey } from './envelope.js';

interface Row {
  readonly version: number;
  readonly ring: string;
  readonly wrapped: Buffer;
}

const MOST_REMEMBERED = 1_000;

/** One random key per life of a file, kept only in a wrapping whose key is derived for the organization. */
export class DataKeys {
  readonly #remembered = new Map<string, ReadonlyMap<number, DataKey>>();

  constructor(
    private readonly db: Database,
    private readonly ring: KeyRing,
  ) {}

  /** The one to seal with, made if there is none. */
  async current(place: Place): Promise<DataKey> {
    const known = await this.#known(place);
    const newest = known.get(Math.max(...known.keys()));
    return newest ?? (await this.#made(place));
  }

  /** INTEGRITY for a version that never was. */
  async versioned(place: Place, version: number): Promise<DataKey> {
    const known = (await this.#known(place)).get(version) ?? (await this.#read(place)).get(version);
    if (!known) throw packDamaged();
    return known;
  }

  async #known(place: Place): Promise<ReadonlyMap<number, DataKey>> {
    const name = nameOf(place);
    const known = this.#remembered.get(name);
    if (!known) return this.#read(place);
    this.#remembered.delete(name);
    this.#remembered.set(name, known);
    return known;
  }

  #read(place: Place): Promise<ReadonlyMap<number, DataKey>> {
    return this.db.tx({ tenant: place.org }, async (tx) => this.#opened(place, await rowsOf(tx, place)));
  }

  /** Of several who make the first one at once, one does. */
  #made(place: Place): Promise<DataKey> {
    const wrapped = sealed(this.#wrapping(place, this.ring.current), slotOf(place, FIRST), randomBytes(32));
    return this.db.tx({ tenant: place.org }, async (tx) => {
      await tx.query(
        MAKE,
        [place.org, place.incarnation, FIRST, this.ring.current, wrapped],
        'data-keys.make',
      );
      return this.#opened(place, await rowsOf(tx, place)).get(FIRST)!;
    });
  }

  #opened(place: Place, rows: readonly Row[]): ReadonlyMap<number, DataKey> {
    const keys = new Map(
      rows.map(({ version, ring, wrapped }) => {
        const key = opened(this.#wrapping(place, ring), slotOf(place, version), wrapped);
        return [version, { version, key }];
      }),
    );
    if (keys.size > 0) this.#remember(nameOf(place), keys);
    return keys;
  }

  #remember(name: string, keys: ReadonlyMap<number, DataKey>): void {
    this.#remembered.set(name, keys);
    if (this.#remembered.size > MOST_REMEMBERED)
      this.#remembered.delete(this.#remembered.keys().next().value!);
  }

  #wrapping({ org }: Place, ring: string): DataKey {
    try {
      return { version: WRAPPING, key: this.ring.derive(`snapshots tenant ${org}`, ring) };
    } catch (error) {
      throw unavailable('The key of these documents is not at hand.', error);
    }
  }
}

/** Wrappings name the version of the ring in a column of their own. */
const WRAPPING = 0;

const FIRST = 1;

const nameOf = ({ org, incarnation }: Place): string => `${org} ${incarnation}`;

const slotOf = ({ org, incarnation }: Place, version: number): readonly string[] => [
  'data key',
  org,
  incarnation,
  String(version),
];

const rowsOf = (tx: Tx, { org, incarnation }: Place): Promise<Row[]> =>
  tx.query<Row>(
    'select version, ring, wrapped from data_keys where org = $1 and incarnation = $2',
    [org, incarnation],
    'data-keys.read',
  );

const MAKE = `
  insert into data_keys (org, incarnation, version, ring, wrapped) values ($1, $2, $3, $4, $5)
  on conflict do nothing`;
