/** For whoever sees this for the first time. */
export const nextSteps = (api: string, tokenFile: string): string => `
  Tidemark runs. Make an organization:

    curl -X POST ${api}/api/v1/organizations \\
      -H "Authorization: Bearer $(cat ${quoted(tokenFile)})" \\
      -H 'Content-Type: application/json' -d '{"name":"Acme"}'

  and read what happened to it: GET ${api}/api/v1/organizations/<id>/audit
  Ctrl-C ends it. The data stays.
`;

const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
