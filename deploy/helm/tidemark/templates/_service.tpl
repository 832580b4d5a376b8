{{/*
What all services have: a Deployment, a Service and a disruption budget. Called with
(dict "root" $ "name" "orgs" "env" "<its own variables, as YAML>" "init" "<containers before it, as YAML>").
*/}}
{{- define "tidemark.service" -}}
{{- $root := .root }}
{{- $values := index $root.Values .name }}
{{- $full := printf "%s-%s" (include "tidemark.fullname" $root) .name }}
{{- $stop := $root.Values.shutdown }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $full }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "tidemark.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
spec:
  replicas: {{ $values.replicas }}
  selector:
    matchLabels:
      {{- include "tidemark.selector" $root | nindent 6 }}
      app.kubernetes.io/component: {{ .name }}
  # A new pod answers before an old one goes.
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  progressDeadlineSeconds: 300
  template:
    metadata:
      labels:
        {{- with $root.Values.podLabels }}{{ toYaml . | nindent 8 }}{{ end }}
        {{- include "tidemark.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ .name }}
      annotations:
        {{- with $root.Values.podAnnotations }}{{ toYaml . | nindent 8 }}{{ end }}
        # A changed secret makes new pods; environment variables do not follow by themselves.
        checksum/secrets: {{ include "tidemark.secretsChecksum" $root }}
    spec:
      serviceAccountName: {{ include "tidemark.serviceAccount" $root }}
      {{- include "tidemark.podSecurity" $root | nindent 6 }}
      {{- include "tidemark.placement" $root | nindent 6 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "tidemark.selector" $root | nindent 14 }}
              app.kubernetes.io/component: {{ .name }}
      # The sleep, the 28 s within which a process ends or says why it could not, and 4 s to spare.
      terminationGracePeriodSeconds: {{ add $stop.preStopSeconds 32 }}
      {{- with .init }}
      initContainers:
        {{- . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ include "tidemark.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          command: [/usr/local/bin/node]
          args: [/app/apps/{{ .name }}/dist/main.js]
          {{- include "tidemark.containerSecurity" $root | nindent 10 }}
          env:
            - { name: NODE_ENV, value: production }
            - { name: TIDEMARK_HOST, value: 0.0.0.0 }
            - { name: TIDEMARK_PORT, value: "7420" }
            - { name: TIDEMARK_LOG_LEVEL, value: {{ $root.Values.logLevel }} }
            - { name: TIDEMARK_SHUTDOWN_WAIT_SECONDS, value: {{ $stop.waitSeconds | quote }} }
            {{- include "tidemark.secretEnv" (list "TIDEMARK_ACTOR_KEY" (include "tidemark.secret.own" $root) "actor-key") | nindent 12 }}
            {{- with .env }}{{ . | nindent 12 }}{{ end }}
            {{- include "tidemark.caEnv" $root | nindent 12 }}
          ports:
            - { name: http, containerPort: 7420, protocol: TCP }
          # Alive says only that the process runs: restarting it would not bring a database back.
          startupProbe: { httpGet: { path: /health/live, port: http }, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 90 }
          readinessProbe: { httpGet: { path: /health/ready, port: http }, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 2 }
          livenessProbe: { httpGet: { path: /health/live, port: http }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }
          # Until nobody is sent here any more. Then the process gets SIGTERM, says on each answer that the connection
          # ends, and goes on answering for TIDEMARK_SHUTDOWN_WAIT_SECONDS.
          lifecycle: { preStop: { sleep: { seconds: {{ $stop.preStopSeconds }} } } }
          resources: {{ toJson $values.resources }}
          {{- include "tidemark.mounts" . | nindent 10 }}
      {{- include "tidemark.volumes" . | nindent 6 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $full }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "tidemark.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
  {{- if eq .name "gateway" }}
  {{- with $root.Values.service.annotations }}
  annotations: {{ toJson . }}
  {{- end }}
  {{- end }}
spec:
  type: {{ ternary $root.Values.service.type "ClusterIP" (eq .name "gateway") }}
  selector:
    {{- include "tidemark.selector" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
  ports:
    - name: http
      port: {{ ternary $root.Values.service.port 7420 (eq .name "gateway") }}
      targetPort: http
      protocol: TCP
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $full }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "tidemark.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
spec:
  # One at a time. With a single replica a node can still be emptied.
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "tidemark.selector" $root | nindent 6 }}
      app.kubernetes.io/component: {{ .name }}
{{- end }}
