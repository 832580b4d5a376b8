/** All that changes about a file on this device, in one text: it is replaced as a whole or not at all. */
export interface FileRecord {
  readonly id: string;
  /** Id of the workspace document. */
  readonly root: string;
  /** As the server names it; the name people see is that of the workspace document. */
  readonly name: string;
  readonly org: string;
  /** Team project. */
  readonly project: string;
  /** The branch that the working documents belong to. */
  readonly branch: string;
  readonly branches: Readonly<Record<string, readonly string[]>>;
  /**
   * Of each branch the newest snapshot here of which the server has said that it holds it. Null: the server had the
   * branch and has it no more. Absent: it never had it.
   */
  readonly confirmed: Readonly<Record<string, string | null>>;
  /** Working documents by key; their contents lie beside this record. */
  readonly work: Readonly<Record<string, WorkEntry>>;
}

export interface WorkEntry {
  readonly blob: string;
  readonly name: string;
  /** False: never leaves this device, as a private environment. */
  readonly synced: boolean;
}
