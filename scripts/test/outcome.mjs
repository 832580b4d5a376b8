// What a tier reports: how many checks passed, failed and were skipped.
export const outcome = (passed, failed, skipped = 0) => ({ passed, failed, skipped });

export const ran = ({ passed, failed }) => passed + failed;

export function sum(outcomes) {
  const total = outcome(0, 0);
  for (const one of outcomes) for (const key of Object.keys(total)) total[key] += one[key];
  return total;
}

export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)}s`;
