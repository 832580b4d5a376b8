import { startService, silentLogger, type Logger, type Service } from '@tidemark/runtime';
import { Grants } from '../src/access/grants.js';
import { Sessions } from '../src/access/sessions.js';
import { GatewayModule, type GatewayParts } from '../src/index.js';
import { FakeServices, type Answers } from './fake-services.js';

export const SESSION = `sess_${'s'.repeat(43)}`;
export const WEB_SESSION = `web_${'w'.repeat(43)}`;
export const OPERATOR = `tm_${'o'.repeat(43)}`;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface Gateway {
  readonly services: FakeServices;
  readonly service: Service;
  /** Other services from now on, and nothing known of those before. */
  become(answers: Answers): void;
  call(path: string, init?: RequestInit): Promise<Reply>;
  /** With a session of the app. */
  app(path: string, method?: string, body?: unknown): Promise<Reply>;
  graphql(query: string, variables?: object): Promise<Reply>;
}

/** The gateway as it runs, with other services that say what a test makes them say. */
export async function startGateway(
  answers: Answers,
  rest: Partial<GatewayParts> = {},
  logger: Logger = silentLogger,
): Promise<Gateway> {
  const services = new FakeServices(answers);
  const module = GatewayModule.with({ requests: services, operatorToken: OPERATOR, ...rest });
  const service = await startService(module, { name: 'gateway', host: '127.0.0.1', port: 0, logger });
  const call = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(service.url + path, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('application/json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? (JSON.parse(text) as Reply['body']) : {},
    };
  };
  const app = (path: string, method = 'GET', body?: unknown) =>
    call(path, {
      method,
      headers: {
        'x-session-id': SESSION,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const graphql = (query: string, variables: object = {}) => app('/graphql?x', 'POST', { query, variables });
  const become = (next: Answers) => {
    services.answers = next;
    services.sent.splice(0);
    service.app.get(Sessions).forgetAll();
    service.app.get(Grants).forget();
  };
  return { services, service, become, call, app, graphql };
}
