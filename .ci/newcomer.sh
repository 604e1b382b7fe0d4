#!/usr/bin/env bash
# A stranger's first minutes, timed: clones this commit into an empty folder, types what the README says under "Run it", with a home and a
# package cache that are empty, and lets a real client sign in, list and call a tool.
#
#   .ci/newcomer.sh              needs what the README asks for, free ports 8080 and 4820, Node 20, and the client's packages
#                                (npm ci --ignore-scripts --prefix Gateway.Tests/Clients/node)
#
# The packages come from the network: a part of the time is the line's. It leaves nothing behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

repository=$PWD
url=http://localhost:8080
work=$(mktemp -d)
group=

finish() {
  if [ -n "$group" ]; then
    kill -KILL -- "-$group" 2>/dev/null || true
    wait "$group" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() {
  echo "FAILED: $*" >&2
  cat "$work/log" >&2 2>/dev/null || true
  exit 1
}

now() { date +%s%3N; }

# took WHAT SINCE: prints how long it took.
took() { printf '%-30s %7.1f s\n' "$1" "$(awk -v since="$2" -v now="$(now)" 'BEGIN { print (now - since) / 1000 }')"; }

# command_of_readme: what starts the gateway under "Run it".
command_of_readme() { awk '/^## / { inside = ($0 == "## Run it") } inside && /^dotnet / { print; exit }' README.md; }

# client OPTIONS...: what a person sees, and the result of one call, as one line of JSON.
client() {
  (cd "$repository/Gateway.Tests/Clients/node" && node modern-client.mjs --url "$url/mcp" --email alice@example.com "$@" 2>/dev/null | tail -n 1)
}

[ -d Gateway.Tests/Clients/node/node_modules ] || fail 'The packages of the client are not installed: npm ci --ignore-scripts --prefix Gateway.Tests/Clients/node'
for port in 8080 4820; do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "Port $port is taken."
done

started=$(now)
git clone --quiet --no-hardlinks "$repository" "$work/cortex-gateway"
took 'clone' "$started"

command=$(command_of_readme)
echo "\$ $command"
mkdir "$work/home"
started=$(now)
# In a group of its own, so that it can be ended with all that it starts. A build server would outlive it.
(
  cd "$work/cortex-gateway"
  unset "${!CORTEX__@}" "${!OTEL_@}" "${!ASPNETCORE_@}" DOTNET_ENVIRONMENT 2>/dev/null || true
  export HOME=$work/home DOTNET_CLI_HOME=$work/home NUGET_PACKAGES=$work/packages
  export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
  # shellcheck disable=SC2086 # the command is typed as it stands there
  exec setsid $command
) >"$work/log" 2>&1 </dev/null &
group=$!

until [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/readyz")" = 200 ]; do
  kill -0 "$group" 2>/dev/null || fail 'It ended.'
  [ $(($(now) - started)) -lt 600000 ] || fail 'It was not ready within ten minutes.'
  sleep 0.1
done
took 'from the command to ready' "$started"

since=$(now)
all=$(client --tool notes_save_note --args '{"title":"From a newcomer","text":"It works."}')
took 'sign-in to the first result' "$since"
took 'from the command to there' "$started"
some=$(client --scopes mcp:notes:read --tool notes_list_notes --args '{}')

node -e '
  const [all, some] = process.argv.slice(1).map((line) => JSON.parse(line));
  const failed = [all, some].find((seen) => seen.error || seen.result?.isError);
  if (failed) throw new Error(JSON.stringify(failed));
  const offered = ({ tools }) => tools.some((tool) => tool.name === "notes_save_note");
  if (!offered(all) || offered(some)) throw new Error("The list is not filtered by what was granted.");
  console.log(`client: MCP ${all.protocolVersion}; ${all.tools.length} tools with every scope, ${some.tools.length} with mcp:notes:read alone`);' "$all" "$some" || fail 'The client did not get there.'

[ -z "$(git -C "$work/cortex-gateway" status --porcelain)" ] || fail "It left files in the clone: $(git -C "$work/cortex-gateway" status --porcelain)"

kill -TERM -- "-$group"
wait "$group" 2>/dev/null || true
group=
echo '--- what it wrote'
cat "$work/log"
