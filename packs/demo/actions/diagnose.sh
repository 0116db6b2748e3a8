#!/bin/sh
# Diagnostics of this host as one JSON object on stdout; the same as text in the report file and in the chat.
# Arguments: reason, host, severity, report file, chat URL (the last four may be empty).
set -u
reason=${1:-}
host=${2:-}
severity=${3:-}
report=${4:-}
chat=${5:-}
[ -n "$report" ] || report=${EVERSTORM_DEMO_REPORT:-${TMPDIR:-/tmp}/everstorm-demo-report.log}
[ -n "$chat" ] || chat=${EVERSTORM_DEMO_CHAT_URL:-}

# A JSON string of stdin: control characters but newline and tab are dropped, as JSON forbids them bare.
json_string() {
  tr -d '\000-\010\013-\037' |
    awk 'BEGIN { printf "\"" } { gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/\t/, "\\t"); if (NR > 1) printf "\\n"; printf "%s", $0 } END { printf "\"" }'
}
quote() { printf '%s' "$1" | json_string; }

at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
here=$(uname -n)
disk=$(df -P -h / 2>&1 | awk 'NR == 2 { print $5 " of " $2 " used, " $4 " free" }')
if [ -r /proc/loadavg ]; then load=$(cut -d' ' -f1-3 /proc/loadavg); else load=$(uptime | sed 's/.*load average[s]*: *//'); fi
if command -v ps >/dev/null 2>&1; then
  top=$(ps -eo pcpu,pmem,pid,comm 2>/dev/null | sed 1d | sort -rn | head -n 5)
else
  top='ps is not installed'
fi

text="[$at] ${severity:-alert}${host:+ on $host}: $reason
  looked at: $here
  disk /: $disk
  load: $load
  busiest processes (cpu% mem% pid command):
$(printf '%s\n' "$top" | sed 's/^/    /')"

# One write of the whole text, so that reports of actions that run at the same time don't mix.
if ! printf '%s\n' "$text" >>"$report"; then
  echo "the report file $report can't be written" >&2
  exit 1
fi

posted=false
if [ -n "$chat" ]; then
  if printf '{"text":%s}' "$(quote "$text")" |
    curl --silent --show-error --fail --max-time 10 --output /dev/null -H 'Content-Type: application/json' --data-binary @- "$chat"; then
    posted=true
  else
    # The findings are in the report file and in the result: a chat that is down is no reason to fail.
    echo "the chat did not take the report" >&2
  fi
fi

printf '{"at":%s,"reason":%s,"host":%s,"severity":%s,"looked_at":%s,"disk":%s,"load":%s,"processes":%s,"report_file":%s,"posted":%s}\n' \
  "$(quote "$at")" "$(quote "$reason")" "$(quote "$host")" "$(quote "$severity")" "$(quote "$here")" \
  "$(quote "$disk")" "$(quote "$load")" "$(quote "$top")" "$(quote "$report")" "$posted"
