/** Compiled files that are not there, relative to the checkout. */
export function missingOutputs(): string[];
