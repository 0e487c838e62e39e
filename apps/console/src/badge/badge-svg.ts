/** `unknown` where we do not know; it is never shown as up. */
export type BadgeState = 'up' | 'late' | 'down' | 'unknown';

const COLOURS: Readonly<Record<BadgeState, string>> = {
  up: '#3d7317',
  late: '#b85c00',
  down: '#b1380b',
  unknown: '#4d4d4d',
};

const LABEL = 'backup';
const LABEL_WIDTH = 54;
const STATE_WIDTH = 62;
const WIDTH = LABEL_WIDTH + STATE_WIDTH;

/** The badge as an image. It says no names. */
export function badgeSvg(state: BadgeState): string {
  const text = (x: number, words: string) => `<text x="${x}" y="14">${words}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="20" role="img" aria-label="${LABEL}: ${state}">` +
    `<title>${LABEL}: ${state}</title>` +
    `<rect width="${LABEL_WIDTH}" height="20" fill="#292929"/>` +
    `<rect x="${LABEL_WIDTH}" width="${STATE_WIDTH}" height="20" fill="${COLOURS[state]}"/>` +
    `<g fill="#fff" text-anchor="middle" font-family="sans-serif" font-size="11">` +
    text(LABEL_WIDTH / 2, LABEL) +
    text(LABEL_WIDTH + STATE_WIDTH / 2, state) +
    '</g></svg>'
  );
}
