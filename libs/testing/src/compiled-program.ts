import { programOf } from '@backup-awareness/local-servers/program-of';
import { CHECKOUT } from './npm-start.js';

/** The compiled program of one of our packages, to be run as a process. @throws where it exports none */
export function compiledProgram(name: string): string {
  return programOf(name, CHECKOUT);
}
