import { dashboard } from './dashboard.js';
import { FLEET_ROWS } from './fleet-rows.js';
import { PRODUCT_ROWS } from './product-rows.js';

/** The dashboard for administrators: the fleet first, then what could hide its state. */
export function backupAwarenessDashboard(): object {
  return dashboard({
    uid: 'backup-awareness',
    title: 'Backup Awareness',
    description: 'Whether every oVirt engine has a fresh full backup, and whether that is known.',
    rows: [...FLEET_ROWS, ...PRODUCT_ROWS],
  });
}
