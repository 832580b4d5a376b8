import { Inject, Injectable } from '@nestjs/common';
import {
  fileAbsent,
  fingerprintOf,
  newCommandId,
  newIncarnationId,
  type ActorContext,
  type ArchiveFile,
  type CreateFile,
  type FileView,
} from '@tidemark/contracts';
import type { CommandContext, StreamTransactions, StreamTx } from '@tidemark/event-store';
import { failpoint } from '@tidemark/runtime/failpoint';
import { BRANCHES_STREAMS } from '../branches.tokens.js';
import { bytesOf } from '../hex.js';
import { fileDecider, type FileCommand } from './file.decider.js';
import { keyTwice, ownKeyMissing } from './file.errors.js';
import { FILE_COLUMNS, shownFile, type FileRow } from './file.query.js';
import { fileStream } from './file.js';

type Meta = CommandContext<FileCommand>['meta'];

@Injectable()
export class FileService {
  constructor(@Inject(BRANCHES_STREAMS) private readonly streams: StreamTransactions) {}

  /** Of several that create at a time one does; the others are given what it made. */
  async create(message: CreateFile, actor: ActorContext): Promise<FileView> {
    mustBeComplete(message, actor);
    const file = await this.streams.run({ tenant: message.org }, async (tx) => {
      const mine = newIncarnationId();
      const incarnation = await takePlace(tx, message, mine);
      return incarnation === mine
        ? await createAt(tx, message, { incarnation, actor })
        : await sameFile(tx, message, incarnation);
    });
    failpoint('create-file.after-commit-before-reply');
    return file;
  }

  /** A file that is not there is archived already. */
  async archive({ org, incarnation, command }: ArchiveFile, actor: ActorContext): Promise<void> {
    await this.streams.run({ tenant: org }, async (tx) => {
      const live = await tx.query(LOCK_LIVE, [org, incarnation]);
      if (live.length === 0) return;
      await archiveFiles(tx, org, [{ incarnation, commandId: command }], metaOf(actor));
    });
  }
}

/** The rows of the files are locked by the caller, whole: whoever pushes to one at this moment has finished. */
export async function archiveFiles(
  tx: StreamTx,
  org: string,
  files: readonly { readonly incarnation: string; readonly commandId: string }[],
  meta: Meta,
): Promise<void> {
  const contexts = files.map(({ incarnation, commandId }) =>
    contextOf(org, { kind: 'archive', incarnation }, { commandId, meta }),
  );
  await tx.handleAll(fileDecider, contexts);
  await tx.query(ARCHIVE, [org, files.map(({ incarnation }) => incarnation), new Date().toISOString()]);
  failpoint('archive-files.before-commit');
}

function mustBeComplete({ keys }: CreateFile, { account }: ActorContext): void {
  const accounts = new Set(keys.map((key) => key.account));
  if (!accounts.has(account)) throw ownKeyMissing();
  if (accounts.size < keys.length) throw keyTwice();
}

/** The incarnation that has the place: the one offered, or the one that was there before. */
async function takePlace(tx: StreamTx, { org, project, file }: CreateFile, offered: string): Promise<string> {
  const [row] = await tx.query<{ incarnation: string | null }>(TAKE_PLACE, [org, project, file, offered]);
  if (row!.incarnation === null) throw fileAbsent();
  return row!.incarnation;
}

async function createAt(
  tx: StreamTx,
  { org, project, file, root, name, keys }: CreateFile,
  { incarnation, actor }: { readonly incarnation: string; readonly actor: ActorContext },
): Promise<FileView> {
  const command: FileCommand = { kind: 'create', file, incarnation, project, root, name };
  const context = contextOf(org, command, { commandId: newCommandId(), meta: metaOf(actor) });
  await tx.handle(fileDecider, context);
  const accounts = keys.map((key) => key.account);
  const wrapped = keys.map(({ key }) => bytesOf(key));
  const values = [org, incarnation, file, project, root, name, new Date().toISOString(), accounts, wrapped];
  const [row] = await tx.query<FileRow & object>(CREATE, values);
  failpoint('create-file.before-commit');
  return shownFile(row!);
}

/** With another root or in another project it is another file, of which the actor learns nothing. */
async function sameFile(
  tx: StreamTx,
  { org, project, root }: CreateFile,
  incarnation: string,
): Promise<FileView> {
  const [row] = await tx.query<FileRow & object>(
    `select ${FILE_COLUMNS} from files where org = $1 and incarnation = $2`,
    [org, incarnation],
  );
  if (row?.root !== root || row.project !== project) throw fileAbsent();
  return shownFile(row);
}

const contextOf = (
  org: string,
  command: FileCommand,
  doing: { readonly commandId: string; readonly meta: Meta },
): CommandContext<FileCommand> => ({
  org,
  stream: fileStream(command.incarnation),
  command,
  fingerprint: fingerprintOf({ kind: command.kind, incarnation: command.incarnation }),
  at: new Date().toISOString(),
  ...doing,
});

const metaOf = ({ account, requestId }: ActorContext) => ({ account, requestId });

/** Not only against other archivings: whoever pushes holds a lock that is compatible with anything less. */
const LOCK_LIVE = `
  select 1 from files where org = $1 and incarnation = $2 and archived_at is null for update`;

/** Both rows are held from here on: of the project against its deletion, of the place against others with this file. */
const TAKE_PLACE = `
  with project as (
    insert into projects (org, project, gone) values ($1, $2, false)
    on conflict (org, project) do update set gone = projects.gone returning gone
  ), place as (
    insert into file_places (file, org, incarnation) select $3, $1, $4 from project where not gone
    on conflict (file, org) do update set incarnation = file_places.incarnation returning incarnation
  )
  select (select incarnation from place) as incarnation`;

const CREATE = `
  with keys as (
    insert into file_keys (org, incarnation, account, key)
    select $1, $2, account, key from unnest($8::text[], $9::bytea[]) as k (account, key)
  )
  insert into files (org, incarnation, file, project, root, name, created_at)
  values ($1, $2, $3, $4, $5, $6, $7) returning ${FILE_COLUMNS}`;

const ARCHIVE = `
  with gone as (
    update files set archived_at = $3::timestamptz where org = $1 and incarnation = any($2)
    returning file, incarnation
  )
  delete from file_places p using gone where p.org = $1 and p.file = gone.file and p.incarnation = gone.incarnation`;
