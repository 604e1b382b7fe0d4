{{/* Lays the map 'from' over the map 'onto', key by key; lists and values are replaced. Gives nothing back: 'onto' is changed. */}}
{{- define "cortex.overlay" -}}
{{- range $key, $value := .from -}}
{{- if and (kindIs "map" $value) (kindIs "map" (get $.onto $key)) -}}
{{- include "cortex.overlay" (dict "onto" (get $.onto $key) "from" $value) -}}
{{- else -}}
{{- $_ := set $.onto $key $value -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the chart knows about storage; the whole of it is what the migration job needs. */}}
{{- define "cortex.storage" -}}
{{- if .Values.database.existingSecret }}
database: postgres:${file:/run/secrets/cortex-database/{{ .Values.database.key }}}
migrate: {{ ternary "never" "onStart" .Values.migration.job }}
{{- else }}
database: sqlite:/data/cortex.db
migrate: onStart
{{- end }}
{{- if .Values.redis.existingSecret }}
redis: ${file:/run/secrets/cortex-redis/{{ .Values.redis.key }}}
{{- end }}
{{- end -}}

{{/* Where Services are looked for, as a YAML list. */}}
{{- define "cortex.discoveryNamespaces" -}}
{{- toYaml (.Values.discovery.namespaces | default (list .Release.Namespace)) -}}
{{- end -}}

{{- define "cortex.known" -}}
gateway:
  publicUrl: {{ .Values.publicUrl | quote }}
  drain:
    delay: {{ .Values.drain.delaySeconds }}s
    deadline: {{ .Values.drain.deadlineSeconds }}s
  management:
    port: 9090
  {{- if .Values.teamBackends.configMaps }}
  includeReferences: ["file:/run/secrets/teams/{file}/*"]
  {{- end }}
storage: {{- include "cortex.storage" . | trim | nindent 2 }}
{{- if .Values.discovery.enabled }}
discovery:
  kubernetes:
    enabled: true
    namespaces: {{- include "cortex.discoveryNamespaces" . | nindent 6 }}
    allowPlaintext: {{ .Values.discovery.allowPlaintext }}
    {{- with .Values.discovery.labelSelector }}
    labelSelector: {{ . | quote }}
    {{- end }}
{{- end }}
{{- if .Values.vault.existingSecret }}
vault:
  keys:
  {{- range .Values.vault.keys }}
    - id: {{ . | quote }}
      key: ${file:/run/secrets/cortex-vault/{{ . }}}
  {{- end }}
{{- end }}
include:
  - backends.d/*.yaml
  {{- if .Values.teamBackends.sidecar.enabled }}
  - /var/run/cortex/backends/*.yaml
  - /var/run/cortex/backends/*.yml
  {{- end }}
{{- end -}}

{{/* The whole configuration, as YAML. */}}
{{- define "cortex.config" -}}
{{- $config := include "cortex.known" . | fromYaml -}}
{{- include "cortex.overlay" (dict "onto" $config "from" .Values.config) -}}
{{- if .Values.backends -}}
{{- $backends := deepCopy (default dict $config.backends) -}}
{{- include "cortex.overlay" (dict "onto" $backends "from" .Values.backends) -}}
{{- $_ := set $config "backends" $backends -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/*
A sum over what a running gateway takes up at its next start only. A change of it rolls the pods; a change of the rest is taken up by the
running ones within a minute or so. Roots and keys that are left out hold nothing that needs a restart.
*/}}
{{- define "cortex.restartSum" -}}
{{- $config := include "cortex.config" . | fromYaml -}}
{{- $rest := omit $config "backends" "include" "limits" "paging" "tickets" "reverseProxy" "toolsets" -}}
{{- $identity := omit (default dict $config.identity) "admins" "billing" "defaultPlan" "defaultScopes" "plans" "requiredScopes" -}}
{{- toJson (set $rest "identity" $identity) | sha256sum -}}
{{- end -}}

{{- define "cortex.managementPort" -}}
{{- $config := include "cortex.config" . | fromYaml -}}
{{- int $config.gateway.management.port -}}
{{- end -}}
