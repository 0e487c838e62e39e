import { Link } from 'react-router';
import { ForeignText } from './foreign-text.js';

/** An engine's name, which leads to its page. */
export function EngineLink({ fqdn }: { readonly fqdn: string }) {
  return (
    <Link to={`/engines/${encodeURIComponent(fqdn)}`}>
      <ForeignText>{fqdn}</ForeignText>
    </Link>
  );
}
