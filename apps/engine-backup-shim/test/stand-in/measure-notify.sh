# Measures one call of the drop-in's notify_engine, for all scopes, against one psql process for one scope:
#   SHELL measure-notify.sh DROP_IN LOG ROUNDS PSQL_OPTION...
# Prints one line per round: microseconds per call, microseconds per process. Each round runs both ten times, so that both
# see the same machine. Run it with engine-backup's shell; the environment is cleaned as there, except for PG*.
# shellcheck shell=sh disable=SC1090,SC2034 # sources what it measures; engine-backup's variables
drop_in=$1 LOG=$2 rounds=$3
shift 3
MODE=backup TEMP_FOLDER='' ENGINE_FQDN=engine.example.com
SCOPE_FILES=1 SCOPE_ENGINE_DB=1 SCOPE_DWH_DB=1 SCOPE_CINDERLIB_DB=1 SCOPE_MANAGEDBLOCK_DB=1 SCOPE_KEYCLOAK_DB=1 SCOPE_GRAFANA_DB=1
. "$drop_in"

output() {
  :
}

calls() {
  for call in 1 2 3 4 5 6 7 8 9 10; do
    notify_engine engine localhost 5432 engine 0 'Backup Started'
  done
}

processes() {
  for call in 1 2 3 4 5 6 7 8 9 10; do
    psql "$@" -t -c "SELECT LogEngineBackupEvent('files', now(), 0, 'Backup Started', 'engine.example.com', '$LOG')" >>"$LOG" 2>&1 || exit
  done
}

nanoseconds() {
  date +%s%N
}

while [ "$rounds" -gt 0 ]; do
  rounds=$((rounds - 1))
  begin=$(nanoseconds)
  calls
  middle=$(nanoseconds)
  processes "$@"
  end=$(nanoseconds)
  printf '%d %d\n' $(((middle - begin) / 10000)) $(((end - middle) / 10000))
done
