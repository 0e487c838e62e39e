import type { SqlRunner } from '@backup-awareness/database/connection';
import { readEngineNames } from '@backup-awareness/overview/state';
import { WrongUse } from '../output/failure.js';
import { suggestion } from './nearest-name.js';

/** The error for the name of an unknown engine. */
export async function unknownEngine(sql: SqlRunner, fqdn: string): Promise<WrongUse> {
  return new WrongUse(
    `unknown engine ${JSON.stringify(fqdn)} (backup-awareness engines list shows all)${suggestion(fqdn, await readEngineNames(sql))}`,
  );
}
