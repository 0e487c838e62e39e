import { Label } from '@patternfly/react-core';
import BellIcon from '@patternfly/react-icons/dist/esm/icons/bell-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import InfoCircleIcon from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import { words } from '../../words/words.js';

const SHOWN: Readonly<Record<string, object>> = {
  '0': { color: 'grey', variant: 'outline', icon: <InfoCircleIcon /> },
  '1': { status: 'warning', icon: <ExclamationTriangleIcon /> },
  '2': { status: 'danger', icon: <ExclamationCircleIcon /> },
  '10': { status: 'danger', icon: <BellIcon /> },
};

/** A severity of the audit log by word, icon and colour. */
export function SeverityLabel({ severity }: { readonly severity: number }) {
  const name = words.audit.severities[String(severity) as keyof typeof words.audit.severities];
  return (
    <Label isCompact {...(SHOWN[severity] ?? { color: 'grey' })}>
      {name ?? severity}
    </Label>
  );
}
