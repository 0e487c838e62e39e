import { words } from '../words/words.js';

/** The product's mark and name: a drum of backups, and a hand of a clock. */
export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" focusable="false">
        <rect width="24" height="24" rx="6" fill="currentColor" />
        <g fill="none" stroke="var(--brand-paper)" strokeWidth="1.6" strokeLinecap="round">
          <ellipse cx="12" cy="7" rx="6" ry="2.4" />
          <path d="M6 7v10c0 1.3 2.7 2.4 6 2.4s6-1.1 6-2.4V7" />
          <path d="M12 12v3l2.2 1.4" strokeLinejoin="round" />
        </g>
      </svg>
      <span>{words.common.product}</span>
    </span>
  );
}
