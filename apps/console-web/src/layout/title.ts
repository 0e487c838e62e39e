import { useEffect } from 'react';
import type { Headline } from './headline.js';
import { words } from '../words/words.js';

let page = '';
let mark = '';

/** The tab's title, as `✕ 3 · Alerts · Backup Awareness`. */
export function useTitle(title: string): void {
  useEffect(() => {
    page = title;
    show();
  }, [title]);
}

const ICONS = { safe: 'safe', risk: 'risk', unknown: 'unknown', none: 'unknown' } as const;

/** What the tab tells while another one is looked at. */
export function setTitleMark({ kind, atRisk }: Headline): void {
  mark = { safe: '', none: '', risk: `✕ ${atRisk}`, unknown: '?' }[kind];
  document.querySelector<HTMLLinkElement>('link[rel=icon]')!.href = `/favicon-${ICONS[kind]}.svg`;
  show();
}

function show(): void {
  document.title = [mark, page, words.common.product].filter((part) => part !== '').join(' · ');
}
