import { Label } from '@patternfly/react-core';
import BellSlashIcon from '@patternfly/react-icons/dist/esm/icons/bell-slash-icon';
import { ForeignText } from '../../parts/foreign-text.js';
import { Instant } from '../../parts/instant.js';
import { formatExact } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { Alert } from './alert.js';

/** Whether somebody has dismissed an alert: who, until when and why. */
export function Dismissal({ alert }: { readonly alert: Alert }) {
  const { dismissed_at, dismissed_by, dismissed_until, dismissal_comment } = alert;
  if (dismissed_at === null) return <>{words.alerts.notDismissed}</>;
  return (
    <div className="dismissal">
      <div>
        <Label color="grey" variant="outline" icon={<BellSlashIcon />}>
          {words.alerts.dismissed}
        </Label>{' '}
        {words.alerts.by} <ForeignText>{dismissed_by ?? words.common.unknown}</ForeignText>{' '}
        <Instant at={dismissed_at} />,{' '}
        {dismissed_until === null ? (
          words.alerts.untilCleared
        ) : (
          <>
            {words.alerts.until}{' '}
            <time dateTime={dismissed_until}>{formatExact(dismissed_until)}</time>
          </>
        )}
      </div>
      {dismissal_comment !== null && (
        <q>
          <ForeignText>{dismissal_comment}</ForeignText>
        </q>
      )}
    </div>
  );
}
