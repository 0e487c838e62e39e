#!/bin/sh
# Installs Debian packages, letting none of their services start or stay enabled: install-packages.sh NAME...
# Needs root. Two at once wait for each other; the next one finishes an installation that was cut off.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
policy=/usr/sbin/policy-rc.d
mark='# Put here by backup-awareness while it installs packages; it is removed afterwards.'
units='rabbitmq-server.service epmd.service epmd.socket postgresql.service prometheus.service prometheus-alertmanager.service'

mkdir -p /run/lock
exec 9>/run/lock/backup-awareness-install.lock
flock 9

apt() {
  apt-get -q -y -o DPkg::Lock::Timeout=600 "$@" 9>&-
}

has_unit() {
  [ -e "/lib/systemd/system/$1" ] || [ -e "/usr/lib/systemd/system/$1" ] || [ -e "/etc/systemd/system/$1" ]
}

missing=''
for name in "$@"; do
  status=$(dpkg-query -W -f='${Status}' "$name" 2>/dev/null || true)
  [ "$status" = 'install ok installed' ] || missing="$missing $name"
done

ours=no
cut_off=no
if [ -e "$policy" ] && grep -qF "$mark" "$policy"; then
  ours=yes
  cut_off=yes
fi
if [ -z "$missing" ] && [ "$cut_off" = no ]; then
  exit 0
fi

# Units that were there before us are the administrator's and stay as they are.
new_units=''
for unit in $units; do
  if has_unit "$unit"; then
    [ "$cut_off" = yes ] && grep -qxF "# new: $unit" "$policy" || continue
  fi
  new_units="$new_units $unit"
done

remove_policy() {
  [ "$ours" = no ] || rm -f "$policy"
}
trap remove_policy EXIT
trap '' HUP INT TERM
if [ ! -e "$policy" ]; then
  ours=yes
  {
    printf '#!/bin/sh\n%s\n' "$mark"
    # shellcheck disable=SC2086 # a list of names
    printf '# new: %s\n' $new_units
    printf 'exit 101\n'
  } >"$policy.new"
  chmod 755 "$policy.new"
  mv "$policy.new" "$policy"
fi

[ "$cut_off" = no ] || dpkg --configure -a 9>&-
if [ -n "$missing" ]; then
  # shellcheck disable=SC2086 # a list of names
  apt install --no-install-recommends $missing || {
    apt update
    # shellcheck disable=SC2086
    apt install --no-install-recommends $missing
  }
fi

for unit in $new_units; do
  if has_unit "$unit" && command -v systemctl >/dev/null 2>&1; then
    systemctl disable "$unit" 9>&- || true
    if [ -d /run/systemd/system ]; then
      systemctl stop "$unit" 9>&- || true
    fi
  fi
done
case "$new_units" in
  *rabbitmq-server.service*)
    if [ -x /etc/init.d/rabbitmq-server ] && command -v update-rc.d >/dev/null 2>&1; then
      update-rc.d rabbitmq-server disable 9>&- || true
    fi
    ;;
esac
