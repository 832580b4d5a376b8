import type { Environment } from './load-config.js';

/** As it is, for programs that start others or look for the folders of this account. Settings come from `loadConfig`. */
export const environment = (): Environment => process.env;
