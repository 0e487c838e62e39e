import { useParams } from 'react-router';
import { visibleText } from '../../parts/foreign-parts.js';
import { PageHeading } from '../../parts/page-heading.js';
import { EngineView } from './engine-view.js';

export function EnginePage() {
  const { fqdn = '' } = useParams();
  return (
    <>
      <PageHeading title={visibleText(fqdn)} />
      <EngineView key={fqdn} fqdn={fqdn} />
    </>
  );
}
