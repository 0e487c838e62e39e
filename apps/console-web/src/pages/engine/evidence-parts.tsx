import { ListItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Instant } from '../../parts/instant.js';
import { formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';

const { evidence: said } = words.engine;

/** One numbered fact. */
export function Evidence({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}) {
  return (
    <ListItem>
      <strong>{name}:</strong> {children}
    </ListItem>
  );
}

export function At({ at }: { readonly at: string }) {
  return (
    <>
      {formatExact(at)} (<Instant at={at} />)
    </>
  );
}

/** To a row of the audit log; nothing where the log no longer has it. */
export function AuditLink({
  fqdn,
  id,
}: {
  readonly fqdn: string | undefined;
  readonly id: string | null | undefined;
}) {
  if (!id) return null;
  const query = fqdn === undefined ? '' : `?${new URLSearchParams({ fqdn })}`;
  return (
    <>
      {' '}
      <Link to={`/audit${query}#row-${id}`}>{said.audit(id)}</Link>
    </>
  );
}
