import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, run } from './run.mjs';

const here = (name) => join(import.meta.dirname, name);
const INSTALL = join(import.meta.dirname, '../../libs/local-servers/install-packages.sh');

/**
 * A container engine: the one that `docker` reaches (DOCKER_HOST names another, also the socket of podman); or else podman, where it is
 * installed and Docker is not, or Debian's Docker. These two run in namespaces of their own, so that nothing of this machine's network or
 * mounts is changed. CONTAINER_ENGINE, `docker` or `podman`, chooses between the two.
 *
 * @param folder for the data of an engine of ours
 * @returns `docker` and `compose`, which run these programs, and `stop`
 * @throws Error if there is no engine and none can be installed
 */
export async function findEngine(folder) {
  const chosen = process.env.CONTAINER_ENGINE;
  if (chosen !== undefined && !Object.hasOwn(PRIVATE, chosen))
    throw new Error(`CONTAINER_ENGINE: expected docker or podman, got "${chosen}"`);
  const found = chosen ? undefined : await serverVersion('docker', process.env).catch(() => {});
  if (found !== undefined)
    return engineOf('docker', process.env, `the engine that runs here, ${found}`);
  if (process.getuid() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(
      'expected an engine that `docker version` reaches, or root on Debian to install one; found neither',
    );
  const isPodman = !(await isThere('dockerd')) && (await isThere('podman'));
  const name = chosen ?? (isPodman ? 'podman' : 'docker');
  const { packages } = PRIVATE[name];
  await run('sh', [INSTALL, ...packages, 'docker-compose', 'slirp4netns', 'debootstrap']);
  return startPrivateEngine(name, folder);
}

/** Debian's packages of an engine, the script that runs it, and what it is to be called. */
const PRIVATE = {
  docker: { packages: ['docker.io'], script: 'private-engine', title: "Debian's Docker" },
  podman: {
    packages: ['podman', 'runc', 'netavark', 'aardvark-dns'],
    script: 'private-podman',
    title: "Debian's podman",
  },
};

const isThere = (program) =>
  run('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );

async function startPrivateEngine(name, folder) {
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, 'log'), 'a');
  // In groups of their own: Ctrl-C must not end them before what they run.
  const options = { stdio: ['ignore', log, log], detached: true };
  const { script, title } = PRIVATE[name];
  const daemon = spawn('unshare', ['-mn', here(script), folder], options);
  const ended = once(daemon, 'exit');
  const socket = `unix://${folder}/socket`;
  const environment = { ...process.env, DOCKER_HOST: socket, CONTAINER_HOST: socket };
  let network;
  const stop = async () => {
    // Podman's containers would outlive it.
    if (name === 'podman')
      await run(name, remote(name, ['rm', '--force', '--all']), { env: environment }).catch(
        () => {},
      );
    daemon.kill('SIGTERM');
    await ended;
    network?.kill('SIGTERM');
  };
  try {
    const version = await eventually(() => {
      if (daemon.exitCode !== null) throw new Error(readFileSync(join(folder, 'log'), 'utf8'));
      return serverVersion(name, environment);
    }, 60_000);
    const ofDaemon = ['--configure', '--mtu=1500', String(daemon.pid), 'tap0'];
    network = spawn('slirp4netns', ofDaemon, options);
    return { ...(await engineOf(name, environment, `${title} ${version}, private`)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param client the program that speaks with it: `docker`, or `podman` */
async function engineOf(client, environment, title) {
  // Without BuildKit, which Debian's Docker lacks, where it is not installed.
  const hasBuildKit = await run('docker', ['buildx', 'version']).then(
    () => true,
    () => false,
  );
  const env = {
    ...environment,
    DOCKER_BUILDKIT: hasBuildKit ? '1' : '0',
    // Podman answers nobody while it writes an image.
    COMPOSE_HTTP_TIMEOUT: '600',
    // It takes no range of ports.
    ...(client === 'podman' && { CONSOLE_PORTS: '0' }),
  };
  const plugin =
    client === 'docker' &&
    (await run('docker', ['compose', 'version'], { env }).then(
      () => true,
      () => false,
    ));
  const [program, ...before] = plugin ? ['docker', 'compose'] : ['docker-compose'];
  return {
    title,
    docker: (args, options) => run(client, remote(client, args), { env, ...options }),
    compose: (args, variables = {}) =>
      run(program, [...before, ...args], { env: { ...env, ...variables } }),
    stop: async () => {},
  };
}

async function serverVersion(client, env) {
  const args = remote(client, ['version', '--format', '{{.Server.Version}}']);
  return (await run(client, args, { env })).trim();
}

/** Podman uses CONTAINER_HOST only when it is told to. */
const remote = (client, args) => (client === 'podman' ? ['--remote', ...args] : args);
