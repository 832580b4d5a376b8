{{- define "tidemark.trial.server" }}
{{- $root := .root }}
{{- $full := printf "%s-trial-%s" (include "tidemark.fullname" $root) .name }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $full }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "tidemark.labels" $root | nindent 4 }}
    app.kubernetes.io/component: trial-{{ .name }}
spec:
  replicas: 1
  strategy: { type: Recreate }
  selector:
    {{- include "tidemark.pods" (dict "root" $root "name" (printf "trial-%s" .name)) | nindent 4 }}
  template:
    metadata:
      labels:
        {{- include "tidemark.labels" $root | nindent 8 }}
        app.kubernetes.io/component: trial-{{ .name }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: {{ .uid }}
        runAsGroup: {{ .uid }}
        fsGroup: {{ .uid }}
        seccompProfile: { type: RuntimeDefault }
      terminationGracePeriodSeconds: 30
      containers:
        - name: {{ .name }}
          image: {{ .image }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- include "tidemark.containerSecurity" $root | nindent 10 }}
          env:
            {{- .env | nindent 12 }}
          ports:
            - { name: server, containerPort: {{ .port }}, protocol: TCP }
          startupProbe: { tcpSocket: { port: server }, periodSeconds: 1, failureThreshold: 180 }
          readinessProbe: { tcpSocket: { port: server }, periodSeconds: 5 }
          livenessProbe: { tcpSocket: { port: server }, periodSeconds: 20, failureThreshold: 6 }
          resources:
            requests: { cpu: 50m, memory: {{ .memory }} }
            limits: { memory: 1Gi }
          volumeMounts:
            {{- range $index, $path := .writable }}
            - { name: scratch, mountPath: {{ $path }}, subPath: dir{{ $index }} }
            {{- end }}
      volumes:
        - { name: scratch, emptyDir: {} }
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $full }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "tidemark.labels" $root | nindent 4 }}
    app.kubernetes.io/component: trial-{{ .name }}
spec:
  # Kafka asks itself by this name before it is ready.
  publishNotReadyAddresses: true
  selector:
    {{- include "tidemark.selector" $root | nindent 4 }}
    app.kubernetes.io/component: trial-{{ .name }}
  ports:
    - { name: server, port: {{ .port }}, targetPort: server, protocol: TCP }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $full }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "tidemark.labels" $root | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    {{- include "tidemark.pods" (dict "root" $root "name" (printf "trial-%s" .name)) | nindent 4 }}
{{- if $root.Values.networkPolicy.enabled }}
---
{{- include "tidemark.policy" (dict "root" $root "name" (printf "trial-%s" .name)) }}
spec:
  podSelector:
    {{- include "tidemark.pods" (dict "root" $root "name" (printf "trial-%s" .name)) | nindent 4 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports: [{ port: {{ .port }}, protocol: TCP }]
      from:
        {{- range $from := list "orgs" "branches" "snapshots" "audit" (printf "trial-%s" .name) }}
        - podSelector:
            {{- include "tidemark.pods" (dict "root" $root "name" $from) | nindent 12 }}
        {{- end }}
  egress:
    {{- include "tidemark.edge.dns" $root | nindent 4 }}
    - ports: [{ port: {{ .port }}, protocol: TCP }]
      to:
        - podSelector:
            {{- include "tidemark.pods" (dict "root" $root "name" (printf "trial-%s" .name)) | nindent 12 }}
{{- end }}
{{- end }}

{{- define "tidemark.trial.postgresEnv" -}}
- { name: POSTGRES_USER, value: tidemark }
- { name: POSTGRES_DB, value: tidemark }
{{ include "tidemark.secretEnv" (list "POSTGRES_PASSWORD" (printf "%s-migrate" (include "tidemark.fullname" .)) "password") }}
- { name: PGDATA, value: /var/lib/postgresql/18/docker }
{{- end }}

{{- define "tidemark.trial.kafkaEnv" -}}
{{- $host := printf "%s-trial-kafka" (include "tidemark.fullname" .) -}}
- { name: KAFKA_NODE_ID, value: "1" }
- { name: KAFKA_PROCESS_ROLES, value: "broker,controller" }
- { name: KAFKA_LISTENERS, value: "PLAINTEXT://:9092,CONTROLLER://127.0.0.1:9093" }
- { name: KAFKA_ADVERTISED_LISTENERS, value: "PLAINTEXT://{{ $host }}:9092" }
- { name: KAFKA_CONTROLLER_LISTENER_NAMES, value: CONTROLLER }
- { name: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP, value: "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT" }
- { name: KAFKA_CONTROLLER_QUORUM_VOTERS, value: "1@127.0.0.1:9093" }
- { name: KAFKA_AUTO_CREATE_TOPICS_ENABLE, value: "false" }
- { name: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR, value: "1" }
- { name: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR, value: "1" }
- { name: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR, value: "1" }
- { name: KAFKA_MESSAGE_MAX_BYTES, value: "2097152" }
- { name: KAFKA_LOG_DIRS, value: /var/lib/kafka/data }
- { name: KAFKA_HEAP_OPTS, value: "-Xms64m -Xmx384m" }
{{- end }}
