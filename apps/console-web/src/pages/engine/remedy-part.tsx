import { useState } from 'react';
import { useSession } from '../../api/use-session.js';
import { Command } from '../../parts/command.js';
import { useNow } from '../../time/now.js';
import { visibleText } from '../../parts/foreign-parts.js';
import { words } from '../../words/words.js';
import type { EngineFacts } from './facts.js';
import { backupCommand, remedyOf, trialFor } from './remedy.js';

const { remedy: said } = words.engine;

/** The command that helps, ready to copy. */
export function RemedyPart({ facts }: { readonly facts: EngineFacts }) {
  const [now] = useState(useNow());
  const trial = trialFor(facts, useSession().data?.trial);
  const commands = [
    ...commandsFor(facts, backupCommand(now)),
    ...(trial === undefined ? [] : [[said.trial, trial] as const]),
  ];
  return commands.map(([text, command]) => (
    <div key={command} className="engine-remedy">
      <p>{text}</p>
      <Command label={`${said.command}: ${text}`}>{command}</Command>
    </div>
  ));
}

function commandsFor(facts: EngineFacts, backup: string): (readonly [string, string])[] {
  switch (remedyOf(facts)) {
    case 'none':
      return [];
    case 'back_up':
      return [[said.back_up, backup]];
    case 'back_up_now':
      return [[said.back_up_now, backup]];
    case 'set_up_host':
      return [
        [said.set_up_host, said.set_up_host_command(visibleText(facts.fqdn))],
        [said.set_up_host_then, backup],
      ];
    case 'accept_clock':
      return [[said.accept_clock, said.accept_clock_command]];
    case 'resume':
      return [[said.resume, said.resumeCommand(visibleText(facts.fqdn))]];
  }
}
