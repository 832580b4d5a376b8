import { DeviceError } from '../state/device-error.js';
import type { Answer, Ask, Http } from './http.js';
import type { Operation } from './operations.js';
import { refusalOf } from './refusal.js';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly metadata: { readonly organizationType: string; readonly ownerAccountId: string };
}

export interface TeamProject {
  readonly id: string;
  readonly name: string;
}

export interface DoorOptions {
  /** `<env>::<platform>::<version>` */
  readonly client: string;
  readonly token: () => string | undefined;
  /** The server says that the session is over. */
  readonly ended: (message: string) => void;
}

const LOGIN = 'insomnia://app/auth/login';

/** The public door of the desktop app, seen from a device: REST and GraphQL with the session in one header. */
export class InsomniaDoor {
  constructor(
    readonly http: Http,
    private readonly options: DoorOptions,
  ) {}

  async organizations(): Promise<Organization[]> {
    const { organizations } = await this.rest<{ organizations: Organization[] }>('/v1/organizations');
    return organizations;
  }

  async teamProjects(org: string): Promise<TeamProject[]> {
    const { data } = await this.rest<{ data?: unknown }>(`/v1/organizations/${org}/team-projects`);
    if (!Array.isArray(data)) throw new DeviceError('INTERNAL', 'The list of projects cannot be read.');
    return data as TeamProject[];
  }

  async createTeamProject(org: string, name: string): Promise<TeamProject> {
    return this.rest(`/v1/organizations/${org}/team-projects`, { method: 'POST', body: { name } });
  }

  async renameTeamProject(org: string, project: string, name: string): Promise<void> {
    await this.rest(`/v1/organizations/${org}/team-projects/${project}`, { method: 'PATCH', body: { name } });
  }

  async deleteTeamProject(org: string, project: string): Promise<void> {
    await this.rest(`/v1/organizations/${org}/team-projects/${project}`, { method: 'DELETE' });
  }

  async logOut(): Promise<void> {
    await this.rest('/auth/logout', { method: 'POST' });
  }

  async rest<T>(path: string, ask: Ask = {}): Promise<T> {
    const answer = await this.#ask(path, ask);
    if (answer.status < 200 || answer.status > 299)
      throw refusalOf(answer.status, answer.body, answer.requestId);
    return answer.body as T;
  }

  async query<Variables, Data>(
    { label, query, read }: Operation<Variables, Data>,
    variables: Variables,
  ): Promise<Data> {
    const body = { query, variables };
    const answer = await this.#ask(`/graphql?${label}`, { method: 'POST', body, label });
    return read(dataOf(answer, label));
  }

  /** An answer that goes on until the signal ends it; there is no time limit on it. */
  async stream(path: string, signal: AbortSignal): Promise<Response> {
    const response = await this.http.open(path, {
      headers: { ...this.#headers(), accept: 'text/event-stream' },
      signal,
    });
    this.#heed(response.headers);
    return mustStream(response);
  }

  #headers(): Record<string, string> {
    const token = this.options.token();
    return {
      'x-insomnia-client': this.options.client,
      ...(token === undefined ? {} : { 'x-session-id': token }),
    };
  }

  async #ask(path: string, ask: Ask): Promise<Answer> {
    const answer = await this.http.ask(path, { ...ask, headers: this.#headers() });
    this.#heed(answer.headers);
    return answer;
  }

  /** Of all commands that a header may carry a device obeys one: the session is over. */
  #heed(headers: Headers): void {
    const command = headers.get('x-insomnia-command');
    if (!command?.startsWith(LOGIN) || !URL.canParse(command)) return;
    this.options.ended(new URL(command).searchParams.get('message') ?? '');
  }
}

async function mustStream(response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  if (response.status === 200 && type.includes('text/event-stream')) return response;
  const body: unknown = type.includes('json') ? await response.json() : undefined;
  throw refusalOf(response.status, body, response.headers.get('x-request-id') ?? '');
}

interface GraphqlError {
  readonly message?: string;
  readonly extensions?: { readonly code?: string; readonly status?: number; readonly requestId?: string };
}

function dataOf({ status, body, requestId }: Answer, label: string): Record<string, unknown> {
  const { data, errors } = (body ?? {}) as { data?: Record<string, unknown>; errors?: GraphqlError[] };
  const [first] = errors ?? [];
  if (first) {
    const { code, status: theirs, requestId: named } = first.extensions ?? {};
    throw refusalOf(
      theirs ?? status,
      { error: code, message: first.message, requestId: named },
      requestId,
      label,
    );
  }
  if (status !== 200 || !data) throw refusalOf(status, body, requestId, label);
  return data;
}
