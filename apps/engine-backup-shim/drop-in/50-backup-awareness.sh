# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # variables that engine-backup has or reads; subshells that lose theirs
# Backup Awareness: reports the backups of this host, and excludes from the dump what must not be restored with it.
# engine-backup sources this file, twice when it restores. See engine-backup-shim(8).
#
# This file redefines notify_engine: each call writes a record to the spool, safe on disk within milliseconds, and starts
# a delivery in the background; if the record cannot be written, it is sent directly to the broker. pg_cmd runs programs
# by name: the functions pg_dump and sqlite3 shadow them, so that pg_cmd itself stays unchanged and cannot recurse.
#
# Hazards:
# - Nothing here may change what engine-backup does: not its result, its exit code, nor its output. Inside pg_cmd, one
#   word on standard output would corrupt the dump; on standard error it would fail the backup.
# - A special builtin (: . exec trap) whose redirection fails ends a POSIX shell: files are written by printf.
# - engine-backup runs parts of itself in subshells, whose variables are lost: what must survive is a file in TEMP_FOLDER,
#   if there is one.
# - While a command runs in the foreground, a trapped signal waits for its end. bash runs its exit trap at once when a
#   signal ends it, and therefore gets no trap for signals.
# - engine-backup removes TEMP_FOLDER when it ends: no background process may write there.

# `install --root DIR` writes DIR here.
backup_awareness_root=''
backup_awareness_program=$backup_awareness_root/usr/bin/engine-backup-shim
backup_awareness_state=$backup_awareness_root/var/lib/ovirt-engine-backup-shim

[ -z "${backup_awareness_run_id:-}" ] || return 0
{ IFS='' read -r backup_awareness_run_id </proc/sys/kernel/random/uuid; } 2>/dev/null || backup_awareness_run_id="pid-$$"
backup_awareness_count=0
backup_awareness_detach=''
backup_awareness_log_path=''
backup_awareness_marks=''
backup_awareness_configured=''
backup_awareness_asked=''
backup_awareness_watched=''
backup_awareness_keep_engine_notice=yes
backup_awareness_refusal=''
backup_awareness_nine='async_tasks,async_tasks_entities,job,job_subject_entity,step,step_subject_entity,command_entities,command_assoc_entities,business_entity_snapshot,'

# Replaces engine-backup's own: USER HOST PORT DATABASE STATUS MESSAGE. Never fails, and has the same output.
notify_engine() {
  backup_awareness_notify "$@" </dev/null >/dev/null 2>&1 || true
  [ "$backup_awareness_keep_engine_notice" = yes ] || return 0
  output 'Notifying engine' || true
  backup_awareness_with_scopes backup_awareness_tell_engine "$@" </dev/null >/dev/null 2>&1 || true
}

# Wraps the program. Only the dump of the engine's database gets the exclude options.
pg_dump() {
  if backup_awareness_dumps "${DWH_DB_HOST:-}" "${DWH_DB_PORT:-}" "${DWH_DB_DATABASE:-}"; then
    PGPASSFILE="${PGPASSFILE:-}" command pg_dump "$@" || return
    backup_awareness_mark dumped-dwhdb
    return 0
  elif ! backup_awareness_dumps "${ENGINE_DB_HOST:-}" "${ENGINE_DB_PORT:-}" "${ENGINE_DB_DATABASE:-}"; then
    PGPASSFILE="${PGPASSFILE:-}" command pg_dump "$@"
    return
  fi
  backup_awareness_tables=''
  backup_awareness_choose_tables </dev/null >/dev/null 2>&1 || true
  backup_awareness_rest=$backup_awareness_tables
  while [ -n "$backup_awareness_rest" ]; do
    set -- "$@" "$backup_awareness_option${backup_awareness_rest%%,*}"
    backup_awareness_rest=${backup_awareness_rest#*,}
  done
  PGPASSFILE="${PGPASSFILE:-}" command pg_dump "$@" || return
  case ${backup_awareness_option:-}$backup_awareness_tables in
    --exclude-table=public.?*) backup_awareness_mark dumped-without-tables ;;
  esac
  backup_awareness_mark dumped-db
}

# Wraps the program, which a backup uses only to dump Grafana's database.
sqlite3() {
  command sqlite3 "$@" || return
  [ "${MODE:-}" != backup ] || backup_awareness_mark dumped-grafanadb
}

# USER HOST PORT DATABASE STATUS MESSAGE
backup_awareness_notify() {
  backup_awareness_configure
  backup_awareness_count=$((backup_awareness_count + 1))
  case ${5:-} in
    0)
      # Only once a backup has started: a restore is not affected.
      backup_awareness_watch_end
      [ -z "${SCOPE_ENGINE_DB:-}" ] || backup_awareness_ask "$@"
      ;;
    1 | -1)
      # A run ends once. After it reported completion its archive is complete, whatever fails later; and a failure in a
      # subshell that engine-backup did not notice is still a failure.
      if backup_awareness_is_marked ended; then
        backup_awareness_log "the end of this run is already reported; status $5 is ignored"
        return 0
      fi
      backup_awareness_mark ended
      ;;
    *)
      backup_awareness_log "unknown status: expected 0, 1 or -1"
      return 0
      ;;
  esac
  backup_awareness_recall_refusal
  backup_awareness_unrestorable=''
  if [ "$5" = 1 ] && backup_awareness_is_marked dumped-without-tables; then
    backup_awareness_unrestorable="
engine-backup --mode=restore will fail on this archive: whole tables are excluded from it (pg_dump -T). Set BackupExcludeMode=data for later backups."
  fi
  backup_awareness_report_run "$5" "${6:-}$backup_awareness_refusal$backup_awareness_unrestorable"
}

# Reports the engine's part of the run: STATUS MESSAGE. A requested scope is no proof that it was dumped.
backup_awareness_report_run() {
  if [ -z "$backup_awareness_fqdn" ]; then
    backup_awareness_log "the engine is unknown (neither FQDN in $backup_awareness_file nor ENGINE_FQDN is set): status $1 is not reported"
  elif [ -z "$backup_awareness_engine" ]; then
    backup_awareness_report_without_engine "$@"
  elif [ "$1" = 1 ] && [ -n "${SCOPE_ENGINE_DB:-}" ] && ! backup_awareness_is_marked dumped-db; then
    backup_awareness_report -1 "engine-backup completed, but no successful dump of the engine's database was seen." db
    (SCOPE_ENGINE_DB='' && backup_awareness_with_scopes backup_awareness_report "$@")
  else
    backup_awareness_with_scopes backup_awareness_report "$@"
  fi
}

# A separate Data Warehouse host: its files are not the engine's, and the engine's database is not on it.
backup_awareness_report_without_engine() {
  if [ -n "${SCOPE_DWH_DB:-}" ] && [ -n "${DWH_DB_USER:-}" ]; then
    if [ "$1" != 1 ] || backup_awareness_is_marked dumped-dwhdb; then
      backup_awareness_report "$@" dwhdb
    else
      backup_awareness_report -1 "engine-backup completed, but no successful dump of the Data Warehouse's database was seen." dwhdb
    fi
  fi
  if [ "$1" = 1 ] && backup_awareness_is_marked dumped-grafanadb; then
    backup_awareness_report "$@" grafanadb
  fi
  backup_awareness_log "no engine is set up on this host: status $1 is reported only for the databases of $backup_awareness_fqdn dumped here"
}

# Runs a command with the requested scopes appended to its arguments.
backup_awareness_with_scopes() {
  [ -z "${SCOPE_FILES:-}" ] || set -- "$@" files
  [ -z "${SCOPE_ENGINE_DB:-}" ] || set -- "$@" db
  [ -z "${SCOPE_DWH_DB:-}" ] || set -- "$@" dwhdb
  [ -z "${SCOPE_REPORTS_DB:-}" ] || set -- "$@" reportsdb
  [ -z "${SCOPE_CINDERLIB_DB:-}" ] || set -- "$@" cinderlib
  [ -z "${SCOPE_MANAGEDBLOCK_DB:-}" ] || set -- "$@" managedblock
  [ -z "${SCOPE_KEYCLOAK_DB:-}" ] || set -- "$@" keycloak
  [ -z "${SCOPE_GRAFANA_DB:-}" ] || set -- "$@" grafanadb
  "$@"
}

# Makes sure that a run terminated by a signal is reported, which engine-backup itself does not do.
backup_awareness_watch_end() {
  [ -z "$backup_awareness_watched" ] || return 0
  backup_awareness_watched=yes
  if [ -n "${BASH_VERSION:-}" ]; then
    # shellcheck disable=SC3045 # bash has -p
    backup_awareness_exit_trap=$(trap -p EXIT)
    backup_awareness_exit_trap=${backup_awareness_exit_trap#trap -- }
    eval "backup_awareness_exit_trap=${backup_awareness_exit_trap% EXIT}"
    trap 'backup_awareness_end "$?"; eval "$backup_awareness_exit_trap"' EXIT
  else
    trap 'backup_awareness_end_by_signal TERM' TERM
    trap 'backup_awareness_end_by_signal INT' INT
    trap 'backup_awareness_end_by_signal HUP' HUP
  fi
}

# Runs before engine-backup's own exit trap, which gets the same CODE and itself reports the failure if that is 1.
backup_awareness_end() {
  if [ "$1" != 1 ] && ! backup_awareness_is_marked ended; then
    backup_awareness_end_dumps
    backup_awareness_notify '' '' '' '' -1 'engine-backup was terminated before it finished.'
  fi </dev/null >/dev/null 2>&1
  return "$1"
}

# For shells that run no exit trap when a signal ends them. Terminates by the same SIGNAL.
backup_awareness_end_by_signal() {
  backup_awareness_notify '' '' '' '' -1 "engine-backup was terminated by SIG$1." </dev/null >/dev/null 2>&1 || true
  trap - "$1"
  kill -s "$1" "$$"
}

# Ends the dumps that are descendants of engine-backup. One that waits for a lock would live on and keep its own locks.
backup_awareness_end_dumps() (
  set -f
  IFS=' '
  read -r own rest </proc/self/stat || exit 0
  waiting=$$
  while [ -n "$waiting" ]; do
    # shellcheck disable=SC2086 # numbers
    set -- $waiting
    waiting=''
    for process; do
      children=''
      [ "$process" = "$own" ] || read -r children <"/proc/$process/task/$process/children" || :
      for child in $children; do
        program=''
        read -r program <"/proc/$child/comm" || continue
        [ "$program" != pg_dump ] || kill "$child" || :
        waiting="$waiting $child"
      done
    done
  done
)

# Writes one record to the spool and starts its delivery: STATUS MESSAGE SCOPE... If it cannot be written, it is delivered
# directly. A subshell, so that variables and options are its own and a signal to the whole group does not interrupt it.
# Each process that it runs costs the backup a millisecond.
backup_awareness_report() (
  trap '' TERM INT HUP XFSZ PIPE
  set -Cf
  umask 077
  status=$1
  shift
  [ "$#" -gt 1 ] || exit 0
  stamp=$(date -u '+%Y-%m-%dT%H:%M:%S.%NZ %Y%m%dT%H%M%S.%NZ') || {
    backup_awareness_log "cannot read the clock: status $status is not reported"
    exit 0
  }
  counter=000$backup_awareness_count
  name=${stamp#* }-$$-${counter#"${counter%????}"}
  set -- backup-awareness-report/1 "$backup_awareness_run_id" "${stamp% *}" "$status" "$backup_awareness_fqdn" \
    "$backup_awareness_log_path" "$@" end
  kept='' lost=''
  ! backup_awareness_keep "$@" || kept=yes
  if ! backup_awareness_can_deliver; then
    [ -n "$kept" ] || lost="; status $status is not reported"
    backup_awareness_log "Node or $backup_awareness_program is missing: reports wait in the spool$lost"
  elif [ -n "$kept" ]; then
    backup_awareness_deliver flush --quiet 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  else
    backup_awareness_log "status $status is sent directly to the broker as $name"
    backup_awareness_delivery_timeout_s=660
    printf '%s\0' "$@" | backup_awareness_deliver deliver --name "$name" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  fi
)

# Writes a record that survives a power failure: FIELD... On a full disk, the end of a run gets the reserved space, a
# piece at a time; its start does not.
backup_awareness_keep() {
  spool=$backup_awareness_state/spool
  aside=$spool/.$name.new
  backup_awareness_open_spool "$spool" || return
  for piece in '' 1 2 3 4; do
    if [ -n "$piece" ]; then
      if [ "$status" = 0 ] || ! [ -f "$backup_awareness_state/reserve.$piece" ]; then continue; fi
      rm -f -- "$backup_awareness_state/reserve.$piece" || break
    fi
    # set -C makes this exclusive: no link is followed.
    if printf '%s\0' "$@" >"$aside"; then
      # A record that cannot be synced may still survive, so it stays.
      timeout -k 1 5 sync -- "$aside" || backup_awareness_log "cannot sync $aside"
      if ! mv -fT -- "$aside" "$spool/$name.report"; then
        backup_awareness_log "cannot rename $aside"
        return 1
      fi
      timeout -k 1 5 sync -- "$spool" || backup_awareness_log "cannot sync $spool"
      backup_awareness_log "status $status recorded as $name"
      return 0
    fi
    rm -f -- "$aside"
  done
  backup_awareness_log "cannot write to $spool"
  return 1
}

# Creates the spool if it is missing. Fails if it is a link or cannot be created.
backup_awareness_open_spool() {
  if [ -L "$1" ] || [ -L "${1%/*}" ]; then
    backup_awareness_log "$1 is reached through a symbolic link, which is not followed"
    return 1
  fi
  [ -d "$1" ] || mkdir -p -- "$1" || {
    backup_awareness_log "cannot create $1"
    return 1
  }
}

backup_awareness_can_deliver() {
  command -v "${backup_awareness_node:-node}" && [ -f "$backup_awareness_program" ]
}

# In the background: nothing waits for it, it holds no file of the backup open, and it ends by itself: ARGUMENT...
backup_awareness_deliver() {
  trap - TERM INT HUP XFSZ PIPE
  ! command -v setsid || backup_awareness_detach=setsid
  backup_awareness_shim "$backup_awareness_delivery_timeout_s" "$@"
}

# Becomes engine-backup-shim, for a limited time: SECONDS ARGUMENT... A shell that waited for it would hold the saved
# output of the backup open.
backup_awareness_shim() {
  seconds=$1
  shift
  set -- "$backup_awareness_program" "$@"
  [ -z "$backup_awareness_node" ] || set -- "$backup_awareness_node" "$@"
  [ -z "$backup_awareness_root" ] || set -- "$@" --root "$backup_awareness_root"
  exec ${backup_awareness_detach:+"$backup_awareness_detach"} timeout -k 1 "$seconds" "$@"
}

# Notifies oVirt's own database as engine-backup does, so that oVirt's own alerts keep working, in one session for all
# scopes: USER HOST PORT DATABASE STATUS MESSAGE SCOPE...
backup_awareness_tell_engine() (
  [ "$#" -gt 6 ] || exit 0
  user=$1 host=$2 port=$3 database=$4 status=$5 message=$6
  shift 6
  log_path=$(readlink -f -- "${LOG:-}") || log_path=${LOG:-}
  for scope in "$@"; do
    printf "SELECT LogEngineBackupEvent('%s', now(), %s, 'engine-backup: ' || :'message' || ', scope=%s, log=' || :'log_path', :'fqdn', :'log_path');\n" \
      "$scope" "$status" "$scope"
  done |
    pg_cmd backup_awareness_psql --set=ON_ERROR_STOP=1 --set=message="$message" --set=fqdn="${ENGINE_FQDN:-}" \
      --set=log_path="$log_path" >>"$backup_awareness_log_path" 2>&1 ||
    backup_awareness_log "cannot notify the engine's database of status $status; the backup continues"
)

# psql with a time limit, for pg_cmd. It reads its script from standard input.
backup_awareness_psql() {
  PGPASSFILE=${PGPASSFILE:-} timeout -k 1 "$backup_awareness_psql_timeout_s" psql "$@" -X -q -A -t
}

# Whether this is a dump of the database HOST PORT DATABASE. pg_cmd sets user, host, port and database for its program.
backup_awareness_dumps() {
  [ "${MODE:-}" = backup ] && [ -n "${database:-}" ] && [ "${host:-}" = "$1" ] && [ "${port:-}" = "$2" ] &&
    [ "$database" = "$3" ]
}

# Asks in the background which tables to exclude, so that the dump hardly ever waits for the answer: USER HOST PORT
# DATABASE. engine-backup-shim can check the catalogue for unknown tables, which pg_dump silently ignores.
backup_awareness_ask() {
  backup_awareness_can_deliver || return 0
  if ! [ -d "$backup_awareness_state" ] || [ -L "$backup_awareness_state" ]; then return 0; fi
  backup_awareness_asked=yes
  backup_awareness_ask_beside "$@" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}

# The answer is renamed into place when it is complete, and stays there for later dumps.
backup_awareness_ask_beside() {
  trap - TERM INT HUP
  umask 077
  PGUSER=$1 PGHOST=$2 PGPORT=$3 PGDATABASE=$4 PGPASSFILE=${MYPGPASS:-}
  export PGUSER PGHOST PGPORT PGDATABASE PGPASSFILE
  set -- "$backup_awareness_program" pg-dump-args
  [ -z "$backup_awareness_node" ] || set -- "$backup_awareness_node" "$@"
  [ -z "$backup_awareness_root" ] || set -- "$@" --root "$backup_awareness_root"
  ! command -v setsid || backup_awareness_detach=setsid
  # shellcheck disable=SC2016 # the inner shell expands it
  exec ${backup_awareness_detach:+"$backup_awareness_detach"} sh -fCc '
    answer=$1 run=$2 aside=$1.$2
    shift 2
    printf "run %s\n" "$run" >"$aside" && timeout -k 1 10 "$@" >>"$aside" 2>"$aside.said" &&
      mv -fT -- "$aside.said" "$answer.said" && mv -fT -- "$aside" "$answer"
    rm -f -- "$aside" "$aside.said"
  ' sh "$backup_awareness_state/pg-dump-args" "$backup_awareness_run_id" "$@"
}

# Sets what is excluded: backup_awareness_option and, with a comma after each, backup_awareness_tables. It waits briefly
# for the answer to this run; without one it uses the last answer.
backup_awareness_choose_tables() {
  backup_awareness_configure
  backup_awareness_answer=$backup_awareness_state/pg-dump-args
  for backup_awareness_wait in 0.05 0.05 0.05 ''; do
    [ -n "$backup_awareness_asked" ] || break
    if backup_awareness_is_answered; then break; fi
    [ -z "$backup_awareness_wait" ] || sleep "$backup_awareness_wait"
  done
  backup_awareness_is_answered ||
    backup_awareness_log 'engine-backup-shim did not answer in time which tables to exclude: its last answer is used, if there is one'
  if ! [ -f "$backup_awareness_answer" ]; then
    backup_awareness_exclude_nine 'no answer from engine-backup-shim'
  elif ! { backup_awareness_accept --exclude-table-data=public. || backup_awareness_accept --exclude-table=public.; }; then
    backup_awareness_exclude_nine 'refused: engine-backup-shim named a table that may not be excluded on this host'
  fi
  [ ! -f "$backup_awareness_answer.said" ] || backup_awareness_heed_shim
  backup_awareness_log "excluded with ${backup_awareness_option}NAME: ${backup_awareness_tables%,}"
}

backup_awareness_is_answered() {
  [ -f "$backup_awareness_answer" ] && IFS='' read -r backup_awareness_line <"$backup_awareness_answer" &&
    [ "$backup_awareness_line" = "run $backup_awareness_run_id" ]
}

# Logs the shim's messages. A refused answer also goes into the report of the run's end, where the administrator who made
# that setting sees it.
backup_awareness_heed_shim() {
  while IFS='' read -r backup_awareness_line || [ -n "$backup_awareness_line" ]; do
    backup_awareness_log "$backup_awareness_line"
    case $backup_awareness_line in *': refused: '*) backup_awareness_keep_refusal "$backup_awareness_line" ;; esac
  done <"$backup_awareness_answer.said"
}

backup_awareness_keep_refusal() {
  printf '%s\n' "$1" >"${TEMP_FOLDER:-/nonexistent}/.backup-awareness-refused"
}

# Reads the refusal that is appended to the message of a run's end: the dump may have run in a subshell.
backup_awareness_recall_refusal() {
  [ -n "${TEMP_FOLDER:-}" ] && [ -e "$TEMP_FOLDER/.backup-awareness-refused" ] || return 0
  IFS='' read -r backup_awareness_refusal <"$TEMP_FOLDER/.backup-awareness-refused"
  backup_awareness_refusal="
$backup_awareness_refusal"
}

backup_awareness_exclude_nine() {
  backup_awareness_log "$1: the data of the nine built-in tables is excluded"
  case $1 in 'refused: '*) backup_awareness_keep_refusal "$1" ;; esac
  backup_awareness_option=--exclude-table-data=public.
  backup_awareness_tables=$backup_awareness_nine
}

# Accepts the answer if each line after the first is this option followed by a table that may be excluded on this host.
backup_awareness_accept() {
  backup_awareness_option=$1
  backup_awareness_tables=''
  while IFS='' read -r backup_awareness_line || [ -n "$backup_awareness_line" ]; do
    case $backup_awareness_line in 'run '*) continue ;; esac
    backup_awareness_table=${backup_awareness_line#"$1"}
    [ "$backup_awareness_line" = "$1$backup_awareness_table" ] || return
    backup_awareness_is_table_name "$backup_awareness_table" || return
    case ,$backup_awareness_excludable in
      *",$backup_awareness_table,"*) backup_awareness_tables=$backup_awareness_tables$backup_awareness_table, ;;
      *) return 1 ;;
    esac
  done <"$backup_awareness_answer"
}

# Spelt out, since a range depends on the locale.
backup_awareness_is_table_name() {
  case $1 in
    '' | [0123456789]* | *[!abcdefghijklmnopqrstuvwxyz0123456789_]*) return 1 ;;
  esac
  [ "${#1}" -le 63 ]
}

# Reads the known keys of the configuration, once. An invalid value is logged, and its default is used.
backup_awareness_configure() {
  [ -z "$backup_awareness_configured" ] || return 0
  backup_awareness_configured=yes
  case ${LOG:-} in
    '' | /*) backup_awareness_log_path=${LOG:-} ;;
    *) backup_awareness_log_path=$PWD/$LOG ;;
  esac
  # oVirt's default before engine-setup.
  backup_awareness_engine=${ENGINE_FQDN:-}
  [ "$backup_awareness_engine" != localhost.localdomain ] || backup_awareness_engine=''
  backup_awareness_fqdn=$backup_awareness_engine
  backup_awareness_node=''
  backup_awareness_delivery_timeout_s=10
  backup_awareness_psql_timeout_s=10
  backup_awareness_excludable=$backup_awareness_nine
  backup_awareness_file=$backup_awareness_root/etc/ovirt-engine-backup/backup-awareness.conf
  if ! [ -f "$backup_awareness_file" ] || ! [ -r "$backup_awareness_file" ]; then
    backup_awareness_log "cannot read $backup_awareness_file: defaults are used"
    return 0
  fi
  while IFS=' ' read -r backup_awareness_line || [ -n "$backup_awareness_line" ]; do
    case $backup_awareness_line in
      '' | '#'*) ;;
      *=*)
        backup_awareness_key=${backup_awareness_line%%=*}
        backup_awareness_set "$backup_awareness_key" "${backup_awareness_line#*=}" ||
          backup_awareness_log "$backup_awareness_file: $backup_awareness_key is an unknown setting or has an invalid value; the default is used"
        ;;
      *) backup_awareness_log "$backup_awareness_file: expected KEY=VALUE; the line is ignored" ;;
    esac
  done <"$backup_awareness_file"
}

# KEY VALUE. Fails if the key is unknown or the value is invalid.
backup_awareness_set() {
  case $1 in
    BROKER_URL | BROKER_USER | BROKER_PASSWORD | BROKER_CA_FILE | BROKER_CERT_FILE | BROKER_KEY_FILE | SPOOL_MAX_BYTES) ;;
    FQDN)
      case $2 in *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-]*) return 1 ;; esac
      backup_awareness_fqdn=${2:-$backup_awareness_fqdn}
      ;;
    DELIVERY_TIMEOUT_S | ENGINE_NOTICE_TIMEOUT_S)
      # To timeout, 0 means no limit.
      case $2 in '' | 0* | ?????* | *[!0123456789]*) return 1 ;; esac
      [ "$2" -le 3600 ] || return
      case $1 in
        DELIVERY_TIMEOUT_S) backup_awareness_delivery_timeout_s=$2 ;;
        *) backup_awareness_psql_timeout_s=$2 ;;
      esac
      ;;
    KEEP_ENGINE_NOTICE)
      case $2 in yes | no) backup_awareness_keep_engine_notice=$2 ;; *) return 1 ;; esac
      ;;
    EXCLUDABLE_TABLES)
      backup_awareness_excludable=$backup_awareness_nine
      backup_awareness_rest=$2,
      while [ -n "$backup_awareness_rest" ]; do
        backup_awareness_table=${backup_awareness_rest%%,*}
        backup_awareness_rest=${backup_awareness_rest#*,}
        backup_awareness_table=${backup_awareness_table#"${backup_awareness_table%%[! ]*}"}
        backup_awareness_table=${backup_awareness_table%"${backup_awareness_table##*[! ]}"}
        [ -n "$backup_awareness_table" ] || continue
        backup_awareness_is_table_name "$backup_awareness_table" || return
        backup_awareness_excludable=$backup_awareness_excludable$backup_awareness_table,
      done
      ;;
    NODE)
      case $2 in
        *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-]*) return 1 ;;
        '' | /*) backup_awareness_node=$2 ;;
        *) return 1 ;;
      esac
      ;;
    *) return 1 ;;
  esac
}

# Remembers something about this run, across subshells if the run has its TEMP_FOLDER.
backup_awareness_mark() {
  backup_awareness_marks="$backup_awareness_marks $1 "
  { [ ! -d "${TEMP_FOLDER:-}" ] || printf '' >>"$TEMP_FOLDER/.backup-awareness-$1"; } 2>/dev/null || true
}

backup_awareness_is_marked() {
  case $backup_awareness_marks in *" $1 "*) return 0 ;; esac
  [ -n "${TEMP_FOLDER:-}" ] && [ -e "$TEMP_FOLDER/.backup-awareness-$1" ]
}

# Writes a line to engine-backup's log, or to the system log if there is none.
backup_awareness_log() {
  if [ -n "$backup_awareness_log_path" ]; then
    { printf '%s %s: backup-awareness: %s\n' "$(date '+%Y-%m-%d %H:%M:%S')" "$$" "$1" >>"$backup_awareness_log_path"; } 2>/dev/null &&
      return 0
  fi
  timeout -k 1 1 logger -t backup-awareness -- "$1" </dev/null >/dev/null 2>&1 || true
}
