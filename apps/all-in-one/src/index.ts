export { openPreparation } from './prepare.js';
export {
  MEMORY_ENVIRONMENT,
  NODE_FLAGS,
  createService,
  serviceDefinitions,
  type Service,
} from './services.js';
export { readSettings } from './settings.js';
