/** JSON with sorted members and no white space; what JSON cannot say is left out. */
export function canonicalJson(value: unknown): string {
  return serialized(value) ?? 'null';
}

function serialized(value: unknown): string | undefined {
  if (Array.isArray(value)) return `[${value.map(serialized).filter(isText).join()}]`;
  if (isPlainObject(value))
    return `{${Object.keys(value).sort().map(memberOf(value)).filter(isText).join()}}`;
  return JSON.stringify(value);
}

const memberOf = (object: Record<string, unknown>) => (name: string) => {
  const text = serialized(object[name]);
  return text === undefined ? undefined : `${JSON.stringify(name)}:${text}`;
};

const isText = (text: string | undefined): text is string => text !== undefined;

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === '[object Object]';
