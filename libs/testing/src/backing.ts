// For tests in libraries that may not import libs/backing: a server of their own, to be killed and restarted.
export { defaultCacheDir, pgTools, type Running, startPostgres, temporaryDir } from '@tidemark/backing';
