#!/usr/bin/env bash
# Builds the Dockerfile's images without a Docker daemon and without a registry of images, as root on Debian:
#
#   deploy/build_images.sh FOLDER [cli] [studio] [gpu]
#
# Each RUN step is executed by buildah in a chroot, on base images made of Debian's packages and of this machine's Node.js.
# It proves that the steps work where no daemon runs; with Docker, use `docker build` as the Dockerfile says. FOLDER holds
# the images and may be removed afterwards: 1.2 GB with cli, up to 30 GB while gpu is built, because each stage is a whole copy.
# BUILD_ARGS are further arguments of `buildah build`, for example for a mirror of packages.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "$1" >&2; exit 1; }

[ $# -ge 1 ] || fail "Name a folder for the images: deploy/build_images.sh FOLDER [cli] [studio] [gpu]"
folder=$(realpath -m "$1"); shift
targets=("${@:-studio}")
[ "$(id -u)" = 0 ] || fail "Run this as root: it makes a chroot."
for program in buildah debootstrap node npm; do
  command -v "$program" >/dev/null || fail "$program is missing: apt install buildah debootstrap, and Node.js 20 or newer with npm."
done

mkdir -p "$folder"
store=(buildah --root "$folder/storage" --runroot "$folder/run" --storage-driver vfs)
certificates=/etc/ssl/certs/ca-certificates.crt
# shellcheck disable=SC2016 # apt-get's own variable
debian=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -1)

make_root() {   # a small Debian 12 with Python, and this machine's certificates and Node.js
  [ -e "$folder/root.done" ] && return
  echo "Making a Debian 12 in $folder/root …"
  debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv bookworm "$folder/root" "$debian" >"$folder/debootstrap.log" ||
    fail "debootstrap failed: see $folder/debootstrap.log."
  cp "$certificates" "$folder/root$certificates"
  local prefix   # where the Dockerfile takes Node.js from in the image of its front end
  prefix="$folder/root$(sed -n 's|^COPY --from=front \(/.*\)/bin/node .*|\1|p' deploy/Dockerfile)"
  install -D "$(readlink -f "$(command -v node)")" "$prefix/bin/node"
  mkdir -p "$prefix/lib/node_modules"
  cp -a "$(npm root --global)/npm" "$prefix/lib/node_modules/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$prefix/bin/npm"
  touch "$folder/root.done"
}

make_base() {   # an image of that Debian; its variables are those by which pip and npm find certificates
  "${store[@]}" images --quiet likeness-base 2>/dev/null | grep -q . && return
  local container
  container=$("${store[@]}" from scratch)
  "${store[@]}" add --quiet "$container" "$folder/root" / >/dev/null
  "${store[@]}" config --env "PIP_CERT=$certificates" --env "NODE_EXTRA_CA_CERTS=$certificates" \
    --env "SSL_CERT_FILE=$certificates" --env PIP_DEFAULT_TIMEOUT=180 --env PIP_PROGRESS_BAR=off "$container"
  "${store[@]}" commit --quiet --rm "$container" likeness-base >/dev/null
}

make_root
make_base
for target in "${targets[@]}"; do
  echo "Building $target …"
  # shellcheck disable=SC2086
  "${store[@]}" build --isolation chroot --layers=false --pull-never --file deploy/Dockerfile --ignorefile deploy/Dockerfile.dockerignore \
    --build-arg PYTHON_IMAGE=localhost/likeness-base --build-arg NODE_IMAGE=localhost/likeness-base \
    ${BUILD_ARGS:-} --target "$target" --tag "likeness-$target" .
done
"${store[@]}" images
