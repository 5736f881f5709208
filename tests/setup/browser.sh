#!/bin/sh
# Makes sure that the page can be tested in a real browser. Where Chromium is missing and can't be installed (no
# Debian packages, not root), says so and goes on: the browser tests then skip themselves with the same message.
set -u
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing chromium and a Chinese font for the browser tests" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -q chromium fonts-noto-cjk >/dev/null 2>&1 ||
        { apt-get update -q >/dev/null 2>&1 && apt-get install -y -q chromium fonts-noto-cjk >/dev/null 2>&1; }
fi
command -v chromium >/dev/null 2>&1 ||
    echo "no Chromium here and none could be installed: the browser tests will be skipped" >&2
exit 0
