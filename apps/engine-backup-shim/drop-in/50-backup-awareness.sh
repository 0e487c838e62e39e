# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # variables that engine-backup has or reads; subshells that lose theirs
# Backup Awareness: reports the backups of this host and leaves out of the dump what must not come back with it.
# engine-backup sources this file, twice when it restores. See engine-backup-shim(8).
#
# notify_engine is redefined: each call becomes a record in the spool, safe on disk within milliseconds, and a delivery
# is started beside the backup. pg_cmd runs the program that it is told to by its name: a function pg_dump stands before
# that program, so that pg_cmd itself stays as it is and can neither be got wrong here nor call itself for ever.
#
# Hazards:
# - Nothing in here may change what engine-backup does: not its result, not its exit code, not its output. On standard
#   output inside pg_cmd a word would corrupt the dump; on standard error it would fail the backup.
# - A special builtin (: . exec trap) whose redirection fails ends a POSIX shell: files are written by printf.
# - engine-backup runs parts of itself in subshells, whose variables are lost: what must be known later is a file in
#   its TEMP_FOLDER, where there is one.
# - While a command runs in the foreground, a signal with a trap waits for its end.

# `install --root DIR` writes DIR here.
backup_awareness_root=''
backup_awareness_program=$backup_awareness_root/usr/bin/engine-backup-shim

[ -z "${backup_awareness_run_id:-}" ] || return 0
{ IFS='' read -r backup_awareness_run_id </proc/sys/kernel/random/uuid; } 2>/dev/null || backup_awareness_run_id="pid-$$"
backup_awareness_count=0
backup_awareness_detach=''
backup_awareness_log_path=''
backup_awareness_marks=''
backup_awareness_configured=''
backup_awareness_refusal=''
backup_awareness_nine='async_tasks,async_tasks_entities,job,job_subject_entity,step,step_subject_entity,command_entities,command_assoc_entities,business_entity_snapshot,'

# In place of engine-backup's own: USER HOST PORT DATABASE STATUS MESSAGE. Never fails and says nothing.
notify_engine() {
  backup_awareness_notify "$@" </dev/null >/dev/null 2>&1 || true
}

# In place of the program, which it runs. The dump of the engine's database, and no other, gets the exclude options.
pg_dump() {
  if ! backup_awareness_dumps_engine; then
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
  backup_awareness_mark dumped
}

# USER HOST PORT DATABASE STATUS MESSAGE
backup_awareness_notify() {
  backup_awareness_configure
  backup_awareness_count=$((backup_awareness_count + 1))
  case ${5:-} in
    0)
      # From the start of a backup on, so that a restore knows nothing of it.
      trap 'backup_awareness_end_by_signal TERM' TERM
      trap 'backup_awareness_end_by_signal INT' INT
      trap 'backup_awareness_end_by_signal HUP' HUP
      ;;
    1 | -1)
      # A run ends once. The archive of one that said so is complete, whatever fails afterwards; and one that failed
      # in a subshell which nobody heard has not finished.
      if backup_awareness_is_marked ended; then
        backup_awareness_log "this run has been reported as ended; a further status $5 is not reported"
        return 0
      fi
      backup_awareness_mark ended
      ;;
    *)
      backup_awareness_log "engine-backup told of a status that is none: expected 0, 1 or -1"
      return 0
      ;;
  esac
  backup_awareness_recall_refusal
  if [ "$5" = 1 ] && [ -n "${SCOPE_ENGINE_DB:-}" ] && ! backup_awareness_is_marked dumped; then
    backup_awareness_report -1 "engine-backup has finished, but no dump of the engine's database was seen to succeed." db
    (SCOPE_ENGINE_DB='' && backup_awareness_with_scopes backup_awareness_report 1 "${6:-}$backup_awareness_refusal")
  else
    backup_awareness_with_scopes backup_awareness_report "$5" "${6:-}$backup_awareness_refusal"
  fi
  [ "$backup_awareness_keep_engine_notice" = no ] || backup_awareness_with_scopes backup_awareness_tell_engine "$@"
}

# Runs a command with the scopes that were asked for after its own arguments.
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

# A run that a signal ends is reported as failed, and still ends by that signal.
backup_awareness_end_by_signal() {
  notify_engine "$ENGINE_DB_USER" "$ENGINE_DB_HOST" "$ENGINE_DB_PORT" "$ENGINE_DB_DATABASE" \
    -1 "engine-backup was ended by SIG$1."
  trap - "$1"
  kill -s "$1" "$$"
}

# Writes one record into the spool and starts its delivery: STATUS MESSAGE SCOPE... In a subshell, whose variables and
# options are its own, and which a signal to the whole group does not stop half-way. Each process that it runs takes a
# millisecond from the backup.
backup_awareness_report() (
  trap '' TERM INT HUP XFSZ PIPE
  set -Cf
  umask 077
  status=$1
  shift
  [ "$#" -gt 1 ] || exit 0
  spool=$backup_awareness_root/var/lib/ovirt-engine-backup-shim/spool
  backup_awareness_open_spool "$spool" || exit 0
  stamp=$(date -u '+%Y-%m-%dT%H:%M:%S.%NZ %Y%m%dT%H%M%S.%NZ') || {
    backup_awareness_log "the time cannot be told: status $status is not reported"
    exit 0
  }
  counter=000$backup_awareness_count
  name=${stamp#* }-$$-${counter#"${counter%????}"}
  aside=$spool/.$name.new
  # Exclusively, by -C: no link is followed.
  if ! printf '%s\0' backup-awareness-report/1 "$backup_awareness_run_id" "${stamp% *}" "$status" \
    "$backup_awareness_fqdn" "$backup_awareness_log_path" "$@" end >"$aside"; then
    rm -f -- "$aside"
    backup_awareness_log "cannot write into $spool: status $status is not reported"
    exit 0
  fi
  # What cannot be synced may still survive; it is reported all the same.
  timeout -k 1 5 sync -- "$aside" || backup_awareness_log "cannot sync $aside"
  if ! mv -fT -- "$aside" "$spool/$name.report"; then
    backup_awareness_log "cannot rename $aside: status $status is not reported"
    exit 0
  fi
  timeout -k 1 5 sync -- "$spool" || backup_awareness_log "cannot sync $spool"
  shift
  backup_awareness_log "status $status recorded for $* as $name"
  if command -v "${backup_awareness_node:-node}" && [ -f "$backup_awareness_program" ]; then
    backup_awareness_deliver 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  else
    backup_awareness_log "Node or $backup_awareness_program is missing: reports wait in the spool"
  fi
)

# Makes the spool where it is missing. Fails where it is a link, or cannot be made.
backup_awareness_open_spool() {
  if [ -L "$1" ] || [ -L "${1%/*}" ]; then
    backup_awareness_log "$1 is reached by a symbolic link, which is not followed: nothing is reported"
    return 1
  fi
  [ -d "$1" ] || mkdir -p -- "$1" || {
    backup_awareness_log "there is no folder $1, and it cannot be made: nothing is reported"
    return 1
  }
}

# Beside the backup: nobody waits for it, it holds no file of the backup's open, and it ends by itself.
backup_awareness_deliver() {
  trap - TERM INT HUP XFSZ PIPE
  ! command -v setsid || backup_awareness_detach=setsid
  backup_awareness_shim "$backup_awareness_delivery_timeout_s" flush --quiet
}

# Becomes engine-backup-shim for some seconds at most: SECONDS ARGUMENT... A shell that waited for it would hold the output
# of the backup open, which it has put aside.
backup_awareness_shim() {
  seconds=$1
  shift
  set -- "$backup_awareness_program" "$@"
  [ -z "$backup_awareness_node" ] || set -- "$backup_awareness_node" "$@"
  [ -z "$backup_awareness_root" ] || set -- "$@" --root "$backup_awareness_root"
  exec ${backup_awareness_detach:+"$backup_awareness_detach"} timeout -k 1 "$seconds" "$@"
}

# The notice to oVirt's own database, so that oVirt's own alerts go on working, in one session for all scopes: USER HOST
# PORT DATABASE STATUS MESSAGE SCOPE...
backup_awareness_tell_engine() (
  [ "$#" -gt 6 ] || exit 0
  user=$1 host=$2 port=$3 database=$4 status=$5 message=$6
  shift 6
  for scope in "$@"; do
    printf "SELECT LogEngineBackupEvent('%s', now(), %s, :'message', :'fqdn', :'log_path');\n" "$scope" "$status"
  done |
    pg_cmd backup_awareness_psql --set=ON_ERROR_STOP=1 --set=message="$message" --set=fqdn="${ENGINE_FQDN:-}" \
      --set=log_path="$backup_awareness_log_path" >>"$backup_awareness_log_path" 2>&1 ||
    backup_awareness_log "the notice of status $status to the engine's database failed; the backup goes on"
)

# psql, bounded: what pg_cmd runs in place of it. Its script comes on standard input.
backup_awareness_psql() {
  PGPASSFILE=${PGPASSFILE:-} timeout -k 1 "$backup_awareness_psql_timeout_s" psql "$@" -X -q -A -t
}

# pg_cmd leaves user, host, port and database to the program that it runs.
backup_awareness_dumps_engine() {
  [ "${MODE:-}" = backup ] && [ -n "${database:-}" ] &&
    [ "${host:-}" = "${ENGINE_DB_HOST:-}" ] && [ "${port:-}" = "${ENGINE_DB_PORT:-}" ] &&
    [ "$database" = "${ENGINE_DB_DATABASE:-}" ]
}

# Sets what is excluded: backup_awareness_option and, with a comma after each, backup_awareness_tables. The answer
# of the shim goes through a file: a child of it that lives on could hold a pipe open for ever.
backup_awareness_choose_tables() {
  backup_awareness_configure
  backup_awareness_answer=${TEMP_FOLDER:-/nonexistent}/.backup-awareness-pg-dump-args
  if ! backup_awareness_ask_shim >"$backup_awareness_answer" 2>"$backup_awareness_answer.said"; then
    backup_awareness_exclude_nine 'engine-backup-shim does not tell what to exclude'
  elif ! { backup_awareness_accept --exclude-table-data=public. || backup_awareness_accept --exclude-table=public.; }; then
    backup_awareness_exclude_nine 'refused: engine-backup-shim named what may not be excluded on this host'
  fi
  backup_awareness_heed_shim
  backup_awareness_log "excluded by ${backup_awareness_option}NAME: ${backup_awareness_tables%,}"
}

# It can look at the catalogue for names that are none, which pg_dump takes without a word.
backup_awareness_ask_shim() (
  PGHOST=$host PGPORT=$port PGUSER=$user PGDATABASE=$database PGPASSFILE=${PGPASSFILE:-}
  export PGHOST PGPORT PGUSER PGDATABASE PGPASSFILE
  backup_awareness_shim 3 pg-dump-args
)

# Logs what it said; that it refused an answer is told in the report of the run's end, too, where it is seen by whoever
# has made that setting.
backup_awareness_heed_shim() {
  while IFS='' read -r backup_awareness_line || [ -n "$backup_awareness_line" ]; do
    backup_awareness_log "$backup_awareness_line"
    case $backup_awareness_line in *': refused: '*) backup_awareness_keep_refusal "$backup_awareness_line" ;; esac
  done <"$backup_awareness_answer.said"
}

backup_awareness_keep_refusal() {
  printf '%s\n' "$1" >"${TEMP_FOLDER:-/nonexistent}/.backup-awareness-refused"
}

# What is to stand below the message of a run's end: the dump may have run in a subshell.
backup_awareness_recall_refusal() {
  [ -n "${TEMP_FOLDER:-}" ] && [ -e "$TEMP_FOLDER/.backup-awareness-refused" ] || return 0
  IFS='' read -r backup_awareness_refusal <"$TEMP_FOLDER/.backup-awareness-refused"
  backup_awareness_refusal="
$backup_awareness_refusal"
}

backup_awareness_exclude_nine() {
  backup_awareness_log "$1: the content of the nine built-in tables is left out"
  case $1 in 'refused: '*) backup_awareness_keep_refusal "$1" ;; esac
  backup_awareness_option=--exclude-table-data=public.
  backup_awareness_tables=$backup_awareness_nine
}

# Takes the answer if each line is this option, followed by a table that may be excluded on this host.
backup_awareness_accept() {
  backup_awareness_option=$1
  backup_awareness_tables=''
  while IFS='' read -r backup_awareness_line || [ -n "$backup_awareness_line" ]; do
    backup_awareness_table=${backup_awareness_line#"$1"}
    [ "$backup_awareness_line" = "$1$backup_awareness_table" ] || return
    backup_awareness_is_table_name "$backup_awareness_table" || return
    case ,$backup_awareness_excludable in
      *",$backup_awareness_table,"*) backup_awareness_tables=$backup_awareness_tables$backup_awareness_table, ;;
      *) return 1 ;;
    esac
  done <"$backup_awareness_answer"
}

# Spelt out, since a range means other letters in other locales.
backup_awareness_is_table_name() {
  case $1 in
    '' | [0123456789]* | *[!abcdefghijklmnopqrstuvwxyz0123456789_]*) return 1 ;;
  esac
  [ "${#1}" -le 63 ]
}

# Reads the configuration once, by known keys. A value that is none costs a line in the log, and its default is used.
backup_awareness_configure() {
  [ -z "$backup_awareness_configured" ] || return 0
  backup_awareness_configured=yes
  case ${LOG:-} in
    '' | /*) backup_awareness_log_path=${LOG:-} ;;
    *) backup_awareness_log_path=$PWD/$LOG ;;
  esac
  backup_awareness_fqdn=${ENGINE_FQDN:-}
  backup_awareness_node=''
  backup_awareness_delivery_timeout_s=10
  backup_awareness_keep_engine_notice=yes
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
          backup_awareness_log "$backup_awareness_file: $backup_awareness_key is no setting or has a value that it cannot have; the default is used"
        ;;
      *) backup_awareness_log "$backup_awareness_file: expected KEY=VALUE; a line is left out" ;;
    esac
  done <"$backup_awareness_file"
}

# KEY VALUE. Fails where there is no such key, or where the value is none for it.
backup_awareness_set() {
  case $1 in
    BROKER_URL | BROKER_USER | BROKER_PASSWORD | BROKER_CA_FILE | BROKER_CERT_FILE | BROKER_KEY_FILE | SPOOL_MAX_BYTES) ;;
    FQDN)
      case $2 in *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-]*) return 1 ;; esac
      backup_awareness_fqdn=${2:-$backup_awareness_fqdn}
      ;;
    DELIVERY_TIMEOUT_S | ENGINE_NOTICE_TIMEOUT_S)
      # timeout takes 0 for never.
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

# Remembers something of this run, across subshells where the run has its folder.
backup_awareness_mark() {
  backup_awareness_marks="$backup_awareness_marks $1 "
  { [ ! -d "${TEMP_FOLDER:-}" ] || printf '' >>"$TEMP_FOLDER/.backup-awareness-$1"; } 2>/dev/null || true
}

backup_awareness_is_marked() {
  case $backup_awareness_marks in *" $1 "*) return 0 ;; esac
  [ -n "${TEMP_FOLDER:-}" ] && [ -e "$TEMP_FOLDER/.backup-awareness-$1" ]
}

# A line in engine-backup's log, or in the system's where there is none.
backup_awareness_log() {
  if [ -n "$backup_awareness_log_path" ]; then
    { printf 'backup-awareness: %s\n' "$1" >>"$backup_awareness_log_path"; } 2>/dev/null && return 0
  fi
  timeout -k 1 1 logger -t backup-awareness -- "$1" </dev/null >/dev/null 2>&1 || true
}
