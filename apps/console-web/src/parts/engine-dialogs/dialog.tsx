import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useId, type FormEvent, type ReactNode } from 'react';
import { useFocusBack } from '../use-focus-back.js';
import { words } from '../../words/words.js';

/** A dialog that asks before one change; it stays open if that fails. */
export function Dialog({
  title,
  submit,
  isDangerous = false,
  isReady = true,
  isBusy,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  readonly submit: string;
  readonly isDangerous?: boolean;
  readonly isReady?: boolean;
  readonly isBusy: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  useFocusBack();
  const form = useId();
  const handle = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !isBusy) onSubmit();
  };
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-label={title}>
      <ModalHeader title={title} {...(isDangerous && { titleIconVariant: 'warning' as const })} />
      <ModalBody>
        <Form id={form} onSubmit={handle}>
          {children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={form}
          variant={isDangerous ? 'danger' : 'primary'}
          isDisabled={!isReady || isBusy}
          isLoading={isBusy}
        >
          {submit}
        </Button>
        <Button variant="link" onClick={onClose}>
          {words.engine.dialogs.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
