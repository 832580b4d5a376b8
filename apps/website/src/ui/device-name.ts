const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(?:e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

const first = (list: [RegExp, string][], text: string): string | undefined =>
  list.find(([pattern]) => pattern.test(text))?.[1];

export const systemName = (agent = navigator.userAgent): string | undefined => first(systems, agent);

/** “Firefox on Linux”; what is no browser keeps the name it gave itself. */
export function browserName(agent: string): string {
  const [browser, system] = [first(browsers, agent), systemName(agent)];
  if (!browser) return agent || 'Unknown';
  return system ? `${browser} on ${system}` : browser;
}

/** The app says `production::linux::10.1.1`. */
export function appName(version: string): string | undefined {
  const number = version.split('::')[2] ?? version;
  return number ? `Insomnia ${number}` : undefined;
}
