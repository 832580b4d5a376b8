import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layers, neededPlaces } from '../../scripts/image-content.mjs';
import { config } from '../../scripts/image.mjs';

const dockerfile = readFileSync(join(import.meta.dirname, '..', '..', 'Dockerfile'), 'utf8');
const said = (word: string) =>
  new RegExp(`^${word} (.*)$`, 'm').exec(dockerfile.split('FROM scratch')[1]!)?.[1];

describe('the two ways to the image', () => {
  it('agree on who runs what, and where', () => {
    expect(JSON.parse(said('ENTRYPOINT')!)).toEqual(config.entrypoint);
    expect(JSON.parse(said('CMD')!)).toEqual(config.cmd);
    expect([said('USER'), said('WORKDIR'), said('ENV')]).toEqual([
      config.user,
      config.workdir,
      config.env[0],
    ]);
  });

  it('have the same content, made by the same script, in the same layers', () => {
    expect(dockerfile).toContain('node scripts/image-content.mjs /out');
    const copied = [...dockerfile.matchAll(/^(?:COPY|ADD) (.*)$/gm)].map(([, what]) => what);
    expect(copied).toEqual(['. .', ...layers.map((name) => `--from=build /out/${name}/ /`)]);
  });
});

describe('what goes into the image', () => {
  const places: string[] = neededPlaces();

  it('is the services, the command line and what they need', () => {
    expect(places).toEqual(
      expect.arrayContaining(['apps/gateway', 'apps/cli', 'libs/orgs', 'node_modules/pg']),
    );
  });

  it('has nothing that only builds, tests or brings servers along', () => {
    const strangers =
      /backing|testing|bench|launcher|standalone|embedded|jest|typescript|swc|eslint|nx$|node-linux|@types/;
    expect(places.filter((place) => strangers.test(place))).toEqual([]);
  });

  const lock = (more: object) => ({ a: { dependencies: { b: '1' } }, 'node_modules/b': {}, ...more });

  it('follows each dependency to where Node finds it', () => {
    const nested = { 'a/node_modules/b': { dependencies: { c: '1' } }, 'node_modules/c': {} };
    expect(neededPlaces(lock(nested), ['a'])).toEqual(['a', 'a/node_modules/b', 'node_modules/c']);
  });

  it.each([
    ['which the lockfile has not', { 'node_modules/b': { dependencies: { absent: '1' } } }],
    [
      'not meant for production',
      { 'node_modules/b': { dependencies: { jest: '1' } }, 'node_modules/jest': {} },
    ],
  ])('is refused: %s', (text, more) => {
    expect(() => neededPlaces(lock(more), ['a'])).toThrow(text);
  });

  it('may lack what is optional', () => {
    const optional = { 'node_modules/b': { optionalDependencies: { absent: '1' } } };
    expect(neededPlaces(lock(optional), ['a'])).toEqual(['a', 'node_modules/b']);
  });
});
