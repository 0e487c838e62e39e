/** Compiled files that are missing, relative to the checkout. */
export function missingOutputs(): string[];
