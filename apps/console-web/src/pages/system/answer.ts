import type { Answer } from '../../api/use-answer.js';

export type System = Answer<'/system'>;
