import { foreignParts } from './foreign-parts.js';

/** A text that others have written, such as a report's: never markup, its direction kept to itself, and unseen characters shown. */
export function ForeignText({ children }: { readonly children: string }) {
  return (
    <bdi>
      {foreignParts(children).map(({ text, isEscaped }, index) =>
        isEscaped ? <mark key={index}>{text}</mark> : text,
      )}
    </bdi>
  );
}
