import { z } from 'zod';
import { DOCTOR_CHECKS, DOCTOR_STATES, isHealthy, type DoctorCheck } from '../doctor/check.js';

/** `doctor --json`: each check, in a fixed order, with what it found and what helps. */
export const doctorSchema = z.strictObject({
  /** Whether no check has failed. */
  healthy: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.enum(DOCTOR_CHECKS),
      /** `skipped`: it could not look; `detail` says why. */
      state: z.enum(DOCTOR_STATES),
      detail: z.string(),
      /** A command to run as it is, or what else to do; null if nothing has to be done. */
      remedy: z.string().nullable(),
    }),
  ),
});

export type DoctorDocument = z.infer<typeof doctorSchema>;

/** The sentences of a check; words are made where they are shown. */
export interface DoctorSentences {
  readonly detail: string;
  readonly remedy: string | null;
}

export function doctorDocument(
  checks: readonly DoctorCheck[],
  inWords: (check: DoctorCheck) => DoctorSentences,
): DoctorDocument {
  return doctorSchema.parse({
    healthy: isHealthy(checks),
    checks: checks.map((check) => ({ name: check.name, state: check.state, ...inWords(check) })),
  });
}
