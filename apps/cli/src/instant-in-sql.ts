export { msOf as instantMs } from '@backup-awareness/database/connection';
