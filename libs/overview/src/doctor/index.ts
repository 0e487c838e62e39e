export {
  DOCTOR_CHECKS,
  isHealthy,
  type DoctorCheck,
  type DoctorCheckName,
  type DoctorState,
  type Observation,
} from './check.js';
export type { DoctorFact, DoctorFactKind, DoctorFactOf } from './facts.js';
export type { Remedy } from './remedy.js';
export { runDoctor } from './run-doctor.js';
export type { DoctorTarget, Passwords } from './target.js';
