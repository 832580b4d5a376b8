// How long each pod took to be ready, and what it holds of memory.
import { setTimeout as pause } from 'node:timers/promises';

const secondsBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 1000);

async function memoryByPod(box, namespace) {
  const { nodeName } = (await box.get(namespace, 'pods')).items[0].spec;
  const summary = JSON.parse(
    await box.exec(['kubectl', 'get', '--raw', `/api/v1/nodes/${nodeName}/proxy/stats/summary`]),
  );
  const own = summary.pods.filter(({ podRef }) => podRef.namespace === namespace);
  return new Map(own.map(({ podRef, memory }) => [podRef.name, memory?.workingSetBytes]));
}

const LEAST = 1_000_000;
const TRIES = 40;

/** The kubelet measures from time to time: of a young pod it knows nothing yet, and says nothing or zero. */
async function measured(box, namespace, names) {
  for (let tries = 1; ; tries++) {
    const memory = await memoryByPod(box, namespace);
    const known = names.filter((name) => memory.get(name) > LEAST);
    if (known.length === names.length || tries === TRIES)
      return new Map(known.map((name) => [name, memory.get(name)]));
    await pause(1_000);
  }
}

export async function podReport(box, namespace) {
  const { items } = await box.get(namespace, 'pods', '--selector', 'app.kubernetes.io/instance=tidemark');
  const running = items.filter(
    ({ metadata, status }) => status.phase === 'Running' && !metadata.deletionTimestamp,
  );
  const memory = await measured(
    box,
    namespace,
    running.map(({ metadata }) => metadata.name),
  );
  return running.map(({ metadata, status, spec }) => {
    const ready = status.conditions.find(({ type }) => type === 'Ready').lastTransitionTime;
    const bytes = memory.get(metadata.name);
    return {
      name: spec.containers[0].name,
      seconds: secondsBetween(metadata.creationTimestamp, ready),
      megabytes: bytes === undefined ? undefined : Math.round(bytes / 1e6),
      restarts: status.containerStatuses[0].restartCount,
    };
  });
}
