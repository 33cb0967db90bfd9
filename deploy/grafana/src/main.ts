// Writes the dashboards into a folder, one JSON file each.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fleet } from './fleet';
import { robot } from './robot';
import { validation } from './validation';

const folder = process.argv[2];
if (folder === undefined) throw new Error('main.js FOLDER');
for (const made of [fleet, robot, validation]) {
  writeFileSync(join(folder, `${made.uid}.json`), `${JSON.stringify(made, null, 2)}\n`);
}
