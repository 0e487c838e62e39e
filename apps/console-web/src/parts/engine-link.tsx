import { Link } from 'react-router';
import { ForeignText } from './foreign-text.js';

export const enginePath = (fqdn: string): string => `/engines/${encodeURIComponent(fqdn)}`;

/** An engine's name, which leads to its page. */
export function EngineLink({ fqdn }: { readonly fqdn: string }) {
  return (
    <Link to={enginePath(fqdn)}>
      <ForeignText>{fqdn}</ForeignText>
    </Link>
  );
}
