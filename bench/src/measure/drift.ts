/** What the machine can do by itself, in operations per second: says whether it stayed the same machine. */
export interface Probes {
  readonly fsyncs: number;
  readonly pings: number;
  readonly sha256Megabytes: number;
}

const MOST_DRIFT = 0.15;

export interface Drift {
  readonly probe: keyof Probes;
  /** The difference as a share of the larger one. */
  readonly share: number;
}

/** The probe that changed most between start and end. */
export function driftOf(start: Probes, end: Probes): Drift {
  const drifts = (Object.keys(start) as (keyof Probes)[]).map((probe) => ({
    probe,
    share: Math.abs(start[probe] - end[probe]) / Math.max(start[probe], end[probe]),
  }));
  return drifts.reduce((most, one) => (one.share > most.share ? one : most));
}

export const hasDrifted = ({ share }: Drift): boolean => share > MOST_DRIFT;
