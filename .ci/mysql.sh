#!/usr/bin/env bash
# Starts a real MySQL beside the system's MariaDB and prints its URL:  mysql.sh start FOLDER  |  mysql.sh stop FOLDER
# Debian has MySQL only in sid. Its packages are unpacked into FOLDER and run by their own loader, so that nothing is installed.
# Fails where Debian's packages cannot be had.
set -euo pipefail
action=$1
folder=$(realpath -m "$2")
root=$folder/root

fetch_packages() {
  local sources=/etc/apt/sources.list.d/debian.sources
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -r "$sources" ] && [ -r "$keyring" ] || return 1
  mkdir -p "$folder"/apt/{lists/partial,cache/archives/partial,parts}
  : >"$folder/apt/status"
  cat >"$folder/apt/parts/sid.sources" <<END
Types: deb
URIs: $(grep -h '^URIs' "$sources" | head -1 | cut -d' ' -f2)
Suites: sid
Components: main
Signed-By: $keyring
END
  cat >"$folder/apt/apt.conf" <<END
Dir::State::lists "$folder/apt/lists";
Dir::State::status "$folder/apt/status";
Dir::Cache "$folder/apt/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$folder/apt/parts";
END
  export APT_CONFIG=$folder/apt/apt.conf
  apt-get update -qq
  apt-get install -qq -y --download-only --no-install-recommends mysql-server-core
  mkdir -p "$root.part"
  for package in "$folder"/apt/cache/archives/*.deb; do dpkg-deb -x "$package" "$root.part"; done
  mv "$root.part" "$root"
}

mysqld() {
  "$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" "$root/usr/sbin/mysqld" \
    --no-defaults --basedir="$root/usr" --lc-messages-dir="$root/usr/share/mysql" --plugin-dir="$root/usr/lib/mysql/plugin" \
    --datadir="$folder/data" --log-error="$folder/error.log" --user="$(id -un)" "$@"
}

start() {
  [ -x "$root/usr/sbin/mysqld" ] || fetch_packages >&2
  stop
  rm -rf "$folder/data"
  : >"$folder/error.log"
  mysqld --initialize-insecure
  local port
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  # In a session of its own: it outlives this script, and no signal for the caller's group ends it.
  setsid bash -c "$(declare -f mysqld); root='$root' folder='$folder' mysqld --socket='$folder/socket' --pid-file='$folder/pid' \
    --port=$port --bind-address=127.0.0.1 --mysqlx=OFF --skip-log-bin --secure-file-priv='' --local-infile=ON \
    --innodb-flush-log-at-trx-commit=2" >/dev/null 2>&1 </dev/null &
  for _ in $(seq 240); do
    grep -q 'ready for connections' "$folder/error.log" && echo "mysql://root@127.0.0.1:$port/mysql" && return 0
    sleep 0.25
  done
  tail -5 "$folder/error.log" >&2
  return 1
}

stop() {
  [ -f "$folder/pid" ] || return 0
  local pid
  pid=$(cat "$folder/pid")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 80); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.25; done
}

"$action"
