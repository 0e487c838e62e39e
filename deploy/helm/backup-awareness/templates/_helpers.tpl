{{- define "backup-awareness.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- /* The longest name of an object adds 18 characters, and may have 63. */ -}}
{{- default $full .Values.fullnameOverride | trunc 45 | trimSuffix "-" -}}
{{- end -}}

{{- define "backup-awareness.version" -}}
{{- default .Chart.AppVersion .Values.image.tag -}}
{{- end -}}

{{- define "backup-awareness.image" -}}
{{- printf "%s:%s" .Values.image.repository (include "backup-awareness.version" .) | quote -}}
{{- end -}}

{{- /* What every object of a component is selected by. Never changes: a Deployment's selector cannot. */ -}}
{{- define "backup-awareness.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "backup-awareness.labels" -}}
{{ include "backup-awareness.selector" . }}
app.kubernetes.io/version: {{ include "backup-awareness.version" .root | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* The services to install, by name: the notifier only if it has a destination, the console only if it is wanted. The values of an
earlier version, which `helm upgrade --reuse-values` takes, know no console. */ -}}
{{- define "backup-awareness.services" -}}
{{- $services := omit .Values.services "notifier" "console" -}}
{{- if (.Values.services.console).enabled -}}
{{- $_ := set $services "console" .Values.services.console -}}
{{- end -}}
{{- $notifier := .Values.services.notifier -}}
{{- range list "ALERTMANAGER_URLS" "WEBHOOK_URL" "SMTP_URL" "OVIRT_API_URL" "HEARTBEAT_URL" -}}
{{- if or (hasKey $notifier.variables .) (has . $notifier.secretVariables) -}}
{{- $_ := set $services "notifier" $notifier -}}
{{- end -}}
{{- end -}}
{{- toJson $services -}}
{{- end -}}

{{- /* The services that a service asks how they are. Nothing depends on the console, so the notifier does not ask it. */ -}}
{{- define "backup-awareness.asked" -}}
{{- $asked := list -}}
{{- if has .name (list "notifier" "console") -}}
{{- $asked = without (keys .services | sortAlpha) .name "console" -}}
{{- end -}}
{{- dict "names" $asked | toJson -}}
{{- end -}}

{{- /* The variables that each program reads from its Secret. */ -}}
{{- define "backup-awareness.secret-variables" -}}
database-apply:
  - DATABASE_URL
  - INGEST_DATABASE_PASSWORD
  - CHECKER_DATABASE_PASSWORD
  - AUDIT_DATABASE_PASSWORD
  - NOTIFIER_DATABASE_PASSWORD
  {{- if (.Values.services.console).enabled }}
  - CONSOLE_DATABASE_PASSWORD
  {{- end }}
  - READER_DATABASE_PASSWORD
topology-apply:
  - AMQP_URL
  - AMQP_MANAGEMENT_URL
  - INGEST_AMQP_PASSWORD
  - INGEST_SETTINGS_AMQP_PASSWORD
  - FRESHNESS_CHECKER_AMQP_PASSWORD
  - ACTIVE_ALERTS_AMQP_PASSWORD
  - AUDIT_AMQP_PASSWORD
  - REPLAY_AMQP_PASSWORD
  {{- if (.Values.services.console).enabled }}
  - CONSOLE_AMQP_PASSWORD
  {{- end }}
  - MONITOR_AMQP_PASSWORD
ingest: [DATABASE_URL, AMQP_URL, AMQP_MANAGEMENT_URL, SETTINGS_AMQP_URL]
freshness-checker: [DATABASE_URL, AMQP_URL, AMQP_MANAGEMENT_URL, ACTIVE_ALERTS_AMQP_URL]
audit: [DATABASE_URL, AMQP_URL, AMQP_MANAGEMENT_URL]
notifier: [DATABASE_URL]
console: [DATABASE_URL, AMQP_URL, AMQP_MANAGEMENT_URL, REPLAY_AMQP_PASSWORD]
{{- end -}}

{{- /* The environment of a program: each variable of its Secret by the file that contains it. Sorted, so that nothing restarts for nothing. */ -}}
{{- define "backup-awareness.environment" -}}
{{- $variables := .variables -}}
{{- range concat (index (include "backup-awareness.secret-variables" .root | fromYaml) .name) .secretVariables -}}
{{- $_ := set $variables (printf "%s_FILE" .) (printf "/etc/backup-awareness/secrets/%s" .) -}}
{{- end -}}
{{- range $name, $value := $variables }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end -}}
{{- end -}}

{{- /* Mounts of secrets and certificates. */ -}}
{{- define "backup-awareness.mounts" -}}
- name: secrets
  mountPath: /etc/backup-awareness/secrets
  readOnly: true
{{- range $of, $certificate := .Values.certificates }}
{{- if $certificate.secret }}
- name: {{ $of }}-certificate
  mountPath: /etc/backup-awareness/certificates/{{ $of }}
  readOnly: true
{{- end }}
{{- end }}
{{- end -}}

{{- define "backup-awareness.volumes" -}}
- name: secrets
  secret:
    secretName: {{ .secret }}
    # Readable by the group of the pod alone.
    defaultMode: 0440
{{- range $of, $certificate := .root.Values.certificates }}
{{- if $certificate.secret }}
- name: {{ $of }}-certificate
  secret:
    secretName: {{ $certificate.secret }}
    # Not the authority's key, if the Secret has it.
    items:
      - key: {{ $certificate.key }}
        path: ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{- /* What every pod has in common. */ -}}
{{- define "backup-awareness.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
  {{- range $name, $id := .Values.podSecurityContext }}
  {{ $name }}: {{ int64 $id }}
  {{- end }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{- define "backup-awareness.container" -}}
image: {{ include "backup-awareness.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  privileged: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{- /* A rule of a NetworkPolicy: these ports of these peers; of any, if there are none. */ -}}
{{- define "backup-awareness.egress" -}}
- ports:
    {{- range .ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "backup-awareness.dns" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end -}}
