import '@patternfly/react-core/dist/styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
// After the components, whose rules it adds to.
import './page.css';
import { applyTheme, chosenTheme } from './theme/theme.js';

applyTheme(chosenTheme());
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
