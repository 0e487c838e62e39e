import { hostPaths } from './paths.js';

it('the paths of a host begin at the root of the file system, wherever a program is run', () => {
  expect(hostPaths('host').spool).toBe(
    `${process.cwd()}/host/var/lib/ovirt-engine-backup-shim/spool`,
  );
  expect(hostPaths().spool).toBe('/var/lib/ovirt-engine-backup-shim/spool');
});
