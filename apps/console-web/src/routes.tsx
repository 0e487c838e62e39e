import { createBrowserRouter } from 'react-router';
import { Chrome, Shell } from './layout/shell.js';
import { ErrorPage, NotFoundPage } from './pages/error/error-page.js';
import { OverviewPage } from './pages/overview/overview-page.js';

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <ErrorPage />,
    children: [
      {
        element: <Chrome />,
        children: [
          {
            errorElement: <ErrorPage />,
            children: [
              { index: true, element: <OverviewPage /> },
              {
                path: 'engines',
                lazy: async () => ({
                  Component: (await import('./pages/engines/engines-page.js')).EnginesPage,
                }),
              },
              {
                path: 'engines/:fqdn',
                lazy: async () => ({
                  Component: (await import('./pages/engine/engine-page.js')).EnginePage,
                }),
              },
              {
                path: 'reports/:month?',
                lazy: async () => ({
                  Component: (await import('./pages/reports/reports-page.js')).ReportsPage,
                }),
              },
              {
                path: 'subscribe',
                lazy: async () => ({
                  Component: (await import('./pages/subscribe/subscribe-page.js')).SubscribePage,
                }),
              },
              { path: '*', element: <NotFoundPage /> },
            ],
          },
        ],
      },
      {
        path: 'kiosk',
        errorElement: <ErrorPage />,
        lazy: async () => ({
          Component: (await import('./pages/kiosk/kiosk-page.js')).KioskPage,
        }),
      },
    ],
  },
]);
