import { createBrowserRouter } from 'react-router';
import { Shell } from './layout/shell.js';
import { ErrorPage, NotFoundPage } from './pages/error/error-page.js';
import { OverviewPage } from './pages/overview/overview-page.js';

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <ErrorPage />,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          { index: true, element: <OverviewPage /> },
          {
            path: 'alerts',
            lazy: async () => ({
              Component: (await import('./pages/alerts/alerts-page.js')).AlertsPage,
            }),
          },
          {
            path: 'audit',
            lazy: async () => ({
              Component: (await import('./pages/audit/audit-page.js')).AuditPage,
            }),
          },
          {
            path: 'settings',
            lazy: async () => ({
              Component: (await import('./pages/settings/settings-page.js')).SettingsPage,
            }),
          },
          {
            path: 'dead-letters',
            lazy: async () => ({
              Component: (await import('./pages/dead-letters/dead-letters-page.js'))
                .DeadLettersPage,
            }),
          },
          {
            path: 'system',
            lazy: async () => ({
              Component: (await import('./pages/system/system-page.js')).SystemPage,
            }),
          },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]);
