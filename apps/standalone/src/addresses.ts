import type { Config } from './kept.js';

/** As people see the product: what was given, else where it listens, which a free port tells only then. */
export class Addresses {
  #listening = '';

  constructor(private readonly config: Config) {}

  listeningAt(url: string): void {
    this.#listening = url;
  }

  get api(): string {
    return this.config.apiUrl ?? this.#listening;
  }

  get website(): string {
    return this.config.websiteUrl ?? this.#listening;
  }
}
