/**
 * Where a device keeps what it knows: texts by path (`a/b/c`, letters, digits and `. _ -`).
 * After a crash at any moment each path holds what was written last in full, or what it held before; never a part.
 * A write that has resolved survives the crash of the process and of the machine.
 */
export interface Store {
  read(path: string): Promise<string | undefined>;
  write(path: string, text: string): Promise<void>;
  /** All of them, in any order: together they are no transaction. */
  writeAll(texts: Iterable<readonly [path: string, text: string]>): Promise<void>;
  /** What stands directly under a path, sorted; nothing for a path that is not there. */
  list(path: string): Promise<string[]>;
  /** A path with everything under it. */
  remove(path: string): Promise<void>;
}
