/** A file, in one of its incarnations, as its events tell it. */
export type File =
  | { readonly status: 'absent' }
  | { readonly status: 'live'; readonly file: string; readonly project: string; readonly root: string }
  | { readonly status: 'archived' };

export const noFile: File = { status: 'absent' };

export const fileStream = (incarnation: string) => `file-${incarnation}`;
