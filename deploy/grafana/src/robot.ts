// One robot: its drives, its arm, its burns, its journal and spool.
import { dashboard } from './dashboard';
import { ANY_IS_BAD, lines, number } from './panels';

const ROBOT = 'instance=~"$instance"';
const rate = (metric: string, labels = '') => `rate(${metric}{${labels}${ROBOT}}[$__rate_interval])`;
const quantile = (q: number, by: string, metric: string) =>
  `histogram_quantile(${q}, sum by (${by}le) (rate(${metric}_bucket{${ROBOT}}[$__rate_interval])))`;

export const robot = dashboard('carousel-robot', 'Carousel: robot', 'One robot: drives, arm, burns, journal and spool.', false, [
  {
    title: 'Now',
    panels: [
      number({ title: 'Drives ready', description: 'Drives that hold a medium and answer.', unit: 'short',
        queries: [{ expr: `sum(carousel_drive_state{state="ready",${ROBOT}})`, legend: 'drives' }] }),
      number({ title: 'Drives out of service', description: 'Runbook: CarouselDriveFailed.', unit: 'short',
        queries: [{ expr: `sum(carousel_drive_state{state="failed",${ROBOT}})`, legend: 'drives' }] }, ANY_IS_BAD),
      number({ title: 'Discs held', description: 'Runbook: CarouselDiscHeld.', unit: 'short',
        queries: [{ expr: `sum(carousel_journal_held_discs{${ROBOT}})`, legend: 'discs' }] }, ANY_IS_BAD),
      number({ title: 'Spool', description: 'Part of the quota that is taken. Runbook: CarouselSpoolNearlyFull.', unit: 'percentunit',
        queries: [{ expr: `sum(carousel_spool_used_bytes{${ROBOT}}) / sum(carousel_spool_quota_bytes{${ROBOT}})`, legend: 'used' }] }),
      number({ title: 'Uploads', description: 'Uploads that have begun and not ended.', unit: 'short',
        queries: [{ expr: `sum(carousel_spool_uploads{${ROBOT}})`, legend: 'uploads' }] }),
      number({ title: 'Up for', description: 'Time since the service started.', unit: 's',
        queries: [{ expr: `time() - max(process_start_time_seconds{${ROBOT}})`, legend: 'time' }] }),
    ],
  },
  {
    title: 'Drives',
    panels: [
      lines({ title: 'States', description: 'Drives by the state that they are in.', unit: 'short',
        queries: [{ expr: `sum by (state) (carousel_drive_state{${ROBOT}})`, legend: '{{state}}' }] }, true),
      lines({ title: 'Commands', description: 'SCSI commands by drive.', unit: 'ops',
        queries: [{ expr: `sum by (drive) (${rate('carousel_scsi_commands_total')})`, legend: '{{drive}}' }] }),
      lines({ title: 'Commands that were not good', description: 'By sense key or SCSI status. not_ready and unit_attention are usual after a load. Runbooks: CarouselMediumErrors, CarouselCommandsUnanswered.', unit: 'ops',
        queries: [{ expr: `sum by (drive, result) (${rate('carousel_scsi_commands_total', 'result!="good",')})`, legend: '{{drive}} {{result}}' }] }),
      lines({ title: 'Time of commands, 99 of 100', description: 'From sending a command to its answer.', unit: 's',
        queries: [{ expr: quantile(0.99, 'opcode, ', 'carousel_scsi_command_duration_seconds'), legend: '{{opcode}}' }] }),
    ],
  },
  {
    title: 'Burns',
    panels: [
      lines({ title: 'Throughput', description: 'Bytes that drives have acknowledged.', unit: 'Bps',
        queries: [{ expr: `sum by (media) (${rate('carousel_burn_bytes_total')})`, legend: '{{media}}' }] }),
      lines({ title: 'Burns by outcome', description: 'WriteImage operations that ended within the last hour, and what the disc is since.', unit: 'short',
        queries: [{ expr: `sum by (media, outcome, disc_state) (increase(carousel_burns_total{${ROBOT}}[1h]))`, legend: '{{media}} {{outcome}} {{disc_state}}' }] }),
      lines({ title: 'Time of burns', description: 'Verification included.', unit: 's',
        queries: [{ expr: quantile(0.5, 'media, ', 'carousel_burn_duration_seconds'), legend: '{{media}} half' },
          { expr: quantile(0.95, 'media, ', 'carousel_burn_duration_seconds'), legend: '{{media}} 95 of 100' }] }),
      lines({ title: 'Least in the buffer', description: 'The least that lay ready for the drive in its last burn; 1 is all of it.', unit: 'percentunit',
        queries: [{ expr: `carousel_burn_buffer_lowest_ratio{${ROBOT}}`, legend: '{{drive}}' }] }),
      lines({ title: 'Buffer ran dry', description: 'How often a drive waited within the last hour. Runbook: CarouselBurnBufferDry.', unit: 'short',
        queries: [{ expr: `increase(carousel_burn_buffer_dry_total{${ROBOT}}[1h])`, legend: '{{drive}}' }] }),
      lines({ title: 'Verifications, erasures, closes, repairs', description: 'Operations that ended within the last hour, and what the disc is since.', unit: 'short',
        queries: [{ expr: `sum by (kind, outcome, disc_state) (increase(carousel_disc_jobs_total{${ROBOT}}[1h]))`, legend: '{{kind}} {{outcome}} {{disc_state}}' }] }),
      lines({ title: 'Time of these', description: 'However they ended, by the robot\'s clock.', unit: 's',
        queries: [{ expr: quantile(0.5, 'kind, ', 'carousel_disc_job_duration_seconds'), legend: '{{kind}} half' },
          { expr: quantile(0.95, 'kind, ', 'carousel_disc_job_duration_seconds'), legend: '{{kind}} 95 of 100' }] }),
    ],
  },
  {
    title: 'Arm',
    panels: [
      lines({ title: 'Moves', description: 'By where the disc ended, within the last hour. Runbook: CarouselArmFailed.', unit: 'short',
        queries: [{ expr: `sum by (result) (increase(carousel_changer_moves_total{${ROBOT}}[1h]))`, legend: '{{result}}' }] }),
      lines({ title: 'Time of moves', description: 'By the robot\'s clock.', unit: 's',
        queries: [{ expr: quantile(0.5, '', 'carousel_changer_move_duration_seconds'), legend: 'half' },
          { expr: quantile(0.95, '', 'carousel_changer_move_duration_seconds'), legend: '95 of 100' }] }),
    ],
  },
  {
    title: 'Journal and spool',
    panels: [
      lines({ title: 'Records', description: 'Writes to the journal. Failed ones: CarouselJournalFails.', unit: 'ops',
        queries: [{ expr: `sum by (record, result) (${rate('carousel_journal_records_total')})`, legend: '{{record}} {{result}}' }] }),
      lines({ title: 'Time of a commit', description: 'Runbook: CarouselJournalSlow.', unit: 's',
        queries: [{ expr: quantile(0.5, '', 'carousel_journal_write_duration_seconds'), legend: 'half' },
          { expr: quantile(0.99, '', 'carousel_journal_write_duration_seconds'), legend: '99 of 100' }] }),
      lines({ title: 'Spool', description: 'What is taken, and what may be.', unit: 'bytes',
        queries: [{ expr: `sum by (by) (carousel_spool_used_bytes{${ROBOT}})`, legend: '{{by}}' },
          { expr: `sum(carousel_spool_quota_bytes{${ROBOT}})`, legend: 'quota' }] }),
    ],
  },
  {
    title: 'Service',
    panels: [
      lines({ title: 'Calls', description: 'By method and code.', unit: 'reqps',
        queries: [{ expr: `sum by (grpc_method, grpc_code) (${rate('grpc_server_handled_total')})`, legend: '{{grpc_method}} {{grpc_code}}' }] }),
      lines({ title: 'Time of calls, 99 of 100', description: 'By method.', unit: 's',
        queries: [{ expr: quantile(0.99, 'grpc_method, ', 'grpc_server_handling_seconds'), legend: '{{grpc_method}}' }] }),
      lines({ title: 'Calls under way', description: 'Started and not ended, by method.', unit: 'short',
        queries: [{ expr: `sum by (grpc_method) (grpc_server_started_total{${ROBOT}}) - sum by (grpc_method) (grpc_server_handled_total{${ROBOT}})`, legend: '{{grpc_method}}' }] }),
      lines({ title: 'Messages', description: 'Of all calls.', unit: 'ops',
        queries: [{ expr: `sum(${rate('grpc_server_msg_received_total')})`, legend: 'received' },
          { expr: `sum(${rate('grpc_server_msg_sent_total')})`, legend: 'sent' }] }),
      lines({ title: 'Processor', description: 'Cores that the process uses.', unit: 'short',
        queries: [{ expr: rate('process_cpu_seconds_total'), legend: 'cores' }] }),
      lines({ title: 'Memory', description: 'Of the process.', unit: 'bytes',
        queries: [{ expr: `process_resident_memory_bytes{${ROBOT}}`, legend: 'resident' },
          { expr: `process_virtual_memory_bytes{${ROBOT}}`, legend: 'virtual' }] }),
      lines({ title: 'File descriptors', description: 'Open, and how many may be. Runbook: CarouselDescriptorsNearlyOut.', unit: 'short',
        queries: [{ expr: `process_open_fds{${ROBOT}}`, legend: 'open' }, { expr: `process_max_fds{${ROBOT}}`, legend: 'limit' }] }),
      lines({ title: 'Threads', description: 'Of the process.', unit: 'short',
        queries: [{ expr: `process_threads{${ROBOT}}`, legend: 'threads' }] }),
    ],
  },
]);
