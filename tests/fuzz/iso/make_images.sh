#!/bin/bash
# Writes the small images that the ISO mutator starts from, with xorriso and genisoimage.
#
#   make_images.sh FOLDER      writes FOLDER/NAME.iso; the second session of two-sessions.iso is at sector 512
set -euo pipefail
OUT="$(realpath "$1")"
export TZ=UTC LC_ALL=C.UTF-8
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
cd "$WORK"

# repeat TEXT TIMES
repeat() { printf "%.0s$1" $(seq "$2"); }

# make_tree FOLDER: what has structure on a disc, and little of it.
make_tree() {
  local deep="$1/docs"
  mkdir -p "$1/docs/empty" "$1/photos"
  printf 'hello\n' >"$1/a.txt"
  ln "$1/a.txt" "$1/docs/again"
  : >"$1/docs/zero"
  head -c 5000 /dev/zero | tr '\0' x >"$1/photos/picture.jpg"
  for length in 110 200 250; do printf '%d' "$length" >"$1/photos/$length-$(repeat n $((length - 4)))"; done
  ln -s ../a.txt "$1/docs/link"
  ln -s "$(repeat component/ 40)end" "$1/docs/long-link"
  ln -s / "$1/docs/root"
  mkfifo "$1/fifo"
  for level in $(seq 10); do deep="$deep/level$level" && mkdir "$deep" && printf '%d' "$level" >"$deep/file"; done
  for number in $(seq 60); do printf '%d' "$number" >"$1/docs/entry-$number.dat"; done
  printf 'x' >"$1/Grüße 漢.txt"
  find "$1" -exec touch -h -d '2001-02-03 04:05:06' {} +
}

# quietly COMMAND...: says something only if it fails.
quietly() { "$@" >log 2>&1 || { cat log >&2; return 1; }; }

make_tree tree
mkdir more
printf 'later\n' >more/later.txt
printf 'hello again\n' >more/a.txt

quietly timeout 60 xorriso -as mkisofs -quiet -no-pad -R -J --md5 -o "$OUT/xorriso.iso" tree
quietly timeout 60 xorriso -compliance new_rr -as mkisofs -quiet -no-pad -R --hardlinks -o "$OUT/rrip-1.12.iso" tree
quietly timeout 60 xorriso -compliance deep_paths_off -rr_reloc_dir rr_moved -as mkisofs -quiet -no-pad -R -o "$OUT/relocated.iso" tree
quietly timeout 60 xorriso -as mkisofs -quiet -no-pad --norock -J -o "$OUT/joliet.iso" tree
quietly timeout 60 genisoimage -quiet -no-pad -R -J -joliet-long -o "$OUT/genisoimage.iso" tree
quietly timeout 60 genisoimage -quiet -no-pad -iso-level 3 -o "$OUT/plain.iso" tree

quietly timeout 60 xorriso -as mkisofs -quiet -no-pad -R -J -o "$OUT/two-sessions.iso" tree
[[ "$(stat -c %s "$OUT/two-sessions.iso")" -le $((512 * 2048)) ]]
quietly timeout 60 xorriso -as mkisofs -quiet -no-pad -R -J -C 0,512 -M "$OUT/two-sessions.iso" -o session more
dd if=session of="$OUT/two-sessions.iso" bs=2048 seek=512 conv=notrunc status=none
