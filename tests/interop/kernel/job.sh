#!/bin/sh
# What the guest does: carouseld on the kernel's own devices appends a session to a disc, and the kernel reads it back. Words of the
# command line are in job.env: TARGET, HOST, PORT. Any line that fails ends the job.
set -e
# shellcheck source=/dev/null
. /job/job.env

say() { echo "job: $*"; }
# wait_for WHAT COMMAND...: until it succeeds, a minute at most.
wait_for() {
  what=$1
  shift
  for _ in $(seq 120); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.5
  done
  say "$what did not come"
  return 1
}
# The node of the n-th device of a SCSI type.
node_of_type() {
  for device in /sys/class/scsi_generic/sg*; do
    [ "$(cat "$device/device/type")" = "$1" ] && echo "/dev/${device##*/}"
  done | sed -n "${2}p"
}
all_devices() {
  set -- /sys/class/scsi_generic/sg*
  [ $# -ge 4 ]  # tgtd's own controller is the fourth
}

iscsistart -i iqn.2026-11.dev.carousel:guest -t "$TARGET" -g 1 -a "$HOST" -p "$PORT" >/tmp/iscsistart.log 2>&1 ||
  { cat /tmp/iscsistart.log; exit 1; }
wait_for "a device" all_devices
for device in /sys/class/scsi_generic/sg*; do
  say "${device##*/}: type $(cat "$device/device/type"), $(cat "$device/device/vendor") $(cat "$device/device/model")"
done
[ -e /dev/sch0 ] && say "the kernel's changer driver has the changer, too"

cat >/tmp/robot.textproto <<END
robot_id: "guest"
listen { insecure: true }
drives { id: "drive0" sg { serial: "SERVED-0" } }
drives { id: "drive1" sg { device: "$(node_of_type 5 2)" } }
changer { sg { device: "$(node_of_type 8 1)" } first_slot_element: 1024 }
slots { id: "slot1" }
slots { id: "slot2" }
END
carouseld --config /tmp/robot.textproto --state_dir /tmp/state --listen unix:/run/carousel --http_listen 127.0.0.1:9470 \
  --port_file /tmp/ports 2>/tmp/carouseld.log &
trap 'tail -n 15 /tmp/carouseld.log' EXIT
export CAROUSEL_ADDRESS=unix:/run/carousel
wait_for carouseld test -s /tmp/ports
drives_ready() { [ "$(carouselctl drives | grep -c EMPTY)" = 2 ]; }
wait_for "both drives" drives_ready

say "append"
set -x
carouselctl doctor
carouselctl load A01 drive0 -q
IMAGE=$(carouselctl image create)
carouselctl image set-multisession "$IMAGE" drive0
carouselctl image import "$IMAGE" -q
carouselctl image add "$IMAGE" /job/added --to / -q
carouselctl image result create "$IMAGE" -q
carouselctl burn "$IMAGE" --drive drive0 --verify full -q
carouselctl exchange A02 drive0 -q
carouselctl unload drive0 -q
carouselctl load A01 drive1 -q
carouselctl disc show drive1
carouselctl verify drive1 -q
set +x

say "the kernel reads it"
mount_disc() { mount -t iso9660 -o ro "$DISC" /mnt; }
DISC=/dev/sr1
wait_for "the disc" mount_disc
cd /mnt
sha256sum -c /job/expected.sha256
[ "$(find . -type f | grep -vc '^./MANIFEST$')" = "$(wc -l </job/expected.sha256)" ] || { find . -type f; exit 1; }
say "done"
