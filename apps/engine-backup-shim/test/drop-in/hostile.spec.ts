import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  quoted,
  SHELLS,
  type EngineHost,
  type EngineHostOptions,
  type Shell,
  useEngineHosts,
} from '../stand-in/engine-host.js';

const engineHost = useEngineHosts(() => ({ configuration: 'KEEP_ENGINE_NOTICE=no\n' }));

/** A command that leaves a file if it is ever executed. */
const RUN = 'touch pwned';
const expectNothingRun = (host: EngineHost) => {
  expect(existsSync(join(host.root, 'var', 'pwned'))).toBe(false);
  expect(readdirSync(host.paths.spool).filter((name) => !name.endsWith('.report'))).toEqual([]);
};

const TEXTS: readonly [string, Buffer][] = [
  ['single quotes', Buffer.from(`'; ${RUN}; '`)],
  ['double quotes', Buffer.from(`"; ${RUN}; "`)],
  ['a command substitution', Buffer.from(`$(${RUN})`)],
  ['backticks', Buffer.from(`\`${RUN}\``)],
  ['lines', Buffer.from(`first\n${RUN}\n\nlast\n\n`)],
  ['percent signs', Buffer.from('100%s %n %d %% \\0')],
  ['backslashes', Buffer.from('\\c\\0\\n\\x00\\')],
  ['globs', Buffer.from('/* ? [a-z] ~ {a,b}')],
  ['a leading dash', Buffer.from('-n -e --help')],
  ['an expansion', Buffer.from('${IFS}$HOME$$ ${x:=y}')],
  ['control characters', Buffer.from('\x1b[2J\x07\r\x7f\t')],
  ['multi-byte characters', Buffer.from('Größe 備份 🗄')],
  ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80])],
  ['a fake end of a record', Buffer.from('end\\0\nfiles\\0end')],
  ['200 kB', Buffer.from(`${'x'.repeat(200_000)}'`)],
];

/** All of them in one name. */
const NAME = TEXTS.map(([, bytes]) => bytes.toString('latin1').slice(0, 1_000)).join(' ');
const FILE_NAME = `-n '; ${RUN}; ' "$(${RUN})" \`${RUN}\` 100%s \\c * \${IFS} \x1b[2J\n${RUN}.log`;

describe.each(Object.keys(SHELLS) as Shell[])('hostile data, with %s', (shell) => {
  it('arrives unchanged in a message, and in the name of an engine', async () => {
    // latin1 maps each byte to one character, and back when it is written.
    const calls = TEXTS.map(
      ([, bytes]) => `notify_engine '' '' '' '' 0 ${quoted(bytes.toString('latin1'))}\n`,
    );
    const last = TEXTS.at(-2)![1].toString('latin1');
    const messages = `tar() { ${calls.join('')} logdie ${quoted(last)}; }\n`;
    const host = engineHost({
      shell,
      engine: { ENGINE_FQDN: NAME },
      dropIns: { '90-messages.sh': messages },
      encoding: 'latin1',
    });
    expect(await host.run(['--scope=files'])).toMatchObject({ code: 1 });
    const [, ...records] = host.records();
    const failed = records.pop()!;
    const came = records.map(({ message }, index) => [TEXTS[index]?.[0], message]);
    expect(came).toEqual(TEXTS);
    expect([failed.status, failed.message.toString('latin1')]).toEqual([-1, last]);
    for (const { fqdn } of records) expect(fqdn.toString('latin1')).toBe(NAME);
    expectNothingRun(host);
  });

  it('arrives unchanged in the path of a log', async () => {
    const host = engineHost({ shell });
    const log = join(host.root, 'var', FILE_NAME);
    expect(await host.run(['--scope=files', `--log=${log}`])).toMatchObject({ code: 0 });
    expect(host.records().map(({ logPath }) => logPath.toString())).toEqual([log, log]);
    expectNothingRun(host);
  });

  it('arrives as an absolute path for a relative path of a log', async () => {
    const host = engineHost({ shell });
    await host.run(['--scope=files', '--log=-e.log']);
    expect(host.records()[0]!.logPath.toString()).toBe(join(host.root, 'var', '-e.log'));
  });

  it('is rejected as a setting, with a line in the log', async () => {
    const settings = [
      ['FQDN', `$(${RUN})`],
      ['FQDN', `a'; ${RUN}; '`],
      ['KEEP_ENGINE_NOTICE', `no; ${RUN}`],
      ['DELIVERY_TIMEOUT_S', `1; ${RUN}`],
      ['DELIVERY_TIMEOUT_S', '0'],
      ['ENGINE_NOTICE_TIMEOUT_S', `\`${RUN}\``],
      ['ENGINE_NOTICE_TIMEOUT_S', '99999'],
      ['EXCLUDABLE_TABLES', 'job*,*'],
      ['EXCLUDABLE_TABLES', `vm_static' OR ''='`],
      ['NODE', `sh -c "${RUN}"`],
      ['NODE', `/bin/sh -c ${RUN}`],
      ['PATH', '/tmp'],
      ['LD_PRELOAD', '/tmp/evil.so'],
      [`$(${RUN})`, 'x'],
    ];
    const lines = settings.map(([key, value]) => `${key}=${value}\n`);
    const host = engineHost({ shell, configuration: `KEEP_ENGINE_NOTICE=no\n${lines.join('')}` });
    expect(await host.run(['--scope=files'])).toMatchObject({ code: 0, stderr: '' });
    expect(host.reported()).toEqual(['0 files', '1 files']);
    expect(host.records()[0]!.fqdn.toString()).toBe('engine.example.com');
    const complaints = host
      .readLog()
      .split('\n')
      .filter((line) => line.includes(host.paths.configuration));
    expect(complaints).toEqual(
      settings.map(([key]) =>
        expect.stringContaining(`${key} is an unknown setting or has an invalid value`),
      ),
    );
    expectNothingRun(host);
  });

  it('never logs a password of the configuration', async () => {
    const configuration =
      'KEEP_ENGINE_NOTICE=no\nBROKER_PASSWORD=hidden-1\nBROKERPASSWORD=hidden-2\nhidden-3\n';
    const host = engineHost({ shell, configuration });
    await host.run(['--scope=files']);
    expect(host.readLog()).toContain('BROKERPASSWORD is an unknown setting');
    expect(host.readLog()).not.toContain('hidden');
  });
});

describe.each(Object.keys(SHELLS) as Shell[])('the options of pg_dump, with %s', (shell) => {
  const noting = `#!/bin/sh\nfor one; do printf '%s\\0' "$one"; done >'@ROOT@/options'\n`;
  const NINE =
    'async_tasks async_tasks_entities job job_subject_entity step step_subject_entity command_entities command_assoc_entities business_entity_snapshot';
  const nine = NINE.split(' ').map((name) => `--exclude-table-data=public.${name}`);
  const given = '-w -U engine -h 127.0.0.1 -p 1 engine -E UTF8 --format=custom'.split(' ');

  /** The options of pg_dump after this answer of engine-backup-shim. */
  async function optionsAfter(answer: string, options: EngineHostOptions = {}): Promise<string[]> {
    const shim = `#!/bin/sh\ncase $1 in pg-dump-args) cat '@ROOT@/answer' ;; esac\n`;
    const host = engineHost({
      shell,
      shim,
      programs: { pg_dump: noting, psql: '#!/bin/sh\n' },
      files: { answer },
      // On a slow machine, too, the answer comes in time, if there is one.
      dropIns: { '90-slow.sh': 'sleep() { command sleep 1; }\n' },
      ...options,
    });
    expect(await host.run(['--scope=db'])).toMatchObject({ code: 0, stderr: '' });
    expect(host.reported()).toEqual(['0 db', '1 db']);
    expectNothingRun(host);
    return host.readFile('options').split('\0').slice(0, -1);
  }

  it('are those of engine-backup, followed by the answer of engine-backup-shim', async () => {
    const answers = [
      '--exclude-table=public.job\n--exclude-table=public.step',
      '--exclude-table-data=public.job\n',
      '',
    ];
    for (const answer of answers) {
      const lines = answer.split('\n').filter((line) => line !== '');
      expect(await optionsAfter(answer)).toEqual([...given, ...lines]);
    }
  });

  it('may name tables that root has added to the list of the host', async () => {
    const configuration = 'KEEP_ENGINE_NOTICE=no\nEXCLUDABLE_TABLES=audit_log, event_map\n';
    const answer = ['--exclude-table-data=public.event_map', '--exclude-table-data=public.job'];
    expect(await optionsAfter(answer.join('\n'), { configuration })).toEqual([...given, ...answer]);
  });

  it('are those of the nine tables if the answer names anything else', async () => {
    const answers = {
      'another table': '--exclude-table-data=public.vm_static',
      'a pattern': '--exclude-table-data=public.*',
      'a pattern that begins like a name': '--exclude-table-data=public.job*',
      'two names': '--exclude-table-data=public.job,step',
      'another schema': '--exclude-table-data=aaa.job',
      'another option': '--exclude-schema=public',
      'two options on a line': '--exclude-table-data=public.job --schema-only',
      'a file to write': '--file=/tmp/elsewhere',
      'both forms': '--exclude-table-data=public.job\n--exclude-table=public.step',
      'an empty line': '--exclude-table-data=public.job\n\n',
      'no name': '--exclude-table-data=public.',
      'a command': `--exclude-table-data=public.$(${RUN})`,
      quotes: `--exclude-table-data=public.job'"; ${RUN}`,
      'a long name': `--exclude-table-data=public.${'a'.repeat(64)}`,
      'an error on standard output': 'Error: cannot find module',
    };
    for (const [name, answer] of Object.entries(answers))
      expect([name, await optionsAfter(answer)]).toEqual([name, [...given, ...nine]]);
  });

  it.each([
    ['fails', '#!/bin/sh\necho "--exclude-table-data=public.job"\nexit 1\n'],
    ['hangs', '#!/bin/sh\necho "--exclude-table-data=public.job"\nexec sleep 600\n'],
    [
      'hangs and leaves a child',
      '#!/bin/sh\nsetsid sleep 8 &\necho "--exclude-table-data=public.job"\nexec sleep 600\n',
    ],
    ['is missing', null],
  ])('are those of the nine tables if engine-backup-shim %s', async (_, shim) => {
    expect(await optionsAfter('', { shim, dropIns: {} })).toEqual([...given, ...nine]);
  });
});
