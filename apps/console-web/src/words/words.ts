import { en } from './en/index.js';

/** The texts that the page shows: one catalogue, by part of the page. */
export const words = en;
