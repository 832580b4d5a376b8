/** For whoever sees this for the first time. Without a file the token is the one that they gave. */
export const nextSteps = (api: string, tokenFile: string | undefined): string => `
  Tidemark runs. Make an organization:

    curl -X POST ${api}/api/v1/organizations \\
      -H "Authorization: Bearer ${tokenFile === undefined ? '$TIDEMARK_OPERATOR_TOKEN' : `$(cat ${quoted(tokenFile)})`}" \\
      -H 'Content-Type: application/json' -d '{"name":"Acme"}'

  and read what happened to it: GET ${api}/api/v1/organizations/<id>/audit
  Ctrl-C ends it. The data stays.
`;

const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
