// All robots at a glance: what is down, what waits for a person, what is being done.
import { dashboard } from './dashboard';
import { ANY_IS_BAD, lines, number, rows } from './panels';

const ROBOTS = 'instance=~"$instance"';

export const fleet = dashboard('carousel-fleet', 'Carousel: fleet', 'Every robot: what is down, what waits for a person, what is being done.', true, [
  {
    title: 'Now',
    panels: [
      number({ title: 'Robots that answer', description: 'Services whose metrics could be read.', unit: 'short',
        queries: [{ expr: `sum(up{job="carousel",${ROBOTS}})`, legend: 'robots' }] }),
      number({ title: 'Drives out of service', description: 'Drives that do not answer or have no place in the changer. Runbook: CarouselDriveFailed.', unit: 'short',
        queries: [{ expr: `sum(carousel_drive_state{state="failed",${ROBOTS}})`, legend: 'drives' }] }, ANY_IS_BAD),
      number({ title: 'Discs held', description: 'Discs that nothing writes before somebody has looked. Runbook: CarouselDiscHeld.', unit: 'short',
        queries: [{ expr: `sum(carousel_journal_held_discs{${ROBOTS}})`, legend: 'discs' }] }, ANY_IS_BAD),
      number({ title: 'Suspect discs, 24 h', description: 'Burns and verifications that left a disc suspect. Runbook: CarouselDiscSuspect.', unit: 'short',
        queries: [{ expr: `(sum(increase(carousel_burns_total{disc_state="suspect",${ROBOTS}}[24h])) or vector(0)) + (sum(increase(carousel_disc_jobs_total{disc_state="suspect",${ROBOTS}}[24h])) or vector(0))`, legend: 'discs' }] }, ANY_IS_BAD),
      number({ title: 'Wrong addresses, 24 h', description: 'Sessions that a drive refused since somebody else had written. Runbook: CarouselWrongAddress.', unit: 'short',
        queries: [{ expr: `sum(increase(carousel_burn_wrong_address_total{${ROBOTS}}[24h]))`, legend: 'sessions' }] }, ANY_IS_BAD),
      number({ title: 'Failed moves, 24 h', description: 'Moves that ended with the disc in the gripper or nobody knows where. Runbook: CarouselArmFailed.', unit: 'short',
        queries: [{ expr: `sum(increase(carousel_changer_moves_total{result=~"in_gripper|unknown",${ROBOTS}}[24h]))`, legend: 'moves' }] }, ANY_IS_BAD),
    ],
  },
  {
    title: 'Work',
    panels: [
      lines({ title: 'Validations', description: 'SetMultisessionInterfaces calls that reached the rules.', unit: 'reqps',
        queries: [{ expr: `sum by (instance, result) (rate(carousel_multisession_validations_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}} {{result}}' }] }),
      lines({ title: 'Import throughput', description: 'Bytes that imports read from discs.', unit: 'Bps',
        queries: [{ expr: `sum by (instance) (rate(carousel_import_bytes_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}}' }] }),
      lines({ title: 'Burn throughput', description: 'Bytes of sessions that drives have acknowledged.', unit: 'Bps',
        queries: [{ expr: `sum by (instance) (rate(carousel_burn_bytes_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}}' }] }),
      lines({ title: 'Moves', description: 'Moves of the arms, by where the disc ended.', unit: 'ops',
        queries: [{ expr: `sum by (instance, result) (rate(carousel_changer_moves_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}} {{result}}' }] }),
    ],
  },
  {
    title: 'Service',
    panels: [
      lines({ title: 'Calls', description: 'gRPC calls that ended.', unit: 'reqps',
        queries: [{ expr: `sum by (instance) (rate(grpc_server_handled_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}}' }] }),
      lines({ title: 'Calls that fail for reasons of the service', description: 'Part of all calls. Runbook: CarouselCallsFail.', unit: 'percentunit',
        queries: [{ expr: `(sum by (instance) (rate(grpc_server_handled_total{grpc_code=~"Unknown|Internal|DataLoss|Unimplemented|ResourceExhausted",${ROBOTS}}[$__rate_interval])) or 0 * sum by (instance) (rate(grpc_server_handled_total{${ROBOTS}}[$__rate_interval]))) / sum by (instance) (rate(grpc_server_handled_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}}' }] }),
      rows({ title: 'What runs', description: 'Version, commit and compiler of each robot\'s service.', unit: 'short',
        queries: [{ expr: `carousel_build_info{${ROBOTS}}`, legend: '' }] }),
      rows({ title: 'Configurations', description: 'The robots\' ids and the digests of their configurations.', unit: 'short',
        queries: [{ expr: `carousel_robot_info{${ROBOTS}}`, legend: '' }] }),
    ],
  },
]);
