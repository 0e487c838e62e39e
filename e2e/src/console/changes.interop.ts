import { eventually } from '@backup-awareness/testing';
import type { Browser } from 'playwright-core';
import { startProduct, THIS_HOST, type Product } from '../product.js';
import { launchBrowser, openConsole, type ConsolePage } from './browser.js';
import { fillFleet } from './fleet.js';

let product: Product;
let browser: Browser;
let console: ConsolePage;
beforeAll(async () => {
  product = await startProduct();
  browser = await launchBrowser();
  console = await openConsole(browser, product);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

interface Recorded {
  readonly event_name: string;
  readonly message: string;
}

const recorded = (event: string) =>
  eventually(async () => {
    const rows = await product.query<Recorded>(
      `SELECT event_name, message FROM audit_log WHERE event_name = $1 ORDER BY audit_log_id DESC`,
      [event],
    );
    expect(rows.length).toBeGreaterThan(0);
    return rows[0]!.message;
  });

it('an alert is dismissed with a comment, stays active, and the dismissal is taken back', async () => {
  const { page } = console;
  await page.goto('/alerts');
  await page.getByRole('button', { name: `Dismiss the alert of ${THIS_HOST}` }).click();
  const dialog = page.getByRole('dialog');
  const dismiss = dialog.getByRole('button', { name: 'Dismiss', exact: true });
  expect(await dismiss.isDisabled()).toBe(true);
  await dialog.getByRole('textbox', { name: /Why/ }).fill('<b>moving</b> to "new" storage');
  await dismiss.click();
  await page.getByText('<b>moving</b> to "new" storage').waitFor();
  expect(await recorded('AlertDismissed')).toContain('<b>moving</b>');
  expect((await product.cli('check')).code).toBe(2);

  await page.getByRole('button', { name: /^Take back the dismissal/ }).click();
  await dialog.getByRole('button', { name: 'Take back', exact: true }).click();
  await page.getByRole('button', { name: `Dismiss the alert of ${THIS_HOST}` }).waitFor();
  await recorded('AlertDismissalEnded');
});

it('a setting is previewed before it is changed; one that raises many alerts asks for their number', async () => {
  const { page } = console;
  await fillFleet(product, 20, 3);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Change Maximum age of the last full backup' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/New value/).fill('0.01');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  const number = dialog.getByLabel(/Type the number of these engines/);
  await number.waitFor();
  const apply = dialog.getByRole('button', { name: 'Apply' });
  expect(await apply.isDisabled()).toBe(true);
  const label = await dialog
    .getByText(/This raises alerts for \d+ of \d+ engines at once/)
    .innerText();
  await number.fill(/raises alerts for (\d+)/.exec(label)![1]!);
  await apply.click();
  await dialog.waitFor({ state: 'detached' });
  const [row] = await product.query<{ option_value: string }>(
    `SELECT option_value FROM vdc_options WHERE option_name = 'BackupAlertPeriodInDays'`,
  );
  expect(row?.option_value).toBe('0.01');
  await product.cli('config', '-s', 'BackupAlertPeriodInDays=1');
  await page.getByText('Default', { exact: true }).first().waitFor();
});

it('a dead letter appears by itself, shows what is wrong, and is discarded with a comment', async () => {
  const { page, complaints } = console;
  await page.goto('/dead-letters');
  await page.getByText('No dead letters').waitFor();
  const payload =
    '{"scope":"db","status":"<script>alert(1)</script>","fqdn":"\u202eevil.example.com"}';
  await product.client.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', payload);
  await page.getByText('The message is invalid').waitFor({ timeout: 60_000 });
  const show = page.getByText(/^Show the (letter|[\d,]+ letters)$/);
  await show.first().click();
  await page.locator('.pf-v6-c-table__toggle button').first().click();
  await page.getByText('<script>alert(1)</script>').first().waitFor();
  expect(await page.getByText('\u202e').count()).toBe(0);

  await page.getByRole('button', { name: 'Replay as it came' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Replay/ }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('The message is invalid').waitFor();

  // The audit service has refused it, too.
  const letters = async () => (await product.cliJson<unknown[]>('dead-letters', 'list')).length;
  for (let left = await letters(); left > 0; left -= 1) {
    await page.goto('/dead-letters');
    await show.first().click();
    await page.locator('.pf-v6-c-table__toggle button').first().click();
    await page.getByRole('button', { name: 'Discard' }).first().click();
    await dialog.getByRole('textbox', { name: /Why/ }).fill('a test');
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => expect(await letters()).toBe(left - 1));
  }
  await page.goto('/dead-letters');
  await page.getByText('No dead letters').waitFor({ timeout: 60_000 });
  expect(complaints).toEqual([]);
});

it('a viewer sees all of it and is offered nothing that changes it; a revoked token ends the page', async () => {
  const created = await product.cli('tokens', 'create', 'looks-only', '--role', 'viewer');
  const token = /[A-Za-z0-9_-]{43}/.exec(created.stdout)![0];
  const { page, close } = await openConsole(browser, product, { token });
  for (const [path, change] of [
    ['/alerts', /Dismiss|Take back/],
    ['/settings', /^Change/],
    ['/engines', /Add/],
  ] as const) {
    await page.goto(path);
    await page.locator('table').first().waitFor();
    expect(await page.getByRole('button', { name: change }).count()).toBe(0);
  }
  await product.cli('tokens', 'revoke', 'looks-only');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 90_000 });
  await close();
});
