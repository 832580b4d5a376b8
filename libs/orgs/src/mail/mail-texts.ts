import type { MailKind } from './mail-queue.js';

export interface MailText {
  readonly subject: string;
  readonly lines: readonly string[];
  /** What the mail asks to open. */
  readonly link?: string;
}

interface About {
  readonly websiteUrl: string;
  /** For the kind of mail that has one. */
  readonly verifyToken: string;
}

const NOT_YOU = 'If that was not you, use your recovery code now and end all sessions you do not know.';

/** Subjects stay in ASCII, so that they read the same in a file as on the screen. */
export function mailText(kind: MailKind, { websiteUrl, verifyToken }: About): MailText {
  const settings = `${websiteUrl}/app/settings/account`;
  switch (kind) {
    case 'verify-email': {
      // Behind the #: it is not sent to the server and stands in no log before the page itself does so.
      const link = `${websiteUrl}/app/verify#${verifyToken}`;
      return {
        subject: 'Confirm your e-mail address for Tidemark',
        lines: [
          'Open this link to confirm that this address is yours:',
          link,
          'If you have not signed up, do nothing.',
        ],
        link,
      };
    }
    case 'passphrase-changed':
      return {
        subject: 'Your Tidemark passphrase was changed',
        lines: ['The passphrase of your account was changed.', NOT_YOU, settings],
      };
    case 'recovery-code-used':
      return {
        subject: 'Your Tidemark recovery code was used',
        lines: [
          'Somebody has used the recovery code of your account, set a new passphrase and a new code.',
          'All sessions from before have ended.',
          'If that was not you, tell the operator of this server at once.',
          settings,
        ],
      };
    case 'recovery-code-replaced':
      return {
        subject: 'Your Tidemark recovery code was replaced',
        lines: [
          'Your account has a new recovery code. The old one is of no use any more.',
          NOT_YOU,
          settings,
        ],
      };
  }
}
