import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { selfSigned } from '../../test/self-signed.js';
import { startService, type Service } from '../app/start-service.js';
import { silentLogger } from '../logging/logger.js';
import { readTls } from './tls.js';

@Controller()
class WhoAsks {
  @Get('asks')
  asks(@Req() { ip, protocol }: FastifyRequest) {
    return { ip, protocol };
  }
}

@Module({ controllers: [WhoAsks] })
class Asked {}

const folder = mkdtempSync(join(tmpdir(), 'tidemark-tls-'));
const mine = selfSigned();
const put = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

beforeAll(() => {
  put('tls.crt', mine.cert);
  put('tls.key', mine.key);
});
afterAll(() => rmSync(folder, { recursive: true }));

const whole = { tlsCert: join(folder, 'tls.crt'), tlsKey: join(folder, 'tls.key') };
const options = { name: 'tls', host: '127.0.0.1', port: 0, logger: silentLogger };
const forwarded = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' };

const served = async (service: Service, headers: Record<string, string> = {}) => {
  try {
    return service.url.startsWith('https')
      ? await overTls(`${service.url}/asks`)
      : await (await fetch(`${service.url}/asks`, { headers })).json();
  } finally {
    await service.close();
  }
};

const overTls = (url: string) =>
  new Promise((resolve, reject) => {
    const asked = request(url, { ca: mine.cert }, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => resolve(JSON.parse(text)));
    });
    asked.on('error', reject).end();
  });

describe('a certificate', () => {
  it('serves https, told so in the address', async () => {
    const service = await startService(Asked, { ...options, tls: readTls(whole) });
    expect(service.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await served(service)).toEqual({ ip: '127.0.0.1', protocol: 'https' });
  });

  it('is not needed', () => expect(readTls({})).toBeUndefined());

  it.each([
    ['without its key', { tlsCert: whole.tlsCert }, /need each other/],
    ['that is not there', { ...whole, tlsCert: join(folder, 'no') }, /TIDEMARK_TLS_CERT cannot be read/],
    ['with another key', { ...whole, tlsKey: put('other.key', selfSigned().key) }, /do not fit/],
    ['that is none', { ...whole, tlsCert: put('none.crt', 'x') }, /do not fit/],
  ])('%s is refused before anything starts', (_, files, why) => {
    expect(() => readTls(files)).toThrow(why);
  });
});

describe('what a proxy says of the caller', () => {
  it('is taken from a trusted one', async () => {
    const service = await startService(Asked, { ...options, trustedProxies: ['127.0.0.0/8'] });
    expect(await served(service, forwarded)).toEqual({ ip: '203.0.113.7', protocol: 'https' });
  });

  it.each([[undefined], [['10.0.0.0/8']]])('is not taken from others (%p)', async (trustedProxies) => {
    const service = await startService(Asked, { ...options, trustedProxies });
    expect(await served(service, forwarded)).toEqual({ ip: '127.0.0.1', protocol: 'http' });
  });
});
