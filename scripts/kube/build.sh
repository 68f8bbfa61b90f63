#!/usr/bin/env bash
# Builds etcd, kube-apiserver and kubectl from their Go modules, for the tests and for `--api real`.
#   npm run kube [-- FOLDER]
# Prints the folder last: export it as KUBEBUILDER_ASSETS. Programs that are there already are not built again.
# Needs Go >= 1.24 and a few minutes the first time.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v go >/dev/null; then
  echo 'Go 1.24 or newer is needed to build a Kubernetes API server. Install it, or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver.' >&2
  exit 1
fi

# Read from go.mod, so that a second run asks Go for nothing.
version=$(sed -n 's|^\s*k8s.io/kubernetes \(v[0-9.]*\).*|\1|p' go.mod | head -n 1)
out=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/deckhouse-virtualization/kube/$version}
mkdir -p "$out"
out=$(cd "$out" && pwd)

minor=${version#v1.}
minor=${minor%%.*}
stamp="-s -w -X k8s.io/component-base/version.gitVersion=$version -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$minor"

build() {
  if [ -x "$out/$1" ]; then
    return
  fi
  echo "Building $1 …" >&2
  # Moved into place when it is whole, so that a build that was broken off is not taken for one.
  CGO_ENABLED=0 go build -trimpath -ldflags "$stamp" -o "$out/$1.part" "$2"
  mv "$out/$1.part" "$out/$1"
}

build etcd go.etcd.io/etcd/server/v3
build kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver
build kubectl k8s.io/kubernetes/cmd/kubectl
echo "$out"
