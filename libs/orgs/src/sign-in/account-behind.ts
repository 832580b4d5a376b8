import type { OrgsContext } from '../orgs.context.js';

/** The account of an e-mail address; where there is none, one that nobody has, so that the same work follows. */
export async function accountBehind({ db, secrets }: OrgsContext, email: string): Promise<string> {
  const rows = await db.one<{ account: string }>(
    'find-by-email',
    'select account from email_index where email = $1',
    [secrets.emailHash(email)],
  );
  return rows[0]?.account ?? secrets.nobodyFor(email);
}
