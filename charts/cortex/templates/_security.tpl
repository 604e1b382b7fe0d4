{{/* Of every pod of the chart: nobody, and nothing beyond what its user may. */}}
{{- define "cortex.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "cortex.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What a container asks the API server with, as it would be mounted by itself; only those that need it have it. */}}
{{- define "cortex.clusterToken" -}}
- serviceAccountToken: { path: token, expirationSeconds: 3607 }
- configMap:
    name: kube-root-ca.crt
    items: [{ key: ca.crt, path: ca.crt }]
- downwardAPI:
    items: [{ path: namespace, fieldRef: { fieldPath: metadata.namespace } }]
{{- end -}}
