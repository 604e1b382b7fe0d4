{{/* "yes" where the database is the chart's SQLite file, which needs a volume. */}}
{{- define "cortex.onSqlite" -}}
{{- $config := include "cortex.config" . | fromYaml -}}
{{- if hasPrefix "sqlite:" (default "" $config.storage.database) -}}yes{{- end -}}
{{- end -}}

{{/* The Secrets of storage and vault in folders of the chart's own, then the others under their names. A missing one holds the pod back. */}}
{{- define "cortex.secretMounts" -}}
{{- if .Values.database.existingSecret }}
- { name: database, mountPath: /run/secrets/cortex-database, readOnly: true }
{{- end }}
{{- if .Values.redis.existingSecret }}
- { name: redis, mountPath: /run/secrets/cortex-redis, readOnly: true }
{{- end }}
{{- if .Values.vault.existingSecret }}
- { name: vault, mountPath: /run/secrets/cortex-vault, readOnly: true }
{{- end }}
{{- range $index, $secret := .Values.secrets }}
- { name: secret-{{ $index }}, mountPath: /run/secrets/cortex/{{ $secret }}, readOnly: true }
{{- end }}
{{- end -}}

{{- define "cortex.secretVolumes" -}}
{{- with .Values.database.existingSecret }}
- name: database
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- with .Values.redis.existingSecret }}
- name: redis
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- with .Values.vault.existingSecret }}
- name: vault
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- range $index, $secret := .Values.secrets }}
- name: secret-{{ $index }}
  secret: { secretName: {{ $secret }}, defaultMode: 0440 }
{{- end }}
{{- end -}}
