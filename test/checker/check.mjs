import { checkConsumers } from './consumer-rules.mjs';
import { checkLog } from './log-rules.mjs';
import { checkRequests } from './request-rules.mjs';
import { checkTopic } from './topic-rules.mjs';

/** @param {import('./history.mjs').History} history @returns {import('./history.mjs').Violation[]} */
export const check = ({ requests, events, messages, entries, heard }) => [
  ...checkLog(events),
  ...checkRequests(requests, events),
  ...(messages === null ? [] : checkTopic(events, messages)),
  ...checkConsumers(events, entries, heard),
];
