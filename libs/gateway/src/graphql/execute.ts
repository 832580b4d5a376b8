import { DomainError } from '@tidemark/contracts';
import type { Logger } from '@tidemark/runtime';
import { executeRootSelectionSet, validateExecutionArgs } from 'graphql';
import { failed, type Answer } from './answer.js';
import type { Call } from './call.js';
import { plain, type Documents } from './documents.js';
import { operations } from './operations/index.js';
import { schema } from './schema.js';

/** One request as it came in. */
export interface Question {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Everything that is refused before an operation runs is thrown; what an operation refuses is an answer. */
export async function execute(
  documents: Documents,
  { query, variables }: Question,
  call: Call,
  logger: Logger,
): Promise<Answer> {
  const args = validateExecutionArgs({
    schema,
    document: documents.read(query),
    variableValues: variables,
    contextValue: call,
    rootValue: operations,
    hideSuggestions: true,
    options: { maxCoercionErrors: 1 },
  });
  if (!('schema' in args)) throw misfit(args[0]!.message);
  const { data, errors } = await executeRootSelectionSet(args);
  if (errors && errors.length > 0) return failed(errors, call.actor.requestId, logger);
  return { data };
}

const misfit = (message: string) =>
  new DomainError('GRAPHQL_VALIDATION_FAILED', `The variables do not fit the query: ${plain(message)}`);

export function questionOf(body: unknown): Question {
  if (Array.isArray(body))
    throw new DomainError('BATCHING_DISABLED', 'One request holds one operation. Send them one by one.');
  const { query, variables } = Object(body) as { query?: unknown; variables?: unknown };
  if (typeof query !== 'string') throw malformed('query', 'text');
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables))
    throw malformed('variables', 'an object');
  return { query, variables: (variables ?? {}) as Record<string, unknown> };
}

const malformed = (field: string, what: string) =>
  new DomainError('INVALID_INPUT', `${field} must be ${what}.`, [{ field, rule: 'isShaped' }]);
