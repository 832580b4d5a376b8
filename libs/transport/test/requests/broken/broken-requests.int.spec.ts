import { describe, expect, it } from '@jest/globals';
import { answers, identities, losses, prepare, refusals, type Check } from '../requests.contract.js';
import { forgetfulVerifier, inProcess, type ServerOverrides, type Wrap } from '../subject.js';
import {
  acknowledgesBeforeTheHandler,
  forgetsTheActor,
  forgetsTheTenant,
  ignoresTheDeadline,
  passesObjectsByReference,
  sendsAgainAfterALostReply,
  takesALostReplyForSuccess,
} from './broken-requests.js';

/** What is known to hang need not be waited for as long as what must not. */
type Overrides = ServerOverrides & { patienceMs?: number };
const hangs = { patienceMs: 1_500 };

const unbroken: Wrap = (requests) => requests;

/** The names of the checks that the adapter fails. */
async function caught(checks: readonly Check[], wrap: Wrap, overrides: Overrides = {}): Promise<string[]> {
  const { patienceMs, ...server } = overrides;
  const whole = await inProcess(wrap, server);
  const subject = patienceMs === undefined ? whole : { ...whole, patienceMs };
  const names: string[] = [];
  try {
    for (const check of checks) {
      await prepare(subject);
      await check.run(subject).catch(() => names.push(check.name));
    }
    return names;
  } finally {
    await prepare(subject);
    await subject.close();
  }
}

describe('the contract catches an adapter that', () => {
  it('forgets the tenant', async () => {
    await expect(caught(answers, forgetsTheTenant)).resolves.toEqual([
      expect.stringContaining('sees the actor'),
    ]);
  });

  it('forgets the actor', async () => {
    await expect(caught(answers, forgetsTheActor)).resolves.toEqual([
      expect.stringContaining('sees the actor'),
    ]);
  });

  it('loses one acknowledgement and calls it success', async () => {
    await expect(caught(losses, takesALostReplyForSuccess)).resolves.toEqual([
      expect.stringContaining('a lost reply is TIMEOUT'),
      expect.stringContaining('repeating the command after a lost reply'),
      expect.stringContaining('longer than the caller waits'),
      expect.stringContaining('nobody waits for any more'),
    ]);
  });

  it('loses one acknowledgement and sends again by itself', async () => {
    await expect(caught(losses, sendsAgainAfterALostReply)).resolves.toEqual(
      expect.arrayContaining([expect.stringContaining('a lost reply is TIMEOUT')]),
    );
  });

  it('loses one acknowledgement and waits for ever', async () => {
    const lost = losses.filter(({ name }) => name.startsWith('a lost reply'));
    await expect(caught(lost, ignoresTheDeadline, hangs)).resolves.toEqual(lost.map(({ name }) => name));
  });

  it('ignores the deadline', async () => {
    const late = losses.filter(({ name }) => name.includes('longer than the caller waits'));
    await expect(caught(late, ignoresTheDeadline, hangs)).resolves.toEqual(late.map(({ name }) => name));
  });

  it('hears a request twice', async () => {
    await expect(caught(identities, unbroken, { verifier: forgetfulVerifier() })).resolves.toEqual([
      expect.stringContaining('arrives twice is heard once'),
    ]);
  });

  it('acknowledges before the handler has finished', async () => {
    await expect(caught(answers, acknowledgesBeforeTheHandler)).resolves.toEqual(
      expect.arrayContaining([expect.stringContaining('the reply comes after the handler has finished')]),
    );
  });

  it('passes objects by reference', async () => {
    await expect(caught(answers, passesObjectsByReference)).resolves.toEqual([
      expect.stringContaining('payload and reply are copies'),
      expect.stringContaining('undefined, class instances'),
      expect.stringContaining('a Date or a Map'),
      expect.stringContaining('heard to its end'),
    ]);
  });

  it('does nothing of this, and then catches nothing', async () => {
    await expect(caught([...answers, ...refusals, ...identities, ...losses], unbroken)).resolves.toEqual([]);
  });
});
