// TypeORM and NestJS come with these: a second, and 60 MiB. Only a thread loads them, which ends when all is prepared.
export {
  applyRoles,
  applySchema,
  forgetDestinations,
  registerEngine,
} from '@backup-awareness/database';
export { applyBrokerUsers, applyTopology } from '@backup-awareness/messaging';
