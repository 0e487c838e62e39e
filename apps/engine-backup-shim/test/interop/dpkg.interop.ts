import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { hostPaths } from '../../src/host/paths.js';
import { encodeRecord } from '../../src/spool/record.js';
import { arrivedReports } from '../helpers/arrived-reports.js';
import { brokerKeys } from '../helpers/engine-host.js';
import { exampleRecord, recordName } from '../helpers/reports.js';
import { createScratchDpkg, nextVersionOf, type ScratchDpkg } from '../helpers/scratch-dpkg.js';

const PACKAGE = fileURLToPath(
  new URL('../../../../deploy/engine-host/package.mjs', import.meta.url),
);
const NAME = 'backup-awareness-engine-host';
const MARKER = '# of the next version';
const NO_BROKER = { BROKER_URL: 'amqp://127.0.0.1:1', BROKER_USER: 'user' };

let broker: TestBroker;
let folder: string;
let deb: string;
let next: string;
let dpkg: ScratchDpkg;
beforeAll(async () => {
  broker = await createTestBroker();
  folder = mkdtempSync(join(tmpdir(), 'packages-'));
  execFileSync(process.execPath, [PACKAGE, folder]);
  deb = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.deb'))!,
  );
  next = nextVersionOf(deb, '99.0', MARKER);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await broker?.drop();
});
beforeEach(() => {
  dpkg = createScratchDpkg();
});
afterEach(() => dpkg.remove());

const paths = () => hostPaths(dpkg.root);
const shim = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  execFileSync(process.execPath, [paths().program, ...args, '--root', dpkg.root], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env.PATH, ...environment },
  });
const install = (environment: Readonly<Record<string, string>>) =>
  shim(['install', '--no-connection-test', '--fqdn', 'engine.example.com'], environment);
const dropIn = () => readFileSync(paths().dropIn, 'utf8');
const spool = (content: Buffer = encodeRecord(exampleRecord())) =>
  writeFileSync(join(paths().spool, `${recordName(1)}.report`), content);
/** All files except those of dpkg itself. */
const rest = () =>
  readdirSync(dpkg.root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/^(dpkg\.log|var|var\/lib|var\/lib\/dpkg.*)$/.test(name),
  );

describe('dpkg -i of a newer version', () => {
  it('updates the drop-in of a host that is set up, and keeps its configuration', () => {
    dpkg.run('-i', deb);
    install(NO_BROKER);
    appendFileSync(paths().configuration, '# mine\n');
    const configuration = readFileSync(paths().configuration, 'utf8');
    expect(dropIn()).not.toContain(MARKER);
    dpkg.run('-i', next);
    expect(dropIn()).toContain(MARKER);
    expect(readFileSync(paths().configuration, 'utf8')).toBe(configuration);
  });

  it('does nothing on a host that is not, or no longer, set up', () => {
    dpkg.run('-i', deb);
    dpkg.run('-i', next);
    expect(rest().filter((name) => !name.startsWith('usr'))).toEqual([]);
    install(NO_BROKER);
    spool();
    expect(() => shim(['uninstall'])).toThrow('1 report is not delivered');
    dpkg.run('-i', deb);
    expect(existsSync(paths().dropIn)).toBe(false);
  });

  it('succeeds if it cannot update the drop-in, and says so', () => {
    dpkg.run('-i', deb);
    install(NO_BROKER);
    rmSync(paths().dropIn);
    mkdirSync(paths().dropIn);
    expect(dpkg.run('-i', next)).toContain('run engine-backup-shim install');
  });
});

describe.each(['-r', '-P'])('dpkg %s', (option) => {
  it('first delivers, and then removes everything', async () => {
    dpkg.run('-i', deb);
    install(brokerKeys(broker.amqpUrl));
    spool();
    expect(dpkg.run(option, NAME)).toContain('delivered 1 report, 0 pending\nuninstalled\n');
    expect(await arrivedReports(broker)).toHaveLength(1);
    expect(rest()).toEqual([]);
  });

  it('keeps reports that wait, says so, and lets them be delivered later', async () => {
    const { BROKER_URL, ...user } = brokerKeys(broker.amqpUrl);
    dpkg.run('-i', deb);
    install({ ...NO_BROKER, ...user });
    spool();
    const { configuration } = paths();
    const kept = `kept ${configuration} and ${paths().spool}, which contains undelivered reports: to deliver them, install the package again`;
    expect(dpkg.run(option, NAME)).toContain(kept);
    dpkg.run('-P', NAME);
    expect(readdirSync(paths().spool)).toHaveLength(1);
    expect(existsSync(paths().dropIn)).toBe(false);
    expect(existsSync(paths().program)).toBe(false);

    const text = readFileSync(configuration, 'utf8').replace(NO_BROKER.BROKER_URL, BROKER_URL!);
    writeFileSync(configuration, text);
    dpkg.run('-i', deb);
    expect(shim(['flush'])).toBe('delivered 1 report, 0 pending\n');
    expect(await arrivedReports(broker)).toHaveLength(1);
    dpkg.run('-P', NAME);
    expect(rest().filter((name) => !/^etc(\/ovirt-engine-backup)?$/.test(name))).toEqual([]);
  });

  it('keeps a report that can never be delivered', () => {
    dpkg.run('-i', deb);
    install(brokerKeys(broker.amqpUrl));
    spool(Buffer.from('no record'));
    expect(dpkg.run(option, NAME)).toContain('read the refused reports in');
    expect(readdirSync(paths().refused)).toHaveLength(2);
    expect(existsSync(paths().configuration)).toBe(true);
  });
});

it.each([
  ['postinst', 'configure'],
  ['prerm', 'remove'],
  ['postrm', 'purge'],
])('%s succeeds when nobody reads its output', (script, action) => {
  dpkg.run('-i', deb);
  install(NO_BROKER);
  spool();
  const code = join(folder, `${script}.code`);
  const command = '{ sleep 0.5; "$0" "$1"; echo "$?" >"$2"; } 2>&1 | true';
  const path = join(dpkg.root, 'var/lib/dpkg/info', `${NAME}.${script}`);
  // Without its program, it prints a warning.
  if (script === 'postinst') rmSync(paths().program);
  execFileSync('sh', ['-c', command, path, action, code], {
    env: { PATH: process.env.PATH, DPKG_ROOT: dpkg.root },
  });
  expect(readFileSync(code, 'utf8')).toBe('0\n');
  expect(readdirSync(paths().spool)).toHaveLength(1);
});

it('dpkg -P removes a configuration that was changed by hand, and dpkg -r does not', () => {
  dpkg.run('-i', deb);
  install(NO_BROKER);
  appendFileSync(paths().configuration, '# mine\n');
  expect(dpkg.run('-r', NAME)).toContain('it was changed after it was installed');
  expect(existsSync(paths().configuration)).toBe(true);
  dpkg.run('-P', NAME);
  expect(existsSync(paths().configuration)).toBe(false);
  expect(existsSync(paths().state)).toBe(false);
});
