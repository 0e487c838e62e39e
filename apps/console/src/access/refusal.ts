import { Problem } from '../http/problem.js';

/** Why a browser that came by a link or from a provider is not signed in. The page has the words (console-web, words/en/sign-in.ts). */
export type RefusalKind =
  | 'link_used'
  | 'too_late'
  | 'provider_refused'
  | 'answer_not_valid'
  | 'no_role'
  | 'provider_away'
  | 'console_away'
  | 'too_many'
  | 'failed';

/** A sign-in that is refused; the page is told the kind, and other clients the problem. */
export class Refusal extends Problem {
  constructor(
    readonly kind: RefusalKind,
    ...problem: ConstructorParameters<typeof Problem>
  ) {
    super(...problem);
  }
}

/** Where a browser is led: nothing of the request or of the provider is in the address. */
export function refusedPage(problem: Problem): string {
  return `/?refused=${kindOf(problem)}`;
}

function kindOf(problem: Problem): RefusalKind {
  if (problem instanceof Refusal) return problem.kind;
  return problem.status === 503 ? 'console_away' : 'failed';
}
