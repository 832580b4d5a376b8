import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { KnownRoutes } from './known-routes.js';

function routes(...urls: [method: 'GET' | 'POST' | 'DELETE', url: string][]): KnownRoutes {
  const known = new KnownRoutes();
  const app = fastify();
  known.watch(app);
  urls.forEach(([method, url]) => app.route({ method, url, handler: () => 'x' }));
  return known;
}

describe('known routes', () => {
  const known = routes(
    ['GET', '/a'],
    ['POST', '/a'],
    ['GET', '/a/:id/b'],
    ['DELETE', '/a/:id/b'],
    ['GET', '/files/*'],
    ['GET', '/v1.0'],
  );

  it.each([
    ['/a', ['GET', 'HEAD', 'POST']],
    ['/a?x=/a/1/b', ['GET', 'HEAD', 'POST']],
    ['/a/7/b', ['DELETE', 'GET', 'HEAD']],
    ['/files/x/y', ['GET', 'HEAD']],
    ['/a/', []],
    ['/a/7', []],
    ['/a//b', []],
    ['/a/7/8/b', []],
    ['/v1x0', []],
  ])('%s takes %j', (url, methods) => {
    expect(known.methodsAt(url)).toEqual(methods);
  });
});
