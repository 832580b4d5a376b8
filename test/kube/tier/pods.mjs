import { setTimeout as sleep } from 'node:timers/promises';

// How long each pod took to be ready, and what it holds of memory.
const secondsBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 1000);

/** The kubelet measures now and then; a pod that it has not measured yet has 0. */
async function measured(box, namespace, names) {
  for (let tries = 0; ; tries++) {
    const memory = await memoryByPod(box, namespace);
    if (names.every((name) => memory.get(name) > 0) || tries === 20) return memory;
    await sleep(1_000);
  }
}

async function memoryByPod(box, namespace) {
  const { nodeName } = (await box.get(namespace, 'pods')).items[0].spec;
  const summary = JSON.parse(
    await box.exec(['kubectl', 'get', '--raw', `/api/v1/nodes/${nodeName}/proxy/stats/summary`]),
  );
  const own = summary.pods.filter(({ podRef }) => podRef.namespace === namespace);
  return new Map(own.map(({ podRef, memory }) => [podRef.name, memory?.workingSetBytes]));
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
