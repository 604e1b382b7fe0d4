#!/usr/bin/env bash
# Builds the image without a container engine and puts it to use: as user 1654, on a read-only root file system, with a real MCP client.
#
#   .ci/image.sh
#
# It proves the steps of the Dockerfile and that what they make runs without root, without a writable root and without a shell. It does not
# prove the real base images: in place of Microsoft's stand a Debian made here and this machine's own .NET. Needs root on Debian, about
# 4 minutes and 3 GB; the packages of Gateway.Tests/Clients/node must be installed (./test.sh does that).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sdk_image=mcr.microsoft.com/dotnet/sdk:10.0
runtime_image=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
image=localhost/cortex-gateway:proof
clients=Gateway.Tests/Clients/node
port=18080
work=$(mktemp -d)
container=
gateway=

finish() {
  [ -z "$gateway" ] || kill -9 "$gateway" 2>/dev/null || true
  [ -z "$container" ] || buildah rm "$container" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

fail() {
  echo "FAILED: $*" >&2
  cat "$work/log" >&2 2>/dev/null || true
  exit 1
}

now() { date +%s%3N; }

install_tools() {
  command -v buildah >/dev/null && command -v mmdebstrap >/dev/null && return
  [ "$(id -u)" -eq 0 ] || fail 'Run it as root on Debian, or install buildah and mmdebstrap.'
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends buildah mmdebstrap
}

has_image() { buildah images --quiet "$1" >/dev/null 2>&1; }

# stand_in NAME FOLDER: an image of that name with FOLDER as its root.
stand_in() {
  local made
  made=$(buildah from scratch)
  buildah add --quiet "$made" "$2" / >/dev/null
  buildah config --env PATH=/usr/share/dotnet:/usr/sbin:/usr/bin:/sbin:/bin --env DOTNET_CLI_TELEMETRY_OPTOUT=1 --env DOTNET_NOLOGO=1 --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$made"
  buildah commit --quiet --rm "$made" "$1" >/dev/null
}

make_stand_ins() {
  local dotnet root=$work/root
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  mkdir -p "$root"
  mmdebstrap --quiet --variant=essential --include=ca-certificates,libssl3,libstdc++6,zlib1g bookworm - | tar -xC "$root" --exclude='./dev/*'
  mkdir -p "$root/usr/share"
  cp -a "$dotnet" "$root/usr/share/dotnet"
  stand_in "$sdk_image" "$root"
  # Chiselled: no shell, no tools, no SDK.
  rm -rf "$root"/usr/share/dotnet/{sdk,packs,templates,sdk-manifests} "$root"/usr/{bin,sbin}/* "$root"/var/lib/{apt,dpkg} "$root"/usr/share/{doc,locale,perl5}
  stand_in "$runtime_image" "$root"
  rm -rf "$root"
}

# The packages that this machine has already are lent to the build, so that it asks the registry for the rest alone.
build() {
  local packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
  mkdir -p "$packages"
  buildah bud --isolation chroot --layers=false --pull-never --network host --build-arg "REVISION=$(git rev-parse HEAD)" --build-arg "TARGETARCH=$(dpkg --print-architecture)" \
    -v /etc/ssl/certs:/etc/ssl/certs:ro -v "$packages:/root/.nuget/packages" -t "$image" . >"$work/log" 2>&1 || fail 'The image was not built.'
}

config_of() { buildah inspect --type image --format "{{$1}}" "$image"; }

# serve ROOT: the image's own entry point and command, as its user, on its root made read-only; volumes where the chart puts some.
serve() {
  local root=$1
  export root work
  # shellcheck disable=SC2016 # the inner shell's variables
  unshare --mount --propagation private bash -eu -c '
    mount --bind "$root" "$root"
    mount --bind "$work/config" "$root/etc/cortex"
    mount --bind "$work/data" "$root/data"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mount --rbind /proc "$root/proc"
    mkdir -p "$root/dev" && mount --rbind /dev "$root/dev"
    mount -o remount,ro,bind "$root"
    exec env -i PATH=/usr/share/dotnet:/usr/bin ASPNETCORE_URLS="http://127.0.0.1:'"$port"'" DOTNET_EnableDiagnostics=0 HOME=/ \
      setpriv --bounding-set -all,+sys_chroot,+setuid,+setgid --no-new-privs \
      unshare --root "$root" --wd /app --setgid 1654 --setuid 1654 -- dotnet Gateway.dll serve --config /etc/cortex/cortex.yaml
  ' >"$work/log" 2>&1 &
  gateway=$!
}

# until_answers PATH: waits until the gateway says 200 there.
until_answers() {
  local deadline=$(($(now) + 60000))
  until [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port$1")" = 200 ]; do
    kill -0 "$gateway" 2>/dev/null || fail 'The gateway ended.'
    [ "$(now)" -lt "$deadline" ] || fail "No 200 at $1 within a minute."
    sleep 0.02
  done
}

install_tools
has_image "$sdk_image" && has_image "$runtime_image" || make_stand_ins
started=$(now)
build
printf 'built in                    %6d s\n' $((($(now) - started) / 1000))

[ "$(config_of .OCIv1.Config.User)" = 1654:1654 ] || fail "Its user is '$(config_of .OCIv1.Config.User)'."
[ "$(config_of .OCIv1.Config.Entrypoint)$(config_of .OCIv1.Config.Cmd)" = '[dotnet Gateway.dll][serve --config /etc/cortex/cortex.yaml]' ] || fail 'It starts something else.'
for label in title description source licenses version revision; do
  value=$(config_of "(index .OCIv1.Config.Labels \"org.opencontainers.image.$label\")")
  [ -n "$value" ] || fail "It bears no label $label."
  printf '%-27s %s\n' "label $label" "$value"
done

container=$(buildah from --pull-never "$image")
root=$(buildah mount "$container")
printf 'size of /app                %6d MB\n' "$(du -sm "$root/app" | cut -f1)"
[ ! -e "$root/bin/sh" ] || fail 'There is a shell in it.'
# The head of code that was compiled ahead of time.
grep -qaP 'RTR\x00' "$root/app/Gateway.dll" || fail 'It was not compiled ahead of time.'

mkdir -p "$work/config" "$work/data"
chown 1654:1654 "$work/data"
cat >"$work/config/cortex.yaml" <<YAML
gateway:
  publicUrl: http://127.0.0.1:$port
storage:
  database: sqlite:/data/cortex.db
identity:
  authorizationServer:
    allowDevelopmentSignIn: true
backends:
  notes: { kind: contract, url: "http://127.0.0.1:$((port + 1))", demo: true }
YAML
chmod -R a+rX "$work/config" && chmod a+x "$work"

started=$(now)
serve "$root"
until_answers /healthz
printf 'answers /healthz after      %6d ms\n' $(($(now) - started))
until_answers /readyz
printf 'ready after                 %6d ms\n' $(($(now) - started))
[ "$(awk '/^Uid:/ { print $2 }' "/proc/$gateway/status")" = 1654 ] || fail 'It runs as another user.'
[ "$(awk '/^CapEff:/ { print $2 }' "/proc/$gateway/status")" = 0000000000000000 ] || fail 'It holds capabilities.'
awk '$5 == "/" { print $6 }' "/proc/$gateway/mountinfo" | grep -q '^ro' || fail 'Its root file system is writable.'
printf 'resident memory             %6d MB\n' "$(awk '/^VmRSS:/ { print int($2 / 1024) }' "/proc/$gateway/status")"

seen=$(cd "$clients" && node modern-client.mjs --url "http://127.0.0.1:$port/mcp" --email alice@example.com --tool notes_save_note --args '{"title":"From the image","text":"It works."}')
echo "$seen" | node -e '
  const seen = JSON.parse(require("fs").readFileSync(0, "utf8").trim().split("\n").at(-1));
  if (seen.error || !seen.tools?.length || seen.result?.isError) { console.error(JSON.stringify(seen)); process.exit(1); }
  console.log(`client: MCP ${seen.protocolVersion}, ${seen.tools.length} tools, a note saved`);' || fail 'The client could not sign in and call.'

started=$(now)
kill -TERM "$gateway"
status=0
wait "$gateway" || status=$?
gateway=
[ "$status" -eq 0 ] || fail "SIGTERM ended it with $status."
printf 'SIGTERM to exit 0           %6d ms\n' $(($(now) - started))
buildah push --quiet "$image" "dir:$work/pushed" >/dev/null
printf 'image, compressed           %6d MB, with the stand-in of the base image\n' "$(du -sm "$work/pushed" | cut -f1)"
