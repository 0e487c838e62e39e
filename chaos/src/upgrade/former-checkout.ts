import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkModules } from '../broken/break-copy.js';

/** What `npm start` runs, and what makes single files of it, as far as a former revision has it. */
const PROGRAMS = 'all-in-one ingest freshness-checker audit notifier console cli'
  .split(' ')
  .map((name) => join('apps', name));
const BUNDLERS = [join('tools', 'bundle-services.mjs'), join('apps', 'console-web', 'bundle.mjs')];

export interface FormerCheckout {
  /** The revision, and what it is called. */
  readonly revision: string;
  readonly path: string;
  /** Runs its command line. @throws if that fails */
  commandLine(environment: NodeJS.ProcessEnv, ...args: string[]): void;
  remove(): void;
}

/**
 * Builds a former revision of this repository in a temporary folder, with the dependencies of this checkout.
 *
 * @param wanted a revision; by default the last tag
 * @throws if there is no such revision, or it does not compile
 */
export function buildFormer(checkout: string, wanted: string | undefined): FormerCheckout {
  const revision = wanted ?? lastTag(checkout);
  const path = mkdtempSync(join(tmpdir(), 'backup-awareness-former-'));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  try {
    const sha = git(checkout, 'rev-parse', '--verify', `${revision}^{commit}`);
    git(checkout, 'clone', '--quiet', '--shared', '--no-checkout', checkout, path);
    git(path, 'checkout', '--quiet', '--detach', sha);
    linkModules(checkout, path);
    const tsc = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
    const isThere = (name: string): boolean => existsSync(join(path, name));
    run(path, process.execPath, [tsc, '-b', ...PROGRAMS.filter(isThere)]);
    for (const bundler of BUNDLERS.filter(isThere)) run(path, process.execPath, [bundler]);
    // It is set up.
    const setUp = join(path, 'tools', 'setup', 'set-up.mjs');
    writeFileSync(setUp, `export const setUp = async () => 'ready';\n`);
    return {
      revision: `${revision} (${sha.slice(0, 10)})`,
      path,
      commandLine: (environment, ...args) => {
        const program = join(path, 'apps', 'cli', 'bin', 'backup-awareness.js');
        run(path, process.execPath, [program, ...args], environment);
      },
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function lastTag(checkout: string): string {
  try {
    return git(checkout, 'describe', '--tags', '--abbrev=0');
  } catch {
    throw new Error('there is no tag: set UPGRADE_FROM to the revision to upgrade from');
  }
}

const git = (folder: string, ...args: string[]): string => run(folder, 'git', args).trim();

function run(
  folder: string,
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): string {
  try {
    return execFileSync(command, args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr}${stdout}`.slice(0, 4_000), {
      cause: error,
    });
  }
}
