import {
  Alert,
  Button,
  Form,
  FormGroup,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { problemText } from './problem-state.js';
import { useFocusBack } from './use-focus-back.js';
import { words } from '../words/words.js';

/** Asks before something is changed; stays open with the reason where that is refused. */
export function ConfirmDialog({
  title,
  children,
  action,
  isDanger = false,
  isReady = true,
  typed,
  staysOpen = false,
  run,
  close,
}: {
  readonly title: string;
  readonly children: ReactNode;
  /** What the button says: a verb. */
  readonly action: string;
  readonly isDanger?: boolean;
  /** Whether what is asked for in the body is complete. */
  readonly isReady?: boolean;
  /** What has to be typed first, and why. */
  readonly typed?: { readonly text: string; readonly label: ReactNode } | undefined;
  /** Whether there is more to do here after what is run now. */
  readonly staysOpen?: boolean;
  readonly run: () => Promise<unknown>;
  readonly close: () => void;
}) {
  useFocusBack();
  const id = useId();
  const [entered, setEntered] = useState('');
  const [problem, setProblem] = useState<Error>();
  const [isRunning, setRunning] = useState(false);
  const mayRun = isReady && !isRunning && (!typed || entered.trim() === typed.text);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!mayRun) return;
    setRunning(true);
    setProblem(undefined);
    try {
      await run();
      if (!staysOpen) return close();
    } catch (error) {
      setProblem(error as Error);
    }
    setRunning(false);
  };
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby={`${id}-title`}>
      <ModalHeader title={title} labelId={`${id}-title`} />
      <ModalBody>
        <Form id={`${id}-form`} onSubmit={(event) => void submit(event)}>
          {children}
          {typed && (
            <FormGroup label={typed.label} fieldId={`${id}-typed`} isRequired>
              <TextInput
                id={`${id}-typed`}
                value={entered}
                autoComplete="off"
                onChange={(_event, value) => setEntered(value)}
              />
            </FormGroup>
          )}
          {problem && (
            <Alert isInline variant="danger" title={problemText(problem)} component="p" />
          )}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={`${id}-form`}
          variant={isDanger ? 'danger' : 'primary'}
          isDisabled={!mayRun}
          isLoading={isRunning}
        >
          {action}
        </Button>
        <Button variant="link" onClick={close}>
          {words.common.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
