// Known vulnerabilities in the shipped dependencies. Exit code 3 where the registry in use does not answer, which is not a pass.
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
let report;
try {
  report = JSON.parse(stdout);
} catch {
  report = {};
}
const counts = report.metadata?.vulnerabilities;
if (!counts) process.exit(3);

const serious = counts.high + counts.critical;
process.stdout.write(`known vulnerabilities in shipped dependencies: ${JSON.stringify(counts)}\n`);
process.exit(serious === 0 ? 0 : 1);
