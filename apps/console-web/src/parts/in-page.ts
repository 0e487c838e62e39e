/**
 * Where what pops up belongs: in the dialog that is open, or else in the page. PatternFly appends it to the body, outside of all landmarks,
 * where who goes from one to the next misses it.
 */
export function inPage(): HTMLElement {
  const find = (selector: string) => document.querySelector<HTMLElement>(selector);
  return find('[aria-modal=true]') ?? find('main') ?? document.body;
}
