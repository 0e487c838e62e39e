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
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]);
