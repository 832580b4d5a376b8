import { sha1 } from '@noble/hashes/legacy.js';
import { aesMessageText, decryptBytes, encryptBytes, parseAesMessage } from './aes-message.js';
import { textOf, toHex, utf8 } from './bytes.js';
import { canonicalJson } from './canonical-json.js';
import { E2eeError } from './errors.js';
import { gunzip, gzip } from './gzip.js';
import type { SymmetricKey } from './symmetric-key.js';

/** One document of a file, as the app keeps it. */
export interface Document {
  readonly _id: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

/** As it is uploaded. */
export interface Blob {
  readonly id: string;
  readonly content: string;
}

// Where a file lies is a matter of each device; when it was touched, too.
const withoutParent = new Set(['Workspace', 'ProjectLintRuleset']);

/** What a blob holds of a document, and what its id is made of. */
export function blobText({ modified: _, ...document }: Document): string {
  return canonicalJson(withoutParent.has(document.type) ? { ...document, parentId: null } : document);
}

const idOfText = (text: string): string => toHex(sha1(utf8(text)));

export const blobId = (document: Document): string => idOfText(blobText(document));

export async function sealBlob(document: Document, fileKey: SymmetricKey): Promise<Blob> {
  const text = blobText(document);
  const message = await encryptBytes(fileKey, await gzip(utf8(text)));
  return { id: idOfText(text), content: aesMessageText(message, 2) };
}

/** The server cannot tell whether the content is what the id says; we can. */
export async function openBlob({ id, content }: Blob, fileKey: SymmetricKey): Promise<Document> {
  const text = textOf(await gunzip(await decryptBytes(fileKey, parseAesMessage(content))));
  const document = JSON.parse(text) as Document;
  if (idOfText(text) !== id && blobId(document) !== id)
    throw new E2eeError('mismatch', `The content of ${id} belongs to another id.`);
  return document;
}
