import { createHash } from 'node:crypto';
import { branchNameInvalid } from './branch.errors.js';

/** The desktop app has had two rules, neither within the other. What one of them lets through is good here. */
const plain = /^[a-zA-Z0-9][a-zA-Z0-9\-_.]{2,}$/;
const withSlashes = /^(?=.{3})[a-zA-Z0-9][a-zA-Z0-9\-_./]*$/;

export function isBranchName(name: string): boolean {
  if (!name.includes('/')) return plain.test(name);
  if (!withSlashes.test(name) || /[/.]$|\/\/|\.\./.test(name)) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** As it is kept and listed: file systems of some devices do not tell capitals apart. */
export function checkedBranchName(name: string): string {
  if (!isBranchName(name)) throw branchNameInvalid();
  return name.toLowerCase();
}

/** As it is looked for. What is no name names no branch. */
export const sameBranch = (name: string): string => (isBranchName(name) ? name.toLowerCase() : '');

export const MASTER = 'master';

/** The name of a stream has an end; `~` stands in no branch's name. */
const LONGEST = 150;

export function branchStream(incarnation: string, branch: string): string {
  const name = branch.length <= LONGEST ? branch : `~${createHash('sha256').update(branch).digest('hex')}`;
  return `branch-${incarnation}-${name}`;
}
