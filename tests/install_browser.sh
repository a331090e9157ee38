#!/bin/sh
# Gets a Chromium for the browser tests: the system's; else Debian's, as root; else Playwright's own.
# Where Debian has it, Chromium without windows of its own (the "headless shell") is got and taken first: a
# sixth of the work for each person who sits down, a minute and a half in all. That is tried once.
# Without any the tests say so and are skipped, unless HUIYIN_REQUIRE_BROWSER=1.
set -u
has_shell() { command -v chromium-headless-shell >/dev/null 2>&1; }
has_chromium() { has_shell || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }
has_chinese() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]; }
install() { DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y --no-install-recommends "$@" fonts-noto-cjk fontconfig; }

tried=.venv/.browser
if has_shell && has_chinese; then exit 0; fi
if has_chromium && has_chinese && [ -e "$tried" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium and Chinese fonts for the browser tests ..."
  log=$(mktemp)
  if ! { timeout 120 apt-get update && { install chromium-headless-shell || install chromium; }; } >"$log" 2>&1; then
    tail -n 5 "$log"
  fi
  rm -f "$log"
  touch "$tried"
fi
if has_chromium; then exit 0; fi
.venv/bin/python -m playwright install chromium >/dev/null 2>&1 || echo "No Chromium to be had: browser tests will say so."
exit 0
