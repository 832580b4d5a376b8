{{/*
The secrets that the chart makes, each made once in a rendering and taken again from the cluster at an upgrade. Without
a cluster to ask (`helm template`) what nobody gave is new each time: give it, or name existing Secrets.
*/}}
{{- define "tidemark.made" -}}
{{- if not (hasKey .Values "made") }}
{{- $full := include "tidemark.fullname" . }}
{{- $own := (lookup "v1" "Secret" .Release.Namespace $full).data | default dict }}
{{- $old := (lookup "v1" "Secret" .Release.Namespace (printf "%s-database" $full)).data | default dict }}
{{- $trial := (lookup "v1" "Secret" .Release.Namespace (printf "%s-migrate" $full)).data | default dict }}
{{- $token := .Values.secrets.operatorToken | default (get $own "operator-token" | b64dec) | default (printf "tm_%s" (randAlphaNum 43)) }}
{{- $key := .Values.secrets.actorKey | default (get $own "actor-key" | b64dec) | default (randAlphaNum 64) }}
{{- $code := .Values.secrets.setupCode | default (get $own "setup-code" | b64dec) | default (randAlphaNum 32) }}
{{- $ring := (lookup "v1" "Secret" .Release.Namespace (printf "%s-keys" $full)).data | default dict }}
{{- $keys := get $ring "keys.json" | b64dec | default (dict "current" "1" "keys" (dict "1" (randBytes 32)) | toJson) }}
{{- $trialPassword := get $trial "password" | b64dec | default (randAlphaNum 32) }}
{{- $owner := ternary (printf "postgres://tidemark:%s@%s-trial-postgres:5432/tidemark" $trialPassword $full) .Values.database.ownerUrl .Values.trial.enabled }}
{{- $roles := dict }}
{{- range $service := list "orgs" "branches" "snapshots" "audit" }}
{{- range $role := list "app" "relay" }}
{{- $given := get (get $.Values.database $service) (printf "%sUrl" $role) }}
{{- $name := printf "%s-%s-url" $service $role }}
{{- $was := get $old $name | b64dec | urlParse }}
{{- $password := $was.userinfo | splitList ":" | last | default (randAlphaNum 40) }}
{{- $login := printf "tidemark_%s_%s:%s" $service $role $password }}
{{- $_ := set $roles $name ($given | default (urlJoin (merge (dict "userinfo" $login) (urlParse $owner)))) }}
{{- end }}
{{- end }}
{{- $_ := set .Values "made" (dict "token" $token "key" $key "code" $code "keys" $keys "owner" $owner "trialPassword" $trialPassword "roles" $roles) }}
{{- end }}
{{- end }}

{{- define "tidemark.secretsChecksum" -}}
{{- include "tidemark.made" . }}
{{- $made := ternary (dict) .Values.made.roles (ne .Values.database.existingSecret "") }}
{{- $own := ternary (dict) (pick .Values.made "token" "key" "code") (ne .Values.secrets.existingSecret "") }}
{{- $keys := ternary "" .Values.made.keys (ne .Values.keys.existingSecret "") }}
{{- list $made $own $keys .Values.redis.url .Values.mail.smtpUrl | toJson | sha256sum }}
{{- end }}

{{/* What cannot be said in the schema without losing the clear text. */}}
{{- define "tidemark.check" -}}
{{- $v := .Values }}
{{- if and (not $v.trial.enabled) (not $v.database.existingSecret) (not $v.database.ownerUrl) }}
{{- fail "\n\ndatabase: name a Secret in database.existingSecret, or give the owner's URL in database.ownerUrl, or try with values-trial.yaml.\n" }}
{{- end }}
{{- if and (not $v.trial.enabled) (not $v.kafka.brokers) }}
{{- fail "\n\nkafka.brokers: name at least one broker as host:port, or try with values-trial.yaml.\n" }}
{{- end }}
{{- if and $v.trial.enabled (or $v.database.existingSecret $v.database.ownerUrl $v.kafka.brokers) }}
{{- fail "\n\ntrial.enabled brings its own Postgres and Kafka: leave database.ownerUrl, database.existingSecret and kafka.brokers empty, or turn trial off.\n" }}
{{- end }}
{{- if and $v.database.existingSecret $v.database.ownerUrl }}
{{- fail "\n\ndatabase: give either existingSecret or URLs, not both.\n" }}
{{- end }}
{{- range $service := list "orgs" "branches" "snapshots" "audit" }}
{{- $logins := get $v.database $service }}
{{- if and $v.database.existingSecret (or $logins.appUrl $logins.relayUrl) }}
{{- fail "\n\ndatabase: give either existingSecret or URLs, not both.\n" }}
{{- end }}
{{- end }}
{{- if and (not $v.trial.enabled) (not $v.blobs.url) (not $v.blobs.existingClaim) }}
{{- fail "\n\nblobs: say where blobs are kept: gs://bucket in blobs.url, or a claim that all pods of snapshots can write to in blobs.existingClaim.\n" }}
{{- end }}
{{- if and $v.blobs.url $v.blobs.existingClaim }}
{{- fail "\n\nblobs: give either url or existingClaim, not both.\n" }}
{{- end }}
{{- if and $v.mail.existingSecret $v.mail.smtpUrl }}
{{- fail "\n\nmail: give either existingSecret or smtpUrl, not both.\n" }}
{{- end }}
{{- if and $v.redis.existingSecret $v.redis.url }}
{{- fail "\n\nredis: give either existingSecret or url, not both.\n" }}
{{- end }}
{{- if and $v.secrets.existingSecret (or $v.secrets.operatorToken $v.secrets.actorKey $v.secrets.setupCode) }}
{{- fail "\n\nsecrets: give either existingSecret or operatorToken, actorKey and setupCode, not both.\n" }}
{{- end }}
{{- if and $v.ingress.enabled (not $v.ingress.host) }}
{{- fail "\n\ningress.host: an Ingress needs the name under which it is asked.\n" }}
{{- end }}
{{- if and (not $v.serviceAccount.create) (not $v.serviceAccount.name) }}
{{- fail "\n\nserviceAccount.name: name an account of yours, or let the chart make one.\n" }}
{{- end }}
{{- end }}
