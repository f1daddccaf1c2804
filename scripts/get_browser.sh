#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes sure that a Chromium is here for the browser tests, or says in one line how to get one.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests (about 100 MB) ..." >&2
  apt-get update -qq >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium \
    >/dev/null 2>&1 && exit 0
fi
echo "The browser tests will be skipped: install Chromium (sudo apt-get install chromium)." >&2
