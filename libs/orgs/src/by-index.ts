/** For functions: on a young table without statistics the planner would choose what is slow an hour later. */
export const byIndex = 'set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off';
