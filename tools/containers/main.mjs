// `npm run test:containers`: builds deploy/Dockerfile and runs docker-compose.yml with the container engine of this machine, or one
// that it installs. Each check counts; the last line is `N passed, N failed`.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../setup/workspace.mjs';
import { createChecks } from './checks.mjs';
import { findEngine } from './engine.mjs';
import { baseImages } from './images.mjs';
import { createProduct, publishedImages, SERVICES, TEST_IMAGE } from './product.mjs';
import { eventually } from './run.mjs';

const DAY_MS = 86_400_000;
const { check, counts } = createChecks();
const folder = mkdtempSync('/var/tmp/backup-awareness-containers-');
let engine;
let product;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
try {
  engine = await check('there is a container engine', () => findEngine(join(folder, 'engine')));
  if (engine !== undefined) await withEngine();
} finally {
  await cleanUp();
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function cleanUp() {
  await product?.compose('down', '--volumes', '--remove-orphans').catch(() => {});
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function withEngine() {
  console.log(`  ${engine.title}`);
  const found = await check('there are base images', () =>
    baseImages(engine, publishedImages(), folder),
  );
  if (found === undefined) return;
  for (const [name, image] of Object.entries(publishedImages())) {
    const note = found.standIns.includes(name)
      ? 'NOT in reach: a stand-in of this distribution’s packages'
      : 'itself';
    console.log(`  ${image}: ${note}`);
  }
  const built = await check('deploy/Dockerfile is built', () => build(found.images.node));
  if (built === undefined) return;
  product = await createProduct(engine, found.images, folder);
  await checkImage();
  const up = await check(
    'docker-compose.yml comes up, and every service gets healthy',
    async () => {
      await product.up(1);
      await product.healthy(1);
      return true;
    },
  );
  if (up === undefined) {
    console.log(await product.compose('logs', '--tail', '20').catch(({ message }) => message));
    return;
  }
  await checkProduct();
}

async function build(nodeImage) {
  const options = ['--build-arg', `NODE_IMAGE=${nodeImage}`, '--tag', TEST_IMAGE];
  await engine.docker([
    'build',
    '--file',
    join(checkout, 'deploy/Dockerfile'),
    ...options,
    checkout,
  ]);
  return true;
}

async function checkImage() {
  const inImage = (command) => engine.docker(['run', '--rm', TEST_IMAGE, 'sh', '-c', command]);
  await check('the image does not run as root', async () => {
    assert.notEqual((await inImage('id -u')).trim(), '0');
  });
  await check('the image has neither sources nor what only development needs', async () => {
    const unwanted =
      '-path "*/src/*.ts" -o -path "*/node_modules/typescript" -o -path "*/node_modules/jest"';
    const found = await inImage(
      `find /app/apps /app/libs /app/node_modules -maxdepth 4 ${unwanted}`,
    );
    const ours = found.split('\n').filter((path) => !/node_modules\/.*\/src\//.test(path));
    assert.deepEqual(
      ours.filter((path) => path !== ''),
      [],
    );
  });
}

async function checkProduct() {
  const old = (days) => new Date(Date.now() - days * DAY_MS).toISOString();
  const alertsOf = (fqdn) =>
    product.query(
      `SELECT alert_id FROM audit_log WHERE event_name = 'BackupAlertRaised' AND fqdn = '${fqdn}' ORDER BY 1`,
    );
  // Engines are decided every six hours, and at once when an administrator has changed them.
  const reportBecomesAlert = async (fqdn) => {
    await product.report(fqdn, old(9));
    await eventually(() => product.cli('engines', 'set', fqdn, '--alert-period', '2'));
    return eventually(async () => {
      const alerts = await alertsOf(fqdn);
      assert.notEqual(alerts, '', `expected an alert about ${fqdn} in the audit log, got none`);
      return alerts;
    });
  };

  const alerts = await check('a report becomes an alert', () =>
    reportBecomesAlert('first.example.com'),
  );
  await check(`${SERVICES.join(', ')} are scaled to three each, all healthy`, async () => {
    await product.up(3);
    await product.healthy(3);
  });
  console.log(await product.compose('ps').catch(({ message }) => message));
  await check('every console is healthy and serves the page', async () => {
    for (const replica of [1, 2, 3]) {
      const health = await product.askConsole(replica, '/health/ready');
      assert.equal(health.status, 200, health.text);
      const page = await product.askConsole(replica, '/');
      assert.equal(page.status, 200, page.text);
      assert.match(page.text, /<!doctype html>[^]*<script type="module"/i);
    }
  });
  const cookie = await check('a token signs a browser in, and nobody gets in without', signIn);
  const overviewOf = async (replica) => {
    const { status, text } = await product.askConsole(replica, '/api/v1/overview', {
      headers: { cookie },
    });
    assert.equal(status, 200, text);
    return JSON.parse(text);
  };
  await check('it is signed in at every console, and each overview says what is true', async () => {
    for (const replica of [1, 2, 3]) {
      const { trust, counts, worst } = await overviewOf(replica);
      assert.deepEqual(trust, { ...trust, known: true, reasons: [] });
      assert.deepEqual(counts, { ...counts, watched: 1, fresh: 0, no_full_backup: 1 });
      assert.equal(worst[0].fqdn, 'first.example.com');
    }
  });
  await check('the command line reaches every service', async () => {
    const status = await product.cli('status');
    for (const name of SERVICES) assert.match(status, new RegExp(name));
  });
  for (const service of SERVICES)
    await check(`a replica of ${service} is killed: a report still becomes an alert`, async () => {
      const [name] = (await product.replicasOf(service))[0].split(' ');
      await engine.docker(['kill', '--signal', 'KILL', name]);
      assert.equal((await product.replicasOf(service)).length, 2);
      await reportBecomesAlert(`killed-${service}.example.com`);
    });
  await check('killed replicas are replaced by `up`', async () => {
    await product.up(3);
    await product.healthy(3);
  });
  await check(
    'after `down` and `up` all reports and alerts are still there, once each',
    async () => {
      const everything = () =>
        product.query(
          `SELECT (SELECT count(*) FROM engine_backup_log), (SELECT count(*) FROM audit_log WHERE event_name LIKE 'BackupAlert%')`,
        );
      const before = await everything();
      await product.compose('down');
      await product.up(1);
      await product.healthy(1);
      assert.equal(await everything(), before);
      assert.equal(await alertsOf('first.example.com'), alerts);
    },
  );
  await check('a report after that becomes an alert, too', () =>
    reportBecomesAlert('last.example.com'),
  );
  await check(
    'the browser is still signed in, and sees all engines of before and after',
    async () => {
      const { trust, counts } = await overviewOf(1);
      assert.equal(trust.known, true, JSON.stringify(trust));
      assert.equal(counts.watched, 2 + SERVICES.length);
    },
  );
}

/** Signs in as the page does, by a token of the command line. Resolves with the cookie. */
async function signIn() {
  const create = ['tokens', 'create', 'containers', '--role', 'viewer', '--json'];
  const { token } = JSON.parse(await product.cli(...create));
  const refused = await product.askConsole(1, '/api/v1/overview');
  assert.equal(refused.status, 401, refused.text);
  const answer = await product.askConsole(1, '/api/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.cookie.split(';')[0];
}
