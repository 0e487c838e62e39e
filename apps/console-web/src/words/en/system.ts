export const system = {
  states: { good: 'Good', warning: 'Look at it', bad: 'Broken', unknown: 'Not known' },
} as const;
