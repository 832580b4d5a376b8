import type { Registration } from '@tidemark/contracts';

export interface Place {
  readonly api: string;
  readonly website: string;
  readonly registration: Registration;
  /** The file with the setup code; none where the first account needs no code, or where it was given. */
  readonly setupCodeFile: string | undefined;
  /** Where mails lie; none where they are sent. */
  readonly mailDir: string | undefined;
}

/** For whoever sees this for the first time. */
export const nextSteps = (place: Place): string => `
  Tidemark runs.${signUp(place)}

  2. Point the Insomnia app at it. Log out in the app, quit it, and start it with

       INSOMNIA_API_URL=${place.api}
       INSOMNIA_APP_WEBSITE_URL=${place.website}

     docs/connect-the-app.md says how on Linux, macOS and Windows, and how to undo it.
  3. Log in from the app: it opens ${place.website}/app/auth-app/ in the browser.
${place.mailDir === undefined ? '' : `\n  No mail is sent (TIDEMARK_SMTP_URL is not set): mails are files in ${place.mailDir}\n`}
  Ctrl-C ends it. The data stays.
`;

function signUp({ website, registration, setupCodeFile }: Place): string {
  const page = `${website}/app/sign-up`;
  if (!registration.needsOperator) return `\n\n  1. Sign up, or sign in: ${page}`;
  const first = `\n\n  1. Make the first account, which becomes the installation's operator: ${page}`;
  if (registration.codeless) return first;
  const code = setupCodeFile === undefined ? 'in TIDEMARK_SETUP_CODE' : `in the file ${setupCodeFile}`;
  return `${first}\n     It asks for the setup code, which is ${code}.`;
}
