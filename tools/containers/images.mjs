import { cpSync, copyFileSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.mjs';

const STAND_INS = join(import.meta.dirname, 'stand-ins');
const PREFIX = 'backup-awareness-stand-in';

/**
 * The images that ours are built from and run with: those of the registry or, where none is in reach, stand-ins of Debian's packages.
 *
 * @param published the published images, by name: `node`, `rabbitmq`, `postgres`
 * @returns the images to use, by the same names, and which of them are stand-ins
 */
export async function baseImages(engine, published, folder) {
  const images = { ...published };
  const standIns = [];
  for (const [name, image] of Object.entries(published)) {
    const isThere = await present(engine, image);
    if (isThere) continue;
    images[name] = `${PREFIX}-${name}`;
    standIns.push(name);
  }
  if (standIns.length > 0) await makeDebian(engine, folder);
  for (const name of standIns) await buildStandIn(engine, name, folder);
  return { images, standIns };
}

async function present({ docker }, image) {
  return docker(['image', 'inspect', image])
    .catch(() => docker(['pull', '--quiet', image]))
    .then(
      () => true,
      () => false,
    );
}

/** Debian of this machine's release and mirror. */
async function makeDebian({ docker }, folder) {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))[1];
  const root = join(folder, 'debian');
  await run('debootstrap', ['--variant=minbase', release, root]);
  const archive = join(folder, 'debian.tar');
  await run('tar', ['-C', root, '-cf', archive, '.']);
  await docker(['import', archive, `${PREFIX}-debian`]);
}

async function buildStandIn({ docker }, name, folder) {
  const context = name === 'node' ? nodeContext(join(folder, 'node')) : STAND_INS;
  const options = [
    ...['--file', join(STAND_INS, `${name}.Dockerfile`)],
    ...['--build-arg', `DEBIAN_IMAGE=${PREFIX}-debian`],
    ...['--tag', `${PREFIX}-${name}`],
  ];
  await docker(['build', '--quiet', ...options, context]);
}

/** This machine's Node and npm, and the certificate authorities that it trusts. */
function nodeContext(context) {
  const bin = join(context, 'usr/bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(realpathSync(process.execPath), join(bin, 'node'));
  const npm = join(dirname(process.execPath), '../lib/node_modules/npm');
  cpSync(npm, join(context, 'usr/lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(bin, name));
  const certificates = join(context, 'etc/ssl/certs');
  mkdirSync(certificates, { recursive: true });
  copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(certificates, 'machine.pem'));
  return context;
}
