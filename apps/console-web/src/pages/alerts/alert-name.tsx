import { Content, Label } from '@patternfly/react-core';
import ClockIcon from '@patternfly/react-icons/dist/esm/icons/clock-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import HourglassHalfIcon from '@patternfly/react-icons/dist/esm/icons/hourglass-half-icon';
import { Tip } from '../../parts/tip.js';
import { alertInWords, type Alert } from './alert.js';

const SHOWN: Readonly<Record<string, object>> = {
  ENGINE_NO_FULL_BACKUP: { status: 'danger', icon: <ExclamationCircleIcon /> },
  ENGINE_NO_WARM_BACKUP: { status: 'danger', icon: <ClockIcon /> },
  ENGINE_BACKUP_STUCK: { status: 'warning', icon: <HourglassHalfIcon /> },
};

/** Which alert it is, by word, icon and colour; a past one has no colour. */
export function AlertName({ alert }: { readonly alert: Alert }) {
  const { name, meaning } = alertInWords(alert);
  const { icon } = (SHOWN[alert.alert] ?? {}) as { icon?: React.ReactNode };
  if (!alert.active)
    return (
      <Tip content={meaning}>
        <Label variant="outline" icon={icon} tabIndex={0}>
          {name}
        </Label>
      </Tip>
    );
  return (
    <>
      <Label {...SHOWN[alert.alert]}>{name}</Label>
      <Content component="small">{meaning}</Content>
    </>
  );
}
