import type { DeciderOf } from '@tidemark/event-store';
import { branchDecider } from './branch/branch.decider.js';
import { fileDecider } from './file/file.decider.js';

/** Which rules fold a stream of this service. */
export const deciderOf: DeciderOf = (stream) => (stream.startsWith('file-') ? fileDecider : branchDecider);
