#!/bin/sh
# A stand-in for engine-backup, only for tests. It keeps what a drop-in relies on: the order in which it sources its files and
# folders, the cleaned environment, the names of its variables and functions, when it calls notify_engine, what that prints and
# what it sends to the database, how pg_cmd finds user, host, port and database, the subshells, the exit trap and no other,
# and that a restore reads its configuration twice.
# Its own files are below ROOT, which the tests write here.
# shellcheck disable=SC1090,SC2034,SC2154,SC3043 # sources what is there; variables of configuration; local, as the real one has it
ROOT=''

if [ -z "${STAND_IN_CLEAN:-}" ]; then
  exec env -i PATH="$PATH" ${TMPDIR:+TMPDIR="$TMPDIR"} STAND_IN_CLEAN=1 "$0" "$@"
fi
export ENGINE_DEFAULTS="$ROOT/usr/share/ovirt-engine/services/ovirt-engine/ovirt-engine.conf"
export ENGINE_VARS="$ROOT/etc/ovirt-engine/engine.conf"
DWH_CONFIG="$ROOT/etc/ovirt-engine-dwh/ovirt-engine-dwhd.conf"

MODE=''
SCOPE=''
FILE=''
LOG=''
TEMP_FOLDER=''
MYPGPASS=''
FAILURE_NOTIFIED=''
SCOPE_FILES='' SCOPE_ENGINE_DB='' SCOPE_DWH_DB='' SCOPE_CINDERLIB_DB='' SCOPE_MANAGEDBLOCK_DB='' SCOPE_KEYCLOAK_DB=''
SCOPE_GRAFANA_DB=''
DB_DUMP_COMPRESSOR=''

die() {
  echo "FATAL: $1" >&2
  exit 1
}

log() {
  local date
  date=$(date '+%F %T')
  printf '%s %s: %s\n' "$date" "$$" "$1" >>"$LOG"
}

output() {
  log "OUTPUT: $1"
  printf '%s\n' "$1"
}

logdie() {
  log "FATAL: $1"
  if [ -n "$ENGINE_DB_USER" ] && [ "$MODE" = backup ] && [ -z "$FAILURE_NOTIFIED" ]; then
    FAILURE_NOTIFIED=1
    notify_engine "$ENGINE_DB_USER" "$ENGINE_DB_HOST" "$ENGINE_DB_PORT" "$ENGINE_DB_DATABASE" -1 "$1"
  fi
  die "$1"
}

source_d() {
  local folder="$ROOT/etc/ovirt-engine-backup/engine-backup-$1.d"
  [ -d "$folder" ] || return 0
  for f in $(find "$folder" -name '*.sh' | sort); do
    [ ! -r "$f" ] || . "$f"
  done
}

load_configuration() {
  for f in "$ENGINE_DEFAULTS" "$ENGINE_VARS" $([ ! -d "$ENGINE_VARS.d" ] || find "$ENGINE_VARS.d" -name '*.conf' | sort) \
    "$DWH_CONFIG" "$DWH_CONFIG".d/*.conf; do
    [ ! -r "$f" ] || . "$f"
  done
  source_d config
}

on_exit() {
  code=$?
  source_d cleanup
  if [ "$code" = 1 ] && [ -n "$ENGINE_DB_USER" ] && [ "$MODE" = backup ] && [ -z "$FAILURE_NOTIFIED" ] && [ -n "$LOG" ]; then
    FAILURE_NOTIFIED=1
    notify_engine "$ENGINE_DB_USER" "$ENGINE_DB_HOST" "$ENGINE_DB_PORT" "$ENGINE_DB_DATABASE" -1 Failed
  fi
  [ -z "$TEMP_FOLDER" ] || rm -rf "$TEMP_FOLDER"
}
trap on_exit 0

add_scope() {
  case $1 in
    all)
      SCOPE_FILES=1 SCOPE_ENGINE_DB=1 SCOPE_DWH_DB=1 SCOPE_CINDERLIB_DB=1 SCOPE_MANAGEDBLOCK_DB=1 SCOPE_KEYCLOAK_DB=1
      SCOPE_GRAFANA_DB=1
      ;;
    files) SCOPE_FILES=1 ;;
    db) SCOPE_ENGINE_DB=1 ;;
    dwhdb) SCOPE_DWH_DB=1 ;;
    grafanadb) SCOPE_GRAFANA_DB=1 ;;
    *) die "invalid scope '$1'" ;;
  esac
  SCOPE=$SCOPE${SCOPE:+,}$1
}

parse_arguments() {
  while [ -n "${1:-}" ]; do
    case $1 in
      --mode=*) MODE=${1#*=} ;;
      --scope=*) add_scope "${1#*=}" ;;
      --file=*) FILE=${1#*=} ;;
      --log=*) LOG=${1#*=} ;;
      --db-compressor=*) DB_DUMP_COMPRESSOR=${1#*=} ;;
      *) die "unknown argument '$1'" ;;
    esac
    shift
  done
  [ -n "$SCOPE" ] || add_scope all
  [ -n "$LOG" ] || die 'no log was given'
  case $MODE in backup | restore) ;; *) die "invalid mode '$MODE'" ;; esac
  [ -n "$FILE" ] || die 'no file was given'
}

# The caller's user, host, port and database.
pg_cmd() {
  local cmd="$1" use_d=''
  shift
  [ "$cmd" != pg_restore ] || use_d=1
  log "runs $cmd on $database: $*"
  PGPASSFILE="$MYPGPASS" "$cmd" -w -U "$user" -h "$host" -p "$port" ${use_d:+-d} "$database" "$@"
}

notify_engine() {
  local user="$1" host="$2" port="$3" database="$4" status="$5" message scope log_path
  message=$(printf 'engine-backup: %s' "$6" | sed "s/'/''/g")
  log_path=$(readlink -f "$LOG")
  output 'Notifying engine'
  for scope in ${SCOPE_FILES:+files} ${SCOPE_ENGINE_DB:+db} ${SCOPE_DWH_DB:+dwhdb} ${SCOPE_CINDERLIB_DB:+cinderlib} \
    ${SCOPE_MANAGEDBLOCK_DB:+managedblock} ${SCOPE_KEYCLOAK_DB:+keycloak} ${SCOPE_GRAFANA_DB:+grafanadb}; do
    pg_cmd psql -t -c "SELECT LogEngineBackupEvent('$scope', now(), $status, '$message, scope=$scope, log=$log_path', '${ENGINE_FQDN:-}', '$log_path')" \
      >>"$LOG" 2>&1 || logdie 'cannot notify the engine'
  done
}

dump_database() {
  local target="$1" user="$2" host="$3" port="$4" database="$5" complaint=''
  local errors="$TEMP_FOLDER/dump.errors"
  if [ -n "$DB_DUMP_COMPRESSOR" ]; then
    pg_cmd pg_dump -E UTF8 --format=custom 2>"$errors" | "$DB_DUMP_COMPRESSOR" >"$target" || complaint="cannot compress $database"
  else
    pg_cmd pg_dump -E UTF8 --format=custom 2>"$errors" >"$target" || complaint="cannot dump $database"
  fi
  if [ -s "$errors" ]; then
    cat "$errors" >>"$LOG"
    complaint=${complaint:-"cannot dump $database"}
  fi
  [ -z "$complaint" ] || logdie "$complaint"
}

hash_files() {
  (cd "$1" && find . -type f ! -name hashes) | sort | while read -r name; do
    (cd "$1" && sha256sum "$name" >>hashes) || logdie "cannot hash $name"
  done || logdie 'cannot hash what is packed'
}

dobackup() {
  local packed="$TEMP_FOLDER/packed"
  if [ -n "$ENGINE_DB_USER" ]; then
    notify_engine "$ENGINE_DB_USER" "$ENGINE_DB_HOST" "$ENGINE_DB_PORT" "$ENGINE_DB_DATABASE" 0 'Backup Started'
  fi
  mkdir -p "$packed/db" || logdie 'cannot make a folder'
  if [ -n "$SCOPE_FILES" ]; then
    output '- Files'
    (echo . | tar -C "$ROOT/etc/ovirt-engine" --files-from - -cf "$packed/files") || logdie 'cannot pack files'
  fi
  if [ "${ENGINE_SERVICE:-enabled}" = enabled ] && [ -n "$SCOPE_ENGINE_DB" ] && [ -n "$ENGINE_DB_USER" ]; then
    output "- Engine database $ENGINE_DB_DATABASE"
    dump_database "$packed/db/engine" "$ENGINE_DB_USER" "$ENGINE_DB_HOST" "$ENGINE_DB_PORT" "$ENGINE_DB_DATABASE"
  fi
  if [ -n "$SCOPE_DWH_DB" ] && [ -n "${DWH_DB_USER:-}" ]; then
    output "- Data warehouse $DWH_DB_DATABASE"
    dump_database "$packed/db/dwh" "$DWH_DB_USER" "$DWH_DB_HOST" "$DWH_DB_PORT" "$DWH_DB_DATABASE"
  fi
  if [ -n "$SCOPE_GRAFANA_DB" ] && [ -n "${GRAFANA_DB_FILENAME:-}" ]; then
    output "- Grafana's database $GRAFANA_DB_FILENAME"
    echo ".backup $packed/db/grafana" | sqlite3 "$GRAFANA_DB_FILENAME" 2>>"$LOG" || logdie "cannot dump $GRAFANA_DB_FILENAME"
  fi
  hash_files "$packed"
  tar -C "$packed" -czf "$FILE" . >>"$LOG" 2>&1 || logdie "cannot write $FILE"
  if [ -n "$ENGINE_DB_USER" ]; then
    notify_engine "$ENGINE_DB_USER" "$ENGINE_DB_HOST" "$ENGINE_DB_PORT" "$ENGINE_DB_DATABASE" 1 'Backup Finished'
  fi
}

dorestore() {
  tar -C "$TEMP_FOLDER" -xzf "$FILE" || logdie "cannot unpack $FILE"
  (cd "$TEMP_FOLDER" && sha256sum -c --status hashes) || logdie 'hashes do not match'
  load_configuration
  write_passwords
  local user="$ENGINE_DB_USER" host="$ENGINE_DB_HOST" port="$ENGINE_DB_PORT" database="$ENGINE_DB_DATABASE"
  if pg_cmd pg_dump -s 2>>"$LOG" | grep -q '^CREATE TABLE'; then
    logdie "database $database is not empty"
  fi
  pg_cmd pg_restore "$TEMP_FOLDER/db/engine" >"$TEMP_FOLDER/restore.log" 2>&1
  cat "$TEMP_FOLDER/restore.log" >>"$LOG"
  ! grep -q 'ERROR: ' "$TEMP_FOLDER/restore.log" || logdie "errors while restoring $database"
}

write_passwords() {
  MYPGPASS=$TEMP_FOLDER/.pgpass
  (umask 077 && printf '%s:%s:%s:%s:%s\n' "$ENGINE_DB_HOST" "$ENGINE_DB_PORT" '*' '*' "$ENGINE_DB_PASSWORD" >"$MYPGPASS")
}

source_d init
source_d defaults
load_configuration
parse_arguments "$@"
TEMP_FOLDER=$(mktemp -d -t engine-backup.XXXXXXXXXX) || logdie 'cannot make a temporary folder'
log "mode $MODE, scope $SCOPE, file $FILE"
write_passwords
"do$MODE"
output 'Done.'
