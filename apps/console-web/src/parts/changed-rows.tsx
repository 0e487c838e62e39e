import { Button } from '@patternfly/react-core';
import { words } from '../words/words.js';

/** Says above a list that it has changed, without moving a row: `3 changed — show`. */
export function ChangedRows({
  changed,
  show,
}: {
  readonly changed: number;
  readonly show: () => void;
}) {
  return (
    <div role="status" className="changed-rows">
      {changed > 0 && (
        <Button variant="secondary" size="sm" onClick={show}>
          {words.common.changed(changed)}
        </Button>
      )}
    </div>
  );
}
