import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds the API: the console of a product that runs, by its `consoleUrl`. */
const CONSOLE_URL = process.env.CONSOLE_URL ?? 'http://127.0.0.1:8080';
const SERVED_BY_THE_CONSOLE = ['/api', '/sign-in', '/badge'];

function rootFolder(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

/** Of the text and the headings that every page begins with. */
const FIRST_FONTS = ['RedHatTextVF.woff2', 'RedHatDisplayVF.woff2'];

/** Asks for them together with the scripts, and not when the first text is drawn: it would be drawn a second time, and move. */
const preloadFonts: Plugin = {
  name: 'preload-fonts',
  transformIndexHtml: (_html, { bundle }) =>
    Object.values(bundle ?? {})
      .filter(
        (file) => file.type === 'asset' && FIRST_FONTS.some((name) => file.names.includes(name)),
      )
      .map(({ fileName }) => ({
        tag: 'link',
        attrs: {
          rel: 'preload',
          as: 'font',
          type: 'font/woff2',
          crossorigin: true,
          href: `/${fileName}`,
        },
        injectTo: 'head',
      })),
};

export default defineConfig({
  plugins: [react(), preloadFonts],
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
      SERVED_BY_THE_CONSOLE.map((path) => [
        path,
        {
          target: CONSOLE_URL,
          changeOrigin: true,
          headers: { origin: new URL(CONSOLE_URL).origin },
        },
      ]),
    ),
  },
});
