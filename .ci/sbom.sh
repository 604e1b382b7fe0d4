#!/usr/bin/env bash
# Writes the bill of materials of the gateway (CycloneDX 1.6, JSON): every package that it is built of, with version, hash and license.
#
#   .ci/sbom.sh [FILE] [VERSION]     default: cortex-gateway.cdx.json, and the version in Directory.Build.props
#
# It reads Gateway/packages.lock.json, which the image is built from in locked mode. What the base image holds is not in it: that is in the
# bill which the build attaches to the image. Needs Node 20 with npm and the .NET SDK.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

file=$(realpath -m "${1:-cortex-gateway.cdx.json}")
version=${2:-$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)}
tool=.ci/sbom
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# quietly COMMAND...: shows what it wrote when it fails.
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }

# The lock file leaves out what the tool brings optionally: programs for other languages.
quietly npm ci --prefix "$tool" --ignore-scripts --omit=optional --no-audit --no-fund
quietly dotnet restore Gateway --locked-mode
packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')

# One target of the lock file: the packages are the same for each processor, and would be listed once for each.
mkdir "$work/Gateway"
cp Gateway/Gateway.csproj "$work/Gateway/"
node -e '
  const { dependencies: { "net10.0": packages } } = JSON.parse(require("fs").readFileSync("Gateway/packages.lock.json", "utf8"));
  console.log(JSON.stringify({ version: 2, dependencies: { "net10.0": packages } }));' >"$work/Gateway/packages.lock.json"
quietly "$tool/node_modules/.bin/cdxgen" --type csharp --no-install-deps --spec-version 1.6 --author 'Cortex Gateway' \
  --project-name cortex-gateway --project-version "$version" --output "$work/bom.json" "$work/Gateway"
node "$tool/finish.mjs" "$work/bom.json" Gateway/packages.lock.json "$packages"
quietly "$tool/node_modules/.bin/cdx-validate" --input "$work/bom.json" --strict --fail-severity critical
mv "$work/bom.json" "$file"
echo "$file"
