{{- define "likeness.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "likeness.labels" -}}
app.kubernetes.io/name: likeness
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Labels that select the pods of a part: (dict "root" $ "part" "web") */}}
{{- define "likeness.selector" -}}
app.kubernetes.io/name: likeness
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- define "likeness.secret" -}}
{{- .Values.existingSecret | default (include "likeness.name" .) -}}
{{- end -}}

{{- define "likeness.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* What people visit, without a scheme; the pod's own address is what Prometheus and the probes ask for. */}}
{{- define "likeness.hosts" -}}
{{- $hosts := list "localhost" "$(POD_IP)" -}}
{{- if .Values.host -}}{{- $hosts = prepend $hosts .Values.host -}}{{- end -}}
{{- join "," $hosts -}}
{{- end -}}

{{/* The environment of every container of the studio: the secrets, the settings, the pod's address. */}}
{{- define "likeness.environment" -}}
envFrom:
  - configMapRef: {name: {{ include "likeness.name" . }}}
  - secretRef: {name: {{ include "likeness.secret" . }}}
{{- end -}}

{{- define "likeness.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {{ toJson .seccompProfile }}
{{- end -}}

{{- define "likeness.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Nothing that lasts is in a pod: these two folders are for temporary files and caches. */}}
{{- define "likeness.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: data, mountPath: /data}
{{- end -}}

{{- define "likeness.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 4Gi}
- name: data
  emptyDir: {sizeLimit: 2Gi}
{{- end -}}

{{/* Pods of a part on different nodes where there are some. */}}
{{- define "likeness.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "likeness.selector" . | nindent 8 }}
{{- end -}}
