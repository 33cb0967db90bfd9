# shellcheck shell=bash
# Sourced by tools/demo: writes sessions with xorriso and genisoimage and makes virtual discs of
# them. A disc's sectors are put together in a sparse file, so that a later session can read the
# earlier ones by their addresses on the disc (-M), as it would from a drive.
#
# Expects: $WORK (a temporary folder), $STORE, $CAROUSEL_DISC.

SECTOR=2048

# The tree of one session: folder $1 gets $2 files below $3, one link and one long name.
make_tree() {
  local folder=$1 count=$2 name=$3 i
  mkdir -p "$folder/$name"
  for ((i = 1; i <= count; i++)); do
    printf '%s, document %d\n' "$name" "$i" >"$folder/$name/document-$(printf %04d "$i").txt"
  done
  ln -s "document-0001.txt" "$folder/$name/first"
  printf 'long names survive\n' >"$folder/$name/a file whose name would never fit into eight and three characters, $name.txt"
}

# One session of tree $2 by program $1 into file $3; $4 and $5 are the starts of the previous and
# of this session, $6 the disc so far. A first session has no $4.
write_session() {
  local program=$1 tree=$2 out=$3 previous=${4:-} start=${5:-} disc=${6:-} append=()
  [ -n "$previous" ] && append=(-C "$previous,$start" -M "$disc")
  case $program in
    xorriso) xorriso -as mkisofs -quiet -R -J -V "$VOLUME" "${append[@]}" -o "$out" "$tree" ;;
    genisoimage) genisoimage -quiet -R -J -joliet-long -V "$VOLUME" "${append[@]}" -o "$out" "$tree" ;;
  esac >"$WORK/mastering.log" 2>&1 || {
    cat "$WORK/mastering.log" >&2
    return 1
  }
}

# sequential_disc BARCODE MEDIUM SLOT PROGRAM...: one session for each program named.
sequential_disc() {
  local barcode=$1 medium=$2 slot=$3 start=0 previous="" number=0 program sessions=()
  shift 3
  VOLUME=$barcode
  local disc=$WORK/$barcode.disc
  : >"$disc"
  for program in "$@"; do
    number=$((number + 1))
    local tree=$WORK/$barcode.tree$number image=$WORK/$barcode.session$number.iso
    make_tree "$tree" $((20 * number)) "session-$number"
    write_session "$program" "$tree" "$image" "$previous" "$start" "$disc"
    dd if="$image" of="$disc" bs=$SECTOR seek="$start" conv=notrunc,sparse status=none
    sessions+=("--session=$image@$start")
    previous=$start
    # As a drive would tell it: behind the session, its padding and its lead-out.
    start=$("$CAROUSEL_DISC" next-address --media="$medium" "${sessions[@]}")
    echo "  $barcode: session $number by $program at sector $previous"
  done
  "$CAROUSEL_DISC" create "$STORE" "$barcode" --media="$medium" --slot="$slot" "${sessions[@]}"
}

# overwritable_disc BARCODE MEDIUM SLOT COUNT: COUNT logical sessions by xorriso, which grows the
# image in place as it does on DVD+RW and BD-RE.
overwritable_disc() {
  local barcode=$1 medium=$2 slot=$3 count=$4 number
  local image=$WORK/$barcode.disc
  for ((number = 1; number <= count; number++)); do
    local tree=$WORK/$barcode.tree$number
    make_tree "$tree" $((20 * number)) "session-$number"
    xorriso -dev "stdio:$image" -volid "$barcode" -joliet on -map "$tree" / -commit \
      >"$WORK/mastering.log" 2>&1 || {
      cat "$WORK/mastering.log" >&2
      return 1
    }
    echo "  $barcode: logical session $number by xorriso"
  done
  "$CAROUSEL_DISC" create "$STORE" "$barcode" --media="$medium" --slot="$slot" --session="$image@0"
}

# What an import of the disc must hold: every path of its trees, as carouselctl prints them.
expected_paths() {
  (for tree in "$WORK/$1".tree*; do (cd "$tree" && find . -mindepth 1 -printf '/%P\n'); done) |
    LC_ALL=C sort -u
}
