// After the last test of a tier: everything that the product has kept and said is searched for what must not be in it.
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import pg from 'pg';
import { Search } from './search.mjs';

/** What belongs to the installation itself and is readable by its owner alone; and mails, which are for people. */
const meant = new Set(['mail', 'keys.json', 'operator-token', 'setup-code', 'superuser.password']);

/** Indexes of the broker: offsets and times, and 10 MB of nothing each. */
const empty = /\.(index|timeindex|txnindex)$/;

/** The one place where e-mail addresses and names may be. */
export const personalTables = /^orgs\.people$/;

export const canariesIn = (file) =>
  existsSync(file)
    ? [...new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))].map((line) => JSON.parse(line))
    : [];

/** Collects where which canary was found, and how much was looked at. */
export class Findings {
  hits = [];
  seen = [];
  bytes = 0;
  places = 0;

  constructor(canaries) {
    this.canaries = canaries;
    this.all = new Search(canaries);
    this.notPersonal = new Search(canaries.filter(({ kind }) => kind !== 'personal'));
  }

  look(place, bytes, { mayBePersonal = false } = {}) {
    this.bytes += bytes.length;
    for (const { kind, value } of (mayBePersonal ? this.notPersonal : this.all).in(bytes))
      (kind === 'visible' ? this.seen : this.hits).push({ kind, place, value });
  }

  /** What had to be found and was not, in tables or in logs. */
  get unseen() {
    const wanted = this.canaries.filter(({ kind }) => kind === 'visible');
    return [/^table /, /\blog\b|\.log$/].flatMap((places) =>
      wanted
        .filter(
          (canary) => !this.seen.some(({ value, place }) => value === canary.value && places.test(place)),
        )
        .map(({ value }) => `${value} in no place like ${places}`),
    );
  }

  of(...kinds) {
    return this.hits.filter(({ kind }) => kinds.includes(kind));
  }
}

/** Bytes are shown as digits by the server; what they hold is looked at as well. */
function* formsOfRow(text) {
  yield Buffer.from(text);
  for (const [, digits] of text.matchAll(/\\x([0-9a-f]{24,})/g)) yield Buffer.from(digits, 'hex');
}

/** Every row of every table, past row security, as the server shows it. */
export async function lookAtDatabase(findings, url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`,
    );
    if (tables.length < 10) throw new Error(`only ${tables.length} tables were found`);
    for (const { name } of tables) {
      const { rows } = await client.query(`select t::text as line from ${name} t`);
      const options = { mayBePersonal: personalTables.test(name) };
      findings.places += 1;
      for (const { line } of rows)
        for (const bytes of formsOfRow(line)) findings.look(`table ${name}`, bytes, options);
    }
  } finally {
    await client.end();
  }
}

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (meant.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile() && !empty.test(entry.name)) yield path;
  }
}

const CHUNK = 16 << 20;
const OVERLAP = 64 << 10;

/** Files as they lie on the disk: the log of the database, packs of blobs, segments of topics, logs of programs. */
export async function lookAtFiles(findings, folder) {
  const ofPostgres = [...filesIn(folder)]
    .filter((path) => basename(path) === 'PG_VERSION')
    .map((path) => join(path, '..'));
  for (const path of filesIn(folder)) {
    const options = { mayBePersonal: ofPostgres.some((cluster) => path.startsWith(cluster)) };
    const place = `file ${relative(folder, path)}`;
    findings.places += 1;
    if (statSync(path).size <= CHUNK) findings.look(place, readFileSync(path), options);
    else await lookAtLongFile(findings, path, place, options);
  }
}

async function lookAtLongFile(findings, path, place, options) {
  let kept = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    const bytes = Buffer.concat([kept, chunk]);
    findings.look(place, bytes, options);
    kept = bytes.subarray(-OVERLAP);
  }
}

export async function lookAtMetrics(findings, urls) {
  for (const url of urls) {
    const reply = await fetch(new URL('/metrics', url));
    findings.places += 1;
    findings.look(`metrics of ${url}`, Buffer.from(await reply.arrayBuffer()));
  }
}

/** For a person: where, of which kind, and the beginning alone, because this goes into a log too. */
export const told = ({ hits }) =>
  [...new Set(hits.map(({ kind, place, value }) => `${kind} ${value.slice(0, 12)}… in ${place}`))].slice(
    0,
    40,
  );
