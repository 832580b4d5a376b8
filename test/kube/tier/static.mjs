// What needs no cluster: lint, rendering, strict schemas, and the rules of this chart, for each set of values.
import { parseAllDocuments } from 'yaml';
import { chart, conform, lint, template, valueSets } from './chart.mjs';
import { problems } from './rules.mjs';

export const objectsIn = (text) =>
  parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter(Boolean);

/** What the sets of values name, and the chart therefore need not make. */
const given = ['database', 'own', 'redis', 'keys', 'mail', 'cloud'].map((name) => `given-${name}`);

export function keptRules(text, { policies = true } = {}) {
  const found = problems(objectsIn(text), { given, policies });
  if (found.length > 0) throw new Error(found.join('\n'));
}

/** Nonsense and the words by which it must be refused. */
const refusals = [
  ['an unknown value', ['--set', 'gatway.replicas=2'], /gatway/],
  ['an unknown value further in', ['--set', 'gateway.replica=2'], /replica/],
  ['no replicas', ['--set', 'orgs.replicas=0'], /orgs.*replicas/s],
  ['a number that is none', ['--set', 'audit.replicas=two'], /audit.*replicas/s],
  ['a database that is no URL', ['--set', 'database.ownerUrl=db:5432'], /ownerUrl/],
  ['no database', ['--set', 'database.ownerUrl='], /name a Secret in database\.existingSecret/],
  ['no broker', ['--set', 'kafka.brokers=null'], /name at least one broker|brokers/],
  ['a broker without a port', ['--set', 'kafka.brokers={kafka}'], /brokers/],
  ['a Secret and URLs at once', ['--set', 'database.existingSecret=a'], /not both/],
  ['a short key', ['--set', 'secrets.actorKey=short'], /actorKey/],
  ['no place for blobs', ['--set', 'blobs.existingClaim='], /blobs\.url.*blobs\.existingClaim/],
  ['two places for blobs', ['--set', 'blobs.url=gs://bucket'], /not both/],
  ['a bucket that is none', ['--set', 'blobs.url=s3://bucket'], /blobs.*url/s],
  ['a registration that is none', ['--set', 'accounts.registration=some'], /registration/],
  ['too many devices', ['--set', 'accounts.deviceLimit=51'], /deviceLimit/],
  ['a website with a path', ['--set', 'urls.website=https://example.org/app'], /website/],
  ['an API that ends with a slash', ['--set', 'urls.api=https://example.org/'], /api/],
  ['a mail server twice', ['--set', 'mail.smtpUrl=smtp://a,mail.existingSecret=b'], /not both/],
  ['an Ingress without a name', ['--set', 'ingress.enabled=true'], /ingress\.host/],
  ['a log level that is none', ['--set', 'logLevel=loud'], /logLevel/],
  ['a drain that is too short', ['--set', 'shutdown.waitSeconds=1'], /waitSeconds/],
  ['memory without a unit that is one', ['--set', 'gateway.resources.limits.memory=1Gb'], /memory/],
  ['a trial beside a real database', ['--set', 'trial.enabled=true'], /brings its own/],
];

async function refuses(env, flags, words) {
  const minimal = valueSets().find(({ name }) => name === 'minimal');
  const said = await template(env, chart, [...minimal.flags, ...flags]).then(
    () => undefined,
    ({ message }) => message,
  );
  if (said === undefined) throw new Error('was taken');
  if (!words.test(said)) throw new Error(`was refused, but with other words:\n${said}`);
}

export async function staticChecks(report, env, schemas) {
  for (const { name, flags } of valueSets()) {
    await report.check('lint', name, async () => void (await lint(env, chart, flags)));
    let text = '';
    await report.check('template', name, async () => {
      text = await template(env, chart, flags);
      return `${objectsIn(text).length} objects`;
    });
    await report.check('schema', name, async () =>
      (await conform(env, schemas, text)).trim().replace(/^Summary: /, ''),
    );
    await report.check('rules', name, async () => keptRules(text, { policies: name !== 'no-policies' }));
  }
  for (const [what, flags, words] of refusals)
    await report.check('values', `${what} is refused in clear words`, () => refuses(env, flags, words));
}
