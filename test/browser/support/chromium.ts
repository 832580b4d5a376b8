import { jest } from '@jest/globals';
import { chromiumProgram } from '@tidemark/backing';
import { type Browser, chromium } from 'playwright-core';

// A passphrase costs a second of computing each time, on a busy machine several.
jest.setTimeout(300_000);

/** A name that is not this machine's, and yet leads to it: what a page sees that came over the network. */
export const elsewhere = 'tidemark.example.test';

export async function startChromium(): Promise<Browser> {
  const { executablePath, env, args } = await chromiumProgram({ env: process.env });
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: [...args, `--host-resolver-rules=MAP ${elsewhere} 127.0.0.1`],
  });
}
