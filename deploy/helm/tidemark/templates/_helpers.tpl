{{- define "tidemark.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "tidemark.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Of everything that the chart makes. */}}
{{- define "tidemark.labels" -}}
{{ include "tidemark.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "tidemark.image" -}}
{{- $tag := default .Chart.AppVersion .Values.image.tag -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ $tag }}
{{- end -}}
{{- end }}

{{- define "tidemark.serviceAccount" -}}
{{- default (ternary (include "tidemark.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end }}

{{/* Where the secrets of the services are: given by the operator, or made by the chart. */}}
{{- define "tidemark.secret.own" -}}
{{- default (include "tidemark.fullname" .) .Values.secrets.existingSecret -}}
{{- end }}
{{- define "tidemark.secret.database" -}}
{{- default (printf "%s-database" (include "tidemark.fullname" .)) .Values.database.existingSecret -}}
{{- end }}
{{- define "tidemark.secret.owner" -}}
{{- default (printf "%s-migrate" (include "tidemark.fullname" .)) .Values.database.existingSecret -}}
{{- end }}
{{/* Apart from the others: without it nothing that was stored can be read again. */}}
{{- define "tidemark.secret.keys" -}}
{{- default (printf "%s-keys" (include "tidemark.fullname" .)) .Values.keys.existingSecret -}}
{{- end }}
{{- define "tidemark.secret.mail" -}}
{{- default (printf "%s-mail" (include "tidemark.fullname" .)) .Values.mail.existingSecret -}}
{{- end }}
{{- define "tidemark.sendsMail" -}}
{{- if or .Values.mail.smtpUrl .Values.mail.existingSecret }}yes{{ end -}}
{{- end }}
{{- define "tidemark.secret.redis" -}}
{{- default (printf "%s-redis" (include "tidemark.fullname" .)) .Values.redis.existingSecret -}}
{{- end }}
{{- define "tidemark.hasRedis" -}}
{{- if or .Values.redis.url .Values.redis.existingSecret }}yes{{ end -}}
{{- end }}

{{/* As people see it: what was given, else the Ingress, else the Service, which only the cluster knows. */}}
{{- define "tidemark.websiteUrl" -}}
{{- if .Values.urls.website -}}
{{ .Values.urls.website }}
{{- else if .Values.ingress.enabled -}}
{{ ternary "https" "http" (ne .Values.ingress.tlsSecret "") }}://{{ .Values.ingress.host }}
{{- else -}}
http://{{ include "tidemark.fullname" . }}-gateway.{{ .Release.Namespace }}{{ if ne (int .Values.service.port) 80 }}:{{ .Values.service.port }}{{ end }}
{{- end -}}
{{- end }}
{{- define "tidemark.apiUrl" -}}
{{- default (include "tidemark.websiteUrl" .) .Values.urls.api -}}
{{- end }}

{{- define "tidemark.brokers" -}}
{{- if .Values.trial.enabled -}}
{{ include "tidemark.fullname" . }}-trial-kafka:9092
{{- else -}}
{{ join "," .Values.kafka.brokers }}
{{- end -}}
{{- end }}

{{/* A variable whose value is in a Secret: (list NAME SECRET KEY). */}}
{{- define "tidemark.secretEnv" -}}
- name: {{ index . 0 }}
  valueFrom: { secretKeyRef: { name: {{ index . 1 }}, key: {{ index . 2 }} } }
{{- end }}

{{/* The level `restricted` of Pod Security, and no way to the Kubernetes API. */}}
{{- define "tidemark.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- end }}
{{- define "tidemark.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "tidemark.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{ toJson . }}
{{- end }}
{{- end }}

{{- define "tidemark.caEnv" -}}
{{- if .Values.caCertificates.configMap }}
- { name: NODE_EXTRA_CA_CERTS, value: /etc/tidemark/ca/ca.crt }
{{- end }}
{{- end }}

{{/* What a container sees of files, and where they come from: (dict "root" $ "name" "orgs"). Each service has its own. */}}
{{- define "tidemark.mounts" -}}
{{- with include "tidemark.mountList" . | trim }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- define "tidemark.mountList" -}}
{{- if .root.Values.caCertificates.configMap }}
- { name: ca, mountPath: /etc/tidemark/ca, readOnly: true }
{{- end }}
{{- if has .name (list "orgs" "snapshots") }}
- { name: keys, mountPath: /etc/tidemark/keys, readOnly: true }
{{- end }}
{{- if and (eq .name "orgs") (not (include "tidemark.sendsMail" .root)) }}
- { name: mail, mountPath: /var/lib/tidemark/mail }
{{- end }}
{{- if and (eq .name "snapshots") (not .root.Values.blobs.url) }}
- { name: blobs, mountPath: /var/lib/tidemark/blobs }
{{- end }}
{{- if and (eq .name "snapshots") .root.Values.blobs.credentialsSecret }}
- { name: cloud, mountPath: /etc/tidemark/cloud, readOnly: true }
{{- end }}
{{- end }}
{{- define "tidemark.volumes" -}}
{{- with include "tidemark.volumeList" . | trim }}
volumes:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- define "tidemark.volumeList" -}}
{{- with .root.Values.caCertificates.configMap }}
- { name: ca, configMap: { name: {{ . }} } }
{{- end }}
{{- if has .name (list "orgs" "snapshots") }}
- { name: keys, secret: { secretName: {{ include "tidemark.secret.keys" .root }}, defaultMode: 0440, items: [{ key: keys.json, path: keys.json }] } }
{{- end }}
{{- if and (eq .name "orgs") (not (include "tidemark.sendsMail" .root)) }}
- { name: mail, emptyDir: {} }
{{- end }}
{{- if and (eq .name "snapshots") (not .root.Values.blobs.url) }}
{{- if .root.Values.blobs.existingClaim }}
- { name: blobs, persistentVolumeClaim: { claimName: {{ .root.Values.blobs.existingClaim }} } }
{{- else }}
- { name: blobs, emptyDir: {} }
{{- end }}
{{- end }}
{{- if and (eq .name "snapshots") .root.Values.blobs.credentialsSecret }}
- { name: cloud, secret: { secretName: {{ .root.Values.blobs.credentialsSecret }}, defaultMode: 0440, items: [{ key: credentials.json, path: credentials.json }] } }
{{- end }}
{{- end }}
