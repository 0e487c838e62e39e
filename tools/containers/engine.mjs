import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, run } from './run.mjs';

const here = (name) => join(import.meta.dirname, name);
const INSTALL = join(import.meta.dirname, '../../libs/local-servers/install-packages.sh');

/**
 * A container engine: the one that `docker` reaches (DOCKER_HOST names another, also the socket of podman), or else Debian's
 * Docker, which runs in namespaces of its own, so that nothing of this machine's network or mounts is changed.
 *
 * @param folder for the data of an engine of ours
 * @returns `docker` and `compose`, which run these programs, and `stop`
 * @throws Error if there is no engine and none can be installed
 */
export async function findEngine(folder) {
  const found = await serverVersion(process.env).catch(() => undefined);
  if (found !== undefined) return engineOf(process.env, `the engine that runs here, ${found}`);
  if (process.getuid() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(
      'expected an engine that `docker version` reaches, or root on Debian to install one; found neither',
    );
  await run('sh', [INSTALL, 'docker.io', 'docker-compose', 'slirp4netns', 'debootstrap']);
  return startPrivateEngine(folder);
}

async function startPrivateEngine(folder) {
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, 'log'), 'a');
  // In groups of their own: Ctrl-C must not end them before what they run.
  const options = { stdio: ['ignore', log, log], detached: true };
  const daemon = spawn('unshare', ['-mn', here('private-engine'), folder], options);
  const ended = once(daemon, 'exit');
  const environment = { ...process.env, DOCKER_HOST: `unix://${folder}/socket` };
  let network;
  const stop = async () => {
    daemon.kill('SIGTERM');
    await ended;
    network?.kill('SIGTERM');
  };
  try {
    const version = await eventually(() => {
      if (daemon.exitCode !== null) throw new Error(readFileSync(join(folder, 'log'), 'utf8'));
      return serverVersion(environment);
    }, 60_000);
    const ofDaemon = ['--configure', '--mtu=1500', String(daemon.pid), 'tap0'];
    network = spawn('slirp4netns', ofDaemon, options);
    return { ...(await engineOf(environment, `Debian's Docker ${version}, private`)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function engineOf(environment, title) {
  // Without BuildKit, which Debian's Docker lacks, where it is not installed.
  const hasBuildKit = await run('docker', ['buildx', 'version']).then(
    () => true,
    () => false,
  );
  const env = { ...environment, DOCKER_BUILDKIT: hasBuildKit ? '1' : '0' };
  const plugin = await run('docker', ['compose', 'version'], { env }).then(
    () => true,
    () => false,
  );
  const [program, ...before] = plugin ? ['docker', 'compose'] : ['docker-compose'];
  return {
    title,
    docker: (args, options) => run('docker', args, { env, ...options }),
    compose: (args, variables = {}) =>
      run(program, [...before, ...args], { env: { ...env, ...variables } }),
    stop: async () => {},
  };
}

async function serverVersion(env) {
  return (await run('docker', ['version', '--format', '{{.Server.Version}}'], { env })).trim();
}
