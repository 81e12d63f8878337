#!/bin/sh
# Builds the package in a copy of the sources, and puts it where n8n loads packages from.
set -eu
sources=${1:-/source}
copy=${2:-/work}
user_folder=${3:-/home/node/.n8n}

mkdir -p "$copy" "$user_folder/nodes"
tar -C "$sources" --exclude=./node_modules --exclude=./.git --exclude=./dist -cf - . | tar -C "$copy" -xf -
cd "$copy"
npm ci --ignore-scripts --no-audit --no-fund
npm run build
rm -f ./*.tgz
npm pack

cd "$user_folder/nodes"
test -f package.json || echo '{ "name": "installed-nodes", "private": true }' > package.json
# npm keeps what it has when the version is the same, and between builds it is.
rm -rf node_modules/n8n-nodes-imagen-ai
npm install "$copy"/n8n-nodes-imagen-ai-*.tgz --legacy-peer-deps --ignore-scripts --no-package-lock --no-audit --no-fund

# n8n runs as this user; a fresh volume is root's.
if [ "$(id -u)" = 0 ]; then chown -R 1000:1000 "$user_folder"; fi
