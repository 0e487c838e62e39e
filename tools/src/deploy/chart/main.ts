import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createProgress } from '@backup-awareness/local-servers';
import { ensureHelm } from './helm.js';
import { RENDERED, renderChart } from './render-chart.js';

// `npm run chart`: renders the chart into deploy/helm/rendered.
await ensureHelm(createProgress());
for (const { file, args } of RENDERED) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, renderChart(...args));
}
