{{/* Of every service that has a database and events: (dict "root" $ "name" "orgs"). */}}
{{- define "tidemark.env.events" -}}
{{- $root := .root }}
{{- $database := include "tidemark.secret.database" $root }}
{{- include "tidemark.secretEnv" (list "TIDEMARK_APP_DATABASE_URL" $database (printf "%s-app-url" .name)) }}
{{ include "tidemark.secretEnv" (list "TIDEMARK_RELAY_DATABASE_URL" $database (printf "%s-relay-url" .name)) }}
- { name: TIDEMARK_DATABASE_CONNECTIONS, value: {{ $root.Values.database.connections | quote }} }
- { name: TIDEMARK_KAFKA_BROKERS, value: {{ include "tidemark.brokers" $root | quote }} }
- { name: TIDEMARK_KAFKA_PARTITIONS, value: {{ $root.Values.kafka.partitions | quote }} }
- { name: TIDEMARK_KAFKA_REPLICATION, value: {{ $root.Values.kafka.replication | quote }} }
- { name: TIDEMARK_KAFKA_SESSION_MS, value: {{ int $root.Values.kafka.sessionMs | quote }} }
- { name: TIDEMARK_STALL_SECONDS, value: {{ $root.Values.stallSeconds | quote }} }
- { name: TIDEMARK_PARK_RETRY_SECONDS, value: {{ $root.Values.parkRetrySeconds | quote }} }
{{ include "tidemark.env.redis" $root }}
{{- end }}

{{/* Hints between processes; without Redis they look for themselves. */}}
{{- define "tidemark.env.redis" -}}
{{- if include "tidemark.hasRedis" . }}
{{- include "tidemark.secretEnv" (list "TIDEMARK_REDIS_URL" (include "tidemark.secret.redis" .) "redis-url") }}
{{- end }}
{{- end }}

{{/* What one service has beside what all with events have, by its name. */}}
{{- define "tidemark.env.gateway" -}}
{{- include "tidemark.secretEnv" (list "TIDEMARK_OPERATOR_TOKEN" (include "tidemark.secret.own" .) "operator-token") }}
{{- range $name := list "orgs" "branches" "snapshots" "audit" }}
- { name: TIDEMARK_{{ upper $name }}_URL, value: "http://{{ include "tidemark.fullname" $ }}-{{ $name }}:7420" }
{{- end }}
- { name: TIDEMARK_WEBSITE_URL, value: {{ include "tidemark.websiteUrl" . | quote }} }
- { name: TIDEMARK_API_URL, value: {{ include "tidemark.apiUrl" . | quote }} }
{{- with .Values.trustedProxies }}
- { name: TIDEMARK_TRUSTED_PROXIES, value: {{ join "," . | quote }} }
{{- end }}
{{ include "tidemark.env.redis" . }}
{{- end }}

{{- define "tidemark.env.orgs" -}}
- { name: TIDEMARK_KEYS_URL, value: "file:///etc/tidemark/keys/keys.json" }
- { name: TIDEMARK_WEBSITE_URL, value: {{ include "tidemark.websiteUrl" . | quote }} }
- { name: TIDEMARK_REGISTRATION, value: {{ .Values.accounts.registration | quote }} }
- { name: TIDEMARK_DEVICE_LIMIT, value: {{ .Values.accounts.deviceLimit | quote }} }
- { name: TIDEMARK_SESSION_IDLE_DAYS, value: {{ .Values.accounts.sessionIdleDays | quote }} }
- { name: TIDEMARK_SESSION_DAYS, value: {{ .Values.accounts.sessionDays | quote }} }
{{ include "tidemark.secretEnv" (list "TIDEMARK_SETUP_CODE" (include "tidemark.secret.own" .) "setup-code") }}
{{- if include "tidemark.sendsMail" . }}
{{ include "tidemark.secretEnv" (list "TIDEMARK_SMTP_URL" (include "tidemark.secret.mail" .) "smtp-url") }}
{{- else }}
- { name: TIDEMARK_MAIL_DIR, value: /var/lib/tidemark/mail }
{{- end }}
{{- with .Values.mail.from }}
- { name: TIDEMARK_MAIL_FROM, value: {{ . | quote }} }
{{- end }}
{{- end }}

{{- define "tidemark.env.branches" -}}
{{- end }}

{{- define "tidemark.env.snapshots" -}}
- { name: TIDEMARK_KEYS_URL, value: "file:///etc/tidemark/keys/keys.json" }
- { name: TIDEMARK_BLOBS_URL, value: {{ default "file:///var/lib/tidemark/blobs" .Values.blobs.url | quote }} }
- { name: TIDEMARK_BRANCHES_URL, value: "http://{{ include "tidemark.fullname" . }}-branches:7420" }
{{- if .Values.blobs.credentialsSecret }}
- { name: GOOGLE_APPLICATION_CREDENTIALS, value: /etc/tidemark/cloud/credentials.json }
{{- end }}
{{- end }}

{{- define "tidemark.env.audit" -}}
{{- end }}

{{/* The container that brings the tables of one service up to date: (dict "root" $ "name" "orgs"). */}}
{{- define "tidemark.migrate" -}}
{{- $root := .root }}
{{- $secret := include "tidemark.secret.owner" $root }}
name: migrate
image: {{ include "tidemark.image" $root }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
command: [/usr/local/bin/node]
args: [/app/apps/cli/dist/main.js, migrate, {{ .name }}]
{{ include "tidemark.containerSecurity" $root }}
env:
  - { name: NODE_ENV, value: production }
  {{- include "tidemark.secretEnv" (list "TIDEMARK_DATABASE_URL" $secret "owner-url") | nindent 2 }}
  {{- include "tidemark.secretEnv" (list "TIDEMARK_APP_DATABASE_URL" $secret (printf "%s-app-url" .name)) | nindent 2 }}
  {{- include "tidemark.secretEnv" (list "TIDEMARK_RELAY_DATABASE_URL" $secret (printf "%s-relay-url" .name)) | nindent 2 }}
  {{- include "tidemark.caEnv" $root | nindent 2 }}
resources: {{ toJson $root.Values.migrations.resources }}
{{ include "tidemark.mounts" (dict "root" $root "name" "migrate") }}
{{- end }}

{{- define "tidemark.migrationHook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
