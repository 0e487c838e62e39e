import {
  Button,
  Divider,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from '@patternfly/react-core';
import { Fragment } from 'react';
import { visibleText } from '../../parts/foreign-parts.js';
import { useFocusBack } from '../../parts/use-focus-back.js';
import { words } from '../../words/words.js';
import { ReportFacts } from './report-facts.js';
import type { ListedReport } from './use-engine-reports.js';

const { report: said } = words.engine;

/** The reports of one mark; all are of one scope. */
export function ReportDialog({
  reports,
  onClose,
}: {
  readonly reports: readonly ListedReport[];
  readonly onClose: () => void;
}) {
  useFocusBack();
  const scope = visibleText(reports[0]!.scope);
  const title = reports.length === 1 ? said.one(scope) : said.title(scope);
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-label={title}>
      <ModalHeader title={title} />
      <ModalBody>
        {reports.map((report, index) => (
          <Fragment key={report.event_id}>
            {index > 0 && <Divider className="engine-divider" />}
            <ReportFacts report={report} />
          </Fragment>
        ))}
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={onClose}>
          {said.close}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
