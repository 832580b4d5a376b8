import { DomainError } from '@tidemark/contracts';
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type FragmentDefinitionNode,
} from 'graphql';
import { measure } from './measure.js';
import { schema } from './schema.js';

const MOST_TOKENS = 2_000;
const MOST_DEPTH = 10;
const MOST_ALIASES = 15;

/** The app has two dozen documents; what is long is not kept. */
const MOST_KEPT = 200;
const LONGEST_KEPT = 4_000;

/** Documents that passed every check, so that an app's second call costs no parsing. */
export class Documents {
  readonly #kept = new Map<string, DocumentNode>();

  /** Throws a refusal before anything runs. */
  read(query: string): DocumentNode {
    const kept = this.#kept.get(query);
    if (kept) return kept;
    const document = checked(parsed(query));
    if (query.length <= LONGEST_KEPT) this.keep(query, document);
    return document;
  }

  private keep(query: string, document: DocumentNode): void {
    this.#kept.set(query, document);
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: MOST_TOKENS, noLocation: false });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.includes(`more than ${MOST_TOKENS} tokens`))
      throw tooComplex(`more than ${MOST_TOKENS} tokens`);
    throw new DomainError('GRAPHQL_PARSE_FAILED', `The query cannot be read${placeOf(error)}.`);
  }
}

function checked(document: DocumentNode): DocumentNode {
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operations.length !== 1)
    throw new DomainError('GRAPHQL_VALIDATION_FAILED', 'The query must hold exactly one operation.');
  const { depth, aliases, introspects } = measure(operation.selectionSet, fragmentsOf(document));
  if (introspects)
    throw new DomainError(
      'INTROSPECTION_DISABLED',
      'The schema cannot be asked for here; the documentation has it.',
    );
  if (depth > MOST_DEPTH) throw tooComplex(`more than ${MOST_DEPTH} levels`);
  if (aliases > MOST_ALIASES) throw tooComplex(`more than ${MOST_ALIASES} aliases`);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    throw new DomainError(
      'GRAPHQL_VALIDATION_FAILED',
      'Subscriptions are not offered here; use the event stream.',
    );
  const [problem] = validate(schema, document, specifiedRules, { maxErrors: 1, hideSuggestions: true });
  if (problem)
    throw new DomainError(
      'GRAPHQL_VALIDATION_FAILED',
      `The query does not fit the schema${placeOf(problem)}: ${plain(problem.message)}`,
    );
  return document;
}

const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );

const tooComplex = (why: string) =>
  new DomainError('QUERY_TOO_COMPLEX', `The query has ${why}. Ask for less at once.`);

function placeOf({ locations }: GraphQLError): string {
  const [place] = locations ?? [];
  return place ? ` (line ${place.line}, column ${place.column})` : '';
}

/** The library's words, which quote the query: no more of them than a message may quote. */
export const plain = (message: string): string =>
  message.length > 80 ? `${clean(message.slice(0, 80))}…` : clean(message);

const clean = (text: string) => text.replaceAll(/[^\x20-\x7e]|[<>&\\]/g, '?');
