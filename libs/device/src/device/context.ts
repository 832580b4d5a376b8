import type { PrivateKey } from '@tidemark/e2ee';
import type { InsomniaDoor } from '../doors/insomnia-door.js';
import type { Shelf } from '../store/shelf.js';

/** What the parts of a signed-in device work with. */
export interface Context {
  readonly account: string;
  readonly shelf: Shelf;
  readonly door: InsomniaDoor;
  readonly privateKey: () => Promise<PrivateKey>;
  readonly now: () => Date;
}
