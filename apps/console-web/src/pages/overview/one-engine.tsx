import { Skeleton } from '@patternfly/react-core';
import { lazy, Suspense } from 'react';
import { loadPart } from '../../parts/load-part.js';
import { words } from '../../words/words.js';

const EngineView = lazy(async () => ({
  default: (await loadPart(() => import('../engine/engine-view.js'))).EngineView,
}));

/** Where there is one engine, the overview is that engine's page. */
export function OneEngine({ fqdn }: { readonly fqdn: string }) {
  return (
    <Suspense fallback={<Skeleton height="30rem" screenreaderText={words.common.loading} />}>
      <EngineView fqdn={fqdn} />
    </Suspense>
  );
}
