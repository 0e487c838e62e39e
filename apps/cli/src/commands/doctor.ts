import { isHealthy, runDoctor, type DoctorState } from '@backup-awareness/overview/doctor';
import type { Command } from 'commander';
import { findDoctorTarget } from '../installation/doctor-target.js';
import { EXIT } from '../output/failure.js';
import type { Cell, Style } from '../output/table.js';
import { version } from '../installation/version.js';
import { checkInWords, skippedInWords } from '../words/doctor-in-words.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';

export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('examine the whole installation, and show what helps; changes nothing')
    .addHelpText(
      'after',
      '\nIt connects as each service would. The passwords of roles and users come from the variables that database apply and\n' +
        'topology apply use, or from npm start; AMQP_MANAGEMENT_URL lets it compare bindings, permissions and policies.\n' +
        'What it cannot look at is skipped, with the reason.\n' +
        '\nExit codes:\n  0  no check has failed\n  1  a check has failed\n  3  nothing is running or configured: there is nothing to examine',
    )
    .action((_options, command: Command) => doctor(command.optsWithGlobals(), context));
}

const STYLES: Readonly<Record<DoctorState, Style>> = {
  ok: 'green',
  skipped: 'dim',
  warning: 'yellow',
  failed: 'red',
};

const RUNBOOKS =
  'docs/runbooks/doctor-NAME.md says more about each check that has failed or warns.';

async function doctor({ json }: GlobalOptions, context: CommandContext): Promise<void> {
  const { environment, out } = context;
  const checks = await runDoctor(findDoctorTarget(environment, version()));
  if (!isHealthy(checks)) context.exitCode = EXIT.failed;
  if (json) {
    const { doctorDocument } = await import('@backup-awareness/overview/documents');
    return out.json(doctorDocument(checks, checkInWords));
  }
  out.rows(
    checks.flatMap((check): Cell[][] => {
      const { name, state } = check;
      const { detail, remedy } = checkInWords(check);
      const row: Cell[] = [{ text: state, style: STYLES[state] }, name, detail];
      return remedy === null ? [row] : [row, ['', '', { text: `→ ${remedy}`, style: 'bold' }]];
    }),
  );
  if (checks.some(({ state }) => state === 'failed' || state === 'warning')) out.line(RUNBOOKS);
  const unknown = skippedInWords(checks);
  if (unknown !== undefined) out.line(unknown, 'yellow');
}
