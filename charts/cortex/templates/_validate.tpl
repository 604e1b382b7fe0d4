{{/* Refuses what can't work, each with the mend. What the gateway itself checks is left to 'cortex check' and its start. */}}
{{- define "cortex.validate" -}}
{{- $config := include "cortex.config" . | fromYaml -}}
{{- $identity := default dict $config.identity -}}
{{- $server := default dict $identity.authorizationServer -}}
{{- $database := default "" $config.storage.database -}}
{{- $replicas := int (ternary .Values.autoscaling.maxReplicas .Values.replicaCount .Values.autoscaling.enabled) -}}
{{- if not .Values.publicUrl -}}
{{- fail "\npublicUrl is not set: clients compare it letter by letter, and ingress and HTTPRoute take their host from it. Set the origin that clients use, such as publicUrl: https://mcp.example.com" -}}
{{- end -}}
{{- if not (regexMatch "^(https://[^/?#@\\s]+|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?)$" .Values.publicUrl) -}}
{{- fail (printf "\npublicUrl is %q: write https, the host, and the port if it is not 443, without a path or a slash at the end, such as https://mcp.example.com" .Values.publicUrl) -}}
{{- end -}}
{{- range $root := list "database" "redis" "vault" -}}
{{- $secret := (get $.Values $root).existingSecret -}}
{{- if and $secret (not (regexMatch "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" $secret)) -}}
{{- fail (printf "\n%s.existingSecret is no name of a Secret: put the value itself into a Secret ('kubectl create secret generic cortex-%s --from-literal=...') and write that one's name" $root $root) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.config.gateway (hasKey .Values.config.gateway "publicUrl") -}}
{{- fail "\nconfig.gateway.publicUrl is set: set publicUrl instead, at the top of the values, since ingress and HTTPRoute need it too" -}}
{{- end -}}
{{- if and (ne (get $server "enabled" | toString) "false") (not $server.signIn) -}}
{{- fail "\nconfig.identity.authorizationServer.signIn is not set: the default, the development sign-in, is refused in production. Set signIn: [magicLink] or [oidc], or enabled: false together with config.identity.issuers (docs/sign-in.md, docs/issuers.md)" -}}
{{- end -}}
{{- if and (has "development" (default list $server.signIn)) (not $server.allowDevelopmentSignIn) -}}
{{- fail "\nconfig.identity.authorizationServer.signIn names development: there anyone can be anyone. Set signIn: [magicLink] or [oidc] (docs/sign-in.md)" -}}
{{- end -}}
{{- if and (gt $replicas 1) (hasPrefix "sqlite:" $database) -}}
{{- fail (printf "\n%d replicas on SQLite: its file belongs to one pod. Set database.existingSecret to a Secret with a PostgreSQL connection string, or replicaCount: 1 and autoscaling.enabled: false" $replicas) -}}
{{- end -}}
{{- if and (gt $replicas 1) (not $config.storage.redis) -}}
{{- fail (printf "\n%d replicas without Redis: sessions, limits and revocations would not be shared. Set redis.existingSecret to a Secret with a Redis connection string, or replicaCount: 1 and autoscaling.enabled: false" $replicas) -}}
{{- end -}}
{{- if and .Values.vault.existingSecret (not .Values.vault.keys) -}}
{{- fail (printf "\nvault.keys is empty: name the keys of the Secret %s, the one that seals first, such as vault.keys: [\"2026-01\"]" .Values.vault.existingSecret) -}}
{{- end -}}
{{- if and (hasPrefix "postgres:" $database) (not (default dict $config.vault).keys) -}}
{{- fail "\nPostgreSQL without vault keys: a pod could not open what another sealed. Make a key and name it:\n  kubectl create secret generic cortex-vault --from-literal=2026-01=\"$(openssl rand -base64 32)\"\n  vault: {existingSecret: cortex-vault, keys: [\"2026-01\"]}" -}}
{{- end -}}
{{- if and .Values.vault.keys (not .Values.vault.existingSecret) -}}
{{- fail "\nvault.keys names keys, but vault.existingSecret no Secret that holds them: set vault.existingSecret" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail "\nautoscaling.minReplicas is above autoscaling.maxReplicas: lower the one or raise the other" -}}
{{- end -}}
{{- if and .Values.ingress.enabled .Values.httpRoute.enabled -}}
{{- fail "\ningress.enabled and httpRoute.enabled are both true: keep the one that your cluster's edge understands" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "\nhttpRoute.parentRefs is empty: name the Gateway that the route hangs on, such as parentRefs: [{name: public, namespace: gateways}]" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.tls.enabled) (hasPrefix "https:" .Values.publicUrl) (not .Values.ingress.annotations) -}}
{{- fail "\ningress.tls.enabled is false, but publicUrl is https: set ingress.tls.enabled: true, or, where TLS ends before the ingress, say so with an annotation under ingress.annotations" -}}
{{- end -}}
{{- if and (dig "discovery" "kubernetes" "enabled" false .Values.config) (not .Values.discovery.enabled) -}}
{{- fail "\nconfig.discovery.kubernetes.enabled is true, but the gateway has no role and no token for it: set discovery.enabled: true instead, at the top of the values" -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled (not .Values.networkPolicy.egress) -}}
{{- fail "\nnetworkPolicy.egress is empty: the gateway would reach DNS alone, and neither database nor backends. List rules, such as egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]" -}}
{{- end -}}
{{- end -}}
