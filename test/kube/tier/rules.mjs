// What the schemas cannot know: that each workload keeps to the restricted profile and is looked after, and that the
// parts of the chart name each other rightly. Takes the objects of one rendering and gives what is wrong.
const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job']);

const podOf = ({ spec }) => spec.template;

const containersOf = (pod) => [...(pod.spec.initContainers ?? []), ...pod.spec.containers];

const matches = (labels, selector) =>
  Object.entries(selector ?? {}).every(([name, value]) => labels?.[name] === value);

const named = (object) => `${object.kind} ${object.metadata.name}`;

function* securityOf(pod) {
  const { spec } = pod;
  if (spec.securityContext?.runAsNonRoot !== true) yield 'may run as root';
  if (!(spec.securityContext?.runAsUser > 0)) yield 'has no numeric user';
  if (spec.securityContext?.seccompProfile?.type !== 'RuntimeDefault') yield 'has no seccomp profile';
  if (spec.automountServiceAccountToken !== false) yield 'mounts a token of the Kubernetes API';
  if (spec.hostNetwork || spec.hostPID || spec.hostIPC) yield 'shares namespaces of the node';
  if (spec.volumes?.some(({ hostPath }) => hostPath)) yield 'mounts a folder of the node';
  for (const container of containersOf(pod)) yield* securityOfContainer(container);
}

function* securityOfContainer({ name, securityContext = {}, resources = {}, image }) {
  const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities, privileged } = securityContext;
  if (allowPrivilegeEscalation !== false) yield `${name} may gain rights`;
  if (readOnlyRootFilesystem !== true) yield `${name} may write to its root`;
  if (!capabilities?.drop?.includes('ALL') || capabilities.add) yield `${name} keeps capabilities`;
  if (privileged) yield `${name} is privileged`;
  if (!resources.requests?.cpu || !resources.requests?.memory) yield `${name} requests no cpu or memory`;
  if (!resources.limits?.memory) yield `${name} has no memory limit`;
  if (/:latest$|^[^:@]+$/.test(image)) yield `${name} has an image without a version`;
}

const hasPort = ({ ports = [] }, port) =>
  ports.some(({ name, containerPort }) => name === port || containerPort === port);

function* probesOf(pod) {
  for (const container of pod.spec.containers) {
    for (const kind of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const probe = container[kind];
      if (!probe) yield `${container.name} has no ${kind}`;
      const port = (probe?.httpGet ?? probe?.tcpSocket)?.port;
      if (port !== undefined && !hasPort(container, port))
        yield `${kind} asks port ${port}, which ${container.name} does not open`;
    }
  }
}

function* keptAlive(object, all) {
  const { labels } = podOf(object).metadata;
  const pdbs = all.filter(
    ({ kind, spec }) => kind === 'PodDisruptionBudget' && matches(labels, spec.selector.matchLabels),
  );
  if (pdbs.length !== 1) yield `has ${pdbs.length} disruption budgets`;
  const { spec } = podOf(object);
  const sleep = spec.containers[0].lifecycle?.preStop?.sleep?.seconds ?? 0;
  if (spec.terminationGracePeriodSeconds < sleep + 30) yield 'is killed before it can have ended';
}

/** Default deny: each pod is under a policy that opens nothing, whatever others open. */
function* walled(object, all) {
  const { labels } = podOf(object).metadata;
  const denies = all.some(
    ({ kind, spec }) =>
      kind === 'NetworkPolicy' &&
      matches(labels, spec.podSelector.matchLabels) &&
      ['Ingress', 'Egress'].every((type) => spec.policyTypes.includes(type)) &&
      !spec.ingress &&
      !spec.egress,
  );
  if (!denies) yield 'is under no policy that denies by default';
}

function* servicesProblems(all) {
  const pods = all.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet').map(podOf);
  for (const service of all.filter(({ kind }) => kind === 'Service')) {
    const chosen = pods.filter(({ metadata }) => matches(metadata.labels, service.spec.selector));
    if (chosen.length !== 1) yield `${named(service)} chooses ${chosen.length} workloads`;
    for (const { targetPort, port } of service.spec.ports) {
      const wanted = targetPort ?? port;
      if (chosen.some((pod) => !pod.spec.containers.some((container) => hasPort(container, wanted))))
        yield `${named(service)} leads to port ${wanted}, which no container opens`;
    }
  }
}

/** A Secret that the chart names must be one that it makes, or one that the values name. */
function* secretsProblems(all, given) {
  const made = new Set(all.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name));
  const keys = new Map(
    all
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata, stringData }) => [metadata.name, stringData]),
  );
  for (const object of all.filter(({ kind }) => workloads.has(kind))) {
    for (const { env = [] } of containersOf(podOf(object))) {
      for (const { name, key } of env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])) {
        if (!made.has(name) && !given.includes(name))
          yield `${named(object)} wants the Secret ${name}, which nobody makes`;
        if (made.has(name) && !(key in keys.get(name)))
          yield `${named(object)} wants ${key} of the Secret ${name}`;
      }
    }
    for (const { secretName: name, items = [] } of volumeSecrets(podOf(object))) {
      if (!made.has(name) && !given.includes(name))
        yield `${named(object)} wants the Secret ${name}, which nobody makes`;
      for (const { key } of items)
        if (made.has(name) && !(key in keys.get(name)))
          yield `${named(object)} wants ${key} of the Secret ${name}`;
    }
  }
}

const volumeSecrets = ({ spec }) => (spec.volumes ?? []).flatMap(({ secret }) => secret ?? []);

/** What a container sees must be a volume of its pod. */
function* mountProblems(pod) {
  const volumes = new Set((pod.spec.volumes ?? []).map(({ name }) => name));
  for (const { name, volumeMounts = [] } of containersOf(pod))
    for (const mount of volumeMounts)
      if (!volumes.has(mount.name)) yield `${name} mounts ${mount.name}, which the pod has not`;
}

/** What a release hook needs must come before it, which only hooks of a lower weight do. */
function* hookProblems(all) {
  const weight = ({ metadata }) =>
    metadata.annotations?.['helm.sh/hook'] ? Number(metadata.annotations['helm.sh/hook-weight']) : Infinity;
  const secrets = new Map(
    all.filter(({ kind }) => kind === 'Secret').map((secret) => [secret.metadata.name, secret]),
  );
  for (const job of all.filter(({ kind }) => kind === 'Job')) {
    for (const { env = [] } of containersOf(podOf(job))) {
      for (const { name } of env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])) {
        const secret = secrets.get(name);
        if (secret && weight(secret) >= weight(job))
          yield `${named(job)} runs before its Secret ${name} is made`;
      }
    }
  }
}

/** Everything that is wrong, each as one line. `given`: names of Secrets that exist outside of the chart. */
export function problems(all, { given = [], policies = true } = {}) {
  const of = (object, found) => [...found].map((text) => `${named(object)} ${text}`);
  const each = all
    .filter(({ kind }) => workloads.has(kind))
    .flatMap((object) => [
      ...of(object, securityOf(podOf(object))),
      ...of(object, mountProblems(podOf(object))),
      ...(object.kind === 'Job' ? [] : of(object, probesOf(podOf(object)))),
      ...(object.kind === 'Job' ? [] : of(object, keptAlive(object, all))),
      ...(policies ? of(object, walled(object, all)) : []),
    ]);
  return [...each, ...servicesProblems(all), ...secretsProblems(all, given), ...hookProblems(all)];
}
