import type { Project } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';

interface Row {
  readonly org: string;
  readonly project: string;
  readonly name: string;
  readonly created_at: Date;
}

const shown = ({ org, project, name, created_at: at }: Row): Project => ({
  id: project,
  org,
  name,
  createdAt: at.toISOString(),
});

export async function insertProject(tx: Tx, project: Project, madeBy: string): Promise<void> {
  await tx.query(
    'insert into projects (org, project, name, made_by, created_at) values ($1, $2, $3, $4, $5)',
    [project.org, project.id, project.name, madeBy, project.createdAt],
    'insert-project',
  );
}

/** The oldest first, so that the default project leads. */
export async function projectsOf(tx: Tx, org: string): Promise<Project[]> {
  const rows = await tx.query<Row>(
    'select org, project, name, created_at from projects where org = $1 order by created_at, project',
    [org],
    'projects-of',
  );
  return rows.map(shown);
}

/** Made by the same person under the same name after `since`. */
export async function sameProject(
  tx: Tx,
  { org, name, by, since }: { org: string; name: string; by: string; since: Date },
): Promise<Project | undefined> {
  const rows = await tx.query<Row>(
    `select org, project, name, created_at from projects
     where org = $1 and name = $2 and made_by = $3 and created_at > $4 order by created_at limit 1`,
    [org, name, by, since],
    'same-project',
  );
  return rows[0] && shown(rows[0]);
}

export async function renameProject(tx: Tx, org: string, project: string, name: string): Promise<void> {
  await tx.query(
    'update projects set name = $3 where org = $1 and project = $2',
    [org, project, name],
    'rename-project',
  );
}

export async function deleteProject(tx: Tx, org: string, project: string): Promise<void> {
  await tx.query('delete from projects where org = $1 and project = $2', [org, project], 'delete-project');
}
