{{/* The head of a policy: (dict "root" $ "name" "orgs"). */}}
{{- define "tidemark.policy" }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "tidemark.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "tidemark.labels" .root | nindent 4 }}
{{- end }}
{{- define "tidemark.pods" -}}
matchLabels:
  {{- include "tidemark.selector" .root | nindent 2 }}
  app.kubernetes.io/component: {{ .name }}
{{- end }}
{{- define "tidemark.edge.dns" }}
- ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
  {{- with .Values.networkPolicy.dnsTo }}
  to: {{ toJson . }}
  {{- end }}
{{- end }}
{{/* To a server: (dict "root" $ "name" "postgres"), in a trial the one that came along. */}}
{{- define "tidemark.edge.server" }}
{{- $values := get .root.Values.networkPolicy .name }}
- ports:
  {{- range $values.ports }}
    - { port: {{ . }}, protocol: TCP }
  {{- end }}
  {{- if .root.Values.trial.enabled }}
  to:
    - podSelector:
        {{- include "tidemark.pods" (dict "root" .root "name" (printf "trial-%s" .name)) | nindent 8 }}
  {{- else }}
  {{- with $values.to }}
  to: {{ toJson . }}
  {{- end }}
  {{- end }}
{{- end }}
{{/* To what no trial brings along: (dict "root" $ "name" "smtp"). */}}
{{- define "tidemark.edge.outside" }}
{{- $values := get .root.Values.networkPolicy .name }}
- ports:
  {{- range $values.ports }}
    - { port: {{ . }}, protocol: TCP }
  {{- end }}
  {{- with $values.to }}
  to: {{ toJson . }}
  {{- end }}
{{- end }}
{{- define "tidemark.edge.service" }}
- ports: [{ port: 7420, protocol: TCP }]
  to:
    - podSelector:
        {{- include "tidemark.pods" . | nindent 8 }}
{{- end }}
