const older = /^[a-zA-Z0-9][a-zA-Z0-9-_.]{2,}$/;
const letters = /^[a-zA-Z0-9][a-zA-Z0-9-_./]{2,}$/;

/** v10.1.1 */
export const isOlderBranchName = (name: string): boolean => older.test(name);

/** 13.x */
export function isNewerBranchName(name: string): boolean {
  if (!letters.test(name) || /[/.]$|\/\/|\.\./.test(name)) return false;
  const parts = name.split('/');
  return parts.length === 1 || parts.every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** The server accepts what either accepts. */
export const isBranchName = (name: string): boolean => isOlderBranchName(name) || isNewerBranchName(name);
