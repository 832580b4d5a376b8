/** The services that keep an event log, and the topic on which each log is published. */
export const eventTopics = { orgs: 'orgs.events', branches: 'branches.events' } as const;

/** Hints: look again, something is new. Losing one costs time, never data. */
export const hintTopics = {
  appended: (service: string) => `appended:${service}`,
  log: (service: string) => `log:${service}`,
  audit: (org: string) => `audit:${org}`,
} as const;
