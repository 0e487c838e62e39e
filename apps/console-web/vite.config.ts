import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the API: the console of a product that runs, by its `consoleUrl`. */
const CONSOLE_URL = process.env.CONSOLE_URL ?? 'http://127.0.0.1:8080';
const SERVED_BY_THE_CONSOLE = ['/api', '/sign-in', '/badge'];

function rootFolder(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

export default defineConfig({
  plugins: [react()],
  // What other components are shown is written once, and shown here too.
  resolve: { alias: { '#samples': rootFolder('samples'), '#docs': rootFolder('docs') } },
  build: {
    target: 'es2022',
    // The content security policy allows no font or script of a data: address, and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      SERVED_BY_THE_CONSOLE.map((path) => [path, { target: CONSOLE_URL, changeOrigin: true }]),
    ),
  },
});
