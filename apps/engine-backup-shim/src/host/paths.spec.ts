import { hostPaths } from './paths.js';

it('the paths of a host are absolute, whatever the working directory', () => {
  expect(hostPaths('host').spool).toBe(
    `${process.cwd()}/host/var/lib/ovirt-engine-backup-shim/spool`,
  );
  expect(hostPaths().spool).toBe('/var/lib/ovirt-engine-backup-shim/spool');
});
