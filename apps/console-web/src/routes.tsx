import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { Chrome, Coming, Shell } from './layout/shell.js';
import { ErrorPage, NotFoundPage } from './pages/error/error-page.js';
import { loadPart } from './parts/load-part.js';
import { OverviewPage } from './pages/overview/overview-page.js';

/** A page that is loaded when somebody goes there, so that the first load stays small. */
const later = (path: string, load: () => Promise<ComponentType>): RouteObject => ({
  path,
  lazy: async () => ({ Component: await loadPart(load) }),
});

const PAGES: RouteObject[] = [
  { index: true, element: <OverviewPage /> },
  later('engines', async () => (await import('./pages/engines/engines-page.js')).EnginesPage),
  later('engines/:fqdn', async () => (await import('./pages/engine/engine-page.js')).EnginePage),
  later('alerts', async () => (await import('./pages/alerts/alerts-page.js')).AlertsPage),
  later('audit', async () => (await import('./pages/audit/audit-page.js')).AuditPage),
  later('settings', async () => (await import('./pages/settings/settings-page.js')).SettingsPage),
  later(
    'dead-letters',
    async () => (await import('./pages/dead-letters/dead-letters-page.js')).DeadLettersPage,
  ),
  later('system', async () => (await import('./pages/system/system-page.js')).SystemPage),
  later(
    'reports/:month?',
    async () => (await import('./pages/reports/reports-page.js')).ReportsPage,
  ),
  later(
    'subscribe',
    async () => (await import('./pages/subscribe/subscribe-page.js')).SubscribePage,
  ),
  { path: '*', element: <NotFoundPage /> },
];

export const router = createBrowserRouter([
  {
    element: <Shell />,
    // While the first page is loaded.
    hydrateFallbackElement: <Coming />,
    errorElement: <ErrorPage />,
    children: [
      { element: <Chrome />, children: [{ errorElement: <ErrorPage />, children: PAGES }] },
      {
        ...later('kiosk', async () => (await import('./pages/kiosk/kiosk-page.js')).KioskPage),
        errorElement: <ErrorPage />,
      },
    ],
  },
]);
