#!/usr/bin/env bash
# Prints the path of H2's jar, which stands in for SQL Server and Oracle behind their drivers:  h2.sh FOLDER
# Debian's package is unpacked into FOLDER. Fails where there is no Java, or the package cannot be had.
set -euo pipefail
folder=$(realpath -m "$1")
command -v java >/dev/null
jar=$folder/root/usr/share/java/h2.jar
if [ ! -e "$jar" ]; then
  mkdir -p "$folder/packages"
  cd "$folder/packages"
  apt-get download -qq libh2-java >&2 || { apt-get update -qq >&2 && apt-get download -qq libh2-java >&2; }
  for package in *.deb; do dpkg-deb -x "$package" "$folder/root"; done
fi
[ -e "$jar" ] && echo "$jar"
