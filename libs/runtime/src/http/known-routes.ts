import type { FastifyInstance } from 'fastify';

/** Remembers which methods exist at which path, to tell "no such path" from "not with this method". */
export class KnownRoutes {
  private readonly methods = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      const route = this.methods.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      this.methods.set(url, route);
      for (const name of [method].flat()) route.methods.add(name);
    });
  }

  methodsAt(url: string): string[] {
    const path = url.split(/[?#]/, 1)[0]!;
    const found = [...this.methods.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}

/** `/a/:b/*` as a pattern: a parameter is one segment, a star the rest. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('/')}$`);
}
