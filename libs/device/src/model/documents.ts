import type { Document } from './types.js';

/** What is synced; everything else of a workspace stays on the device that made it. */
const SYNCED = new Set([
  'Workspace',
  'Request',
  'RequestGroup',
  'GrpcRequest',
  'WebSocketRequest',
  'WebSocketPayload',
  'ApiSpec',
  'Environment',
  'UnitTestSuite',
  'UnitTest',
  'MockServer',
  'MockRoute',
  'ProtoFile',
  'ProtoDirectory',
  'McpRequest',
  'ProjectLintRuleset',
]);

export const isSynced = (document: Document): boolean =>
  SYNCED.has(document.type) && !(document.type === 'Environment' && document['isPrivate'] === true);

export const nameOf = (document: Document): string =>
  typeof document['name'] === 'string' ? document['name'] : '';

/** A file holds exactly one of these, so a second copy of it is no way out of a conflict. */
export const isSingular = (document: Document, root: string): boolean =>
  document.type === 'Workspace' ||
  document.type === 'ApiSpec' ||
  (document.type === 'Environment' && document['parentId'] === root);

const HEX = 32;

/** `req_…`: with the prefix of another document's id and these digits. */
export const idLike = (id: string, digits: string): string =>
  `${id.slice(0, id.indexOf('_') + 1)}${digits.slice(0, HEX)}`;
