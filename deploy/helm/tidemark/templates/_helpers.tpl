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
{{- define "tidemark.secret.redis" -}}
{{- default (printf "%s-redis" (include "tidemark.fullname" .)) .Values.redis.existingSecret -}}
{{- end }}
{{- define "tidemark.hasRedis" -}}
{{- if or .Values.redis.url .Values.redis.existingSecret }}yes{{ end -}}
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
{{- define "tidemark.caMount" -}}
{{- if .Values.caCertificates.configMap }}
volumeMounts:
  - { name: ca, mountPath: /etc/tidemark/ca, readOnly: true }
{{- end }}
{{- end }}
{{- define "tidemark.caVolume" -}}
{{- with .Values.caCertificates.configMap }}
volumes:
  - { name: ca, configMap: { name: {{ . }} } }
{{- end }}
{{- end }}
