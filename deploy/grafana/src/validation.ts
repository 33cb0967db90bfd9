// Which discs take another session and why others do not; how fast sessions are imported.
import { dashboard } from './dashboard';
import { lines, number } from './panels';

const ROBOTS = 'instance=~"$instance"';
const VALIDATIONS = 'carousel_multisession_validations_total';

export const validation = dashboard('carousel-validation', 'Carousel: validation and import', 'Which discs take another session and why others do not; how fast sessions are imported.', true, [
  {
    title: 'Now',
    panels: [
      number({ title: 'Validations', description: 'Per second.', unit: 'reqps',
        queries: [{ expr: `sum(rate(${VALIDATIONS}{${ROBOTS}}[$__rate_interval]))`, legend: 'validations' }] }),
      number({ title: 'Refused', description: 'Part of the validations. Runbook: CarouselValidationsRefused.', unit: 'percentunit',
        queries: [{ expr: `sum(rate(${VALIDATIONS}{result="refused",${ROBOTS}}[$__rate_interval])) / sum(rate(${VALIDATIONS}{${ROBOTS}}[$__rate_interval]))`, legend: 'refused' }] }),
      number({ title: 'Entries imported', description: 'Files and directories per second.', unit: 'ops',
        queries: [{ expr: `sum(rate(carousel_import_entries_total{${ROBOTS}}[$__rate_interval]))`, legend: 'entries' }] }),
      number({ title: 'Bytes imported', description: 'Read from discs.', unit: 'Bps',
        queries: [{ expr: `sum(rate(carousel_import_bytes_total{${ROBOTS}}[$__rate_interval]))`, legend: 'bytes' }] }),
      number({ title: 'Failed imports, 24 h', description: 'Runbook: CarouselImportsFail.', unit: 'short',
        queries: [{ expr: `sum(increase(carousel_import_failures_total{${ROBOTS}}[24h])) or vector(0)`, legend: 'imports' }] }),
      number({ title: 'Since the last import', description: 'Time since an import ended well.', unit: 's',
        queries: [{ expr: `time() - max(carousel_import_last_success_timestamp_seconds{${ROBOTS}})`, legend: 'time' }] }),
    ],
  },
  {
    title: 'Validation',
    panels: [
      lines({ title: 'By result', description: 'Accepted and refused.', unit: 'reqps',
        queries: [{ expr: `sum by (result) (rate(${VALIDATIONS}{${ROBOTS}}[$__rate_interval]))`, legend: '{{result}}' }] }, true),
      lines({ title: 'Refusals by reason', description: 'Names of IMAPI\'s codes; docs/contract.md explains them.', unit: 'reqps',
        queries: [{ expr: `sum by (reason) (rate(${VALIDATIONS}{result="refused",${ROBOTS}}[$__rate_interval]))`, legend: '{{reason}}' }] }, true),
      lines({ title: 'Refusals by rule', description: 'R1 to R12, in the order in which they are asked.', unit: 'reqps',
        queries: [{ expr: `sum by (rule) (rate(${VALIDATIONS}{result="refused",${ROBOTS}}[$__rate_interval]))`, legend: '{{rule}}' }] }, true),
      lines({ title: 'Time of a call', description: 'SetMultisessionInterfaces; the first after a change of the medium asks the drive.', unit: 's',
        queries: [{ expr: `histogram_quantile(0.5, sum by (le) (rate(grpc_server_handling_seconds_bucket{grpc_method="SetMultisessionInterfaces",${ROBOTS}}[$__rate_interval])))`, legend: 'half' },
          { expr: `histogram_quantile(0.99, sum by (le) (rate(grpc_server_handling_seconds_bucket{grpc_method="SetMultisessionInterfaces",${ROBOTS}}[$__rate_interval])))`, legend: '99 of 100' }] }),
    ],
  },
  {
    title: 'Import',
    panels: [
      lines({ title: 'Entries', description: 'Files and directories, by drive.', unit: 'ops',
        queries: [{ expr: `sum by (instance, drive) (rate(carousel_import_entries_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}} {{drive}}' }] }),
      lines({ title: 'Bytes', description: 'Read from discs, by drive.', unit: 'Bps',
        queries: [{ expr: `sum by (instance, drive) (rate(carousel_import_bytes_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}} {{drive}}' }] }),
      lines({ title: 'Sectors', description: 'Of 2,048 bytes, by drive.', unit: 'ops',
        queries: [{ expr: `sum by (instance, drive) (rate(carousel_import_blocks_total{${ROBOTS}}[$__rate_interval]))`, legend: '{{instance}} {{drive}}' }] }),
      lines({ title: 'Time of an import', description: 'By the robot\'s clock.', unit: 's',
        queries: [{ expr: `histogram_quantile(0.5, sum by (le) (rate(carousel_import_duration_seconds_bucket{${ROBOTS}}[$__rate_interval])))`, legend: 'half' },
          { expr: `histogram_quantile(0.95, sum by (le) (rate(carousel_import_duration_seconds_bucket{${ROBOTS}}[$__rate_interval])))`, legend: '95 of 100' }] }),
      lines({ title: 'Speed of the last import', description: 'Entries per second, by drive.', unit: 'ops',
        queries: [{ expr: `carousel_import_entries_per_second{${ROBOTS}}`, legend: '{{instance}} {{drive}}' }] }),
      lines({ title: 'Rate of the last import', description: 'Bytes per second, by drive.', unit: 'Bps',
        queries: [{ expr: `carousel_import_bytes_per_second{${ROBOTS}}`, legend: '{{instance}} {{drive}}' }] }),
      lines({ title: 'Failures by reason', description: 'Within the last hour. Runbook: CarouselImportsFail.', unit: 'short',
        queries: [{ expr: `sum by (reason) (increase(carousel_import_failures_total{${ROBOTS}}[1h]))`, legend: '{{reason}}' }] }),
    ],
  },
]);
