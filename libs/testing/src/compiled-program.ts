import { programOf } from '@backup-awareness/local-servers/program-of';
import { CHECKOUT } from './npm-start.js';

/** The path of the compiled program of one of our packages. @throws if it exports none */
export function compiledProgram(name: string): string {
  return programOf(name, CHECKOUT);
}
