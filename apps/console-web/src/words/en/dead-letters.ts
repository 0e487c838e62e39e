export const deadLetters = {} as const;
