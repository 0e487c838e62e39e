/**
 * Where what pops up belongs: in the dialog that is open, or else in the page. PatternFly appends it to the body, outside all landmarks, where
 * it is missed by people who move from one to the next.
 */
export function inPage(): HTMLElement {
  const find = (selector: string) => document.querySelector<HTMLElement>(selector);
  return find('[aria-modal=true]') ?? find('main') ?? document.body;
}
