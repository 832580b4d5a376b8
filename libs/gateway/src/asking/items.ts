/** How `orgs` answers a list that comes whole. */
export interface Items<T> {
  readonly items: readonly T[];
}
