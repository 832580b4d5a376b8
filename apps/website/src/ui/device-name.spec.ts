import { appName, browserName } from './device-name.js';

describe('the name of a session', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chrome on Linux',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
      'Safari on macOS',
    ],
    ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox on Android'],
    ['tidemark-cli', 'tidemark-cli'],
    ['', 'Unknown'],
  ])('%p is %s', (agent, name) => expect(browserName(agent)).toBe(name));

  it.each([
    ['production::linux::10.1.1', 'Insomnia 10.1.1'],
    ['13.1.0', 'Insomnia 13.1.0'],
    ['', undefined],
  ])('app version %p is %s', (version, name) => expect(appName(version)).toBe(name));
});
