/** The pages, and where the installation is reached. The addresses are known only after listening. */
export interface WebsiteParts {
  /** What the build of the website left: `index.html` and `assets`. */
  readonly folder: string;
  readonly websiteUrl: () => string;
  readonly apiUrl: () => string;
  /** Where mails lie as files; only on loopback and where none is sent. */
  readonly mailDir?: string | undefined;
}

/** Undefined where an installation has no pages; the calls of the website are there all the same. */
export const WEBSITE = Symbol('WebsiteParts');
