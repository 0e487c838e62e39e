import type { Answer } from '../../api/use-answer.js';

export type LettersPage = Answer<'/dead-letters'>;
export type ListedLetter = LettersPage['items'][number];
export type Letter = Answer<'/dead-letters/{id}'>;
export type Queue = ListedLetter['queue'];
