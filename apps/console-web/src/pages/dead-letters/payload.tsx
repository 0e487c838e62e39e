import { visibleText } from '../../parts/foreign-parts.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { words } from '../../words/words.js';
import type { Letter } from './letters.js';
import './dead-letters.css';

/** A payload line by line, the invalid part marked by a sign, too. */
export function Payload({ lines }: { readonly lines: Letter['lines'] }) {
  return (
    <pre className="payload" tabIndex={0} role="region" aria-label={words.deadLetters.payload}>
      {lines.map(({ text, is_marked }, index) => (
        <div key={index} className={is_marked ? 'is-marked' : undefined}>
          <span aria-hidden className="payload-mark">
            {is_marked ? '▶' : ' '}
          </span>
          {is_marked && (
            <span className="pf-v6-screen-reader">{words.deadLetters.markedLine} </span>
          )}
          <ForeignText>{text}</ForeignText>
        </div>
      ))}
    </pre>
  );
}

/** Headers as JSON, which may hold anything. */
export function Headers({ headers }: { readonly headers: Letter['headers'] }) {
  if (headers === null) return <p>{words.deadLetters.noHeaders}</p>;
  return (
    <pre className="payload" tabIndex={0} role="region" aria-label={words.deadLetters.headers}>
      {visibleText(JSON.stringify(headers, undefined, 2))}
    </pre>
  );
}
