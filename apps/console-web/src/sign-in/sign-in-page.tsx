import {
  ActionGroup,
  Button,
  Form,
  FormAlert,
  FormGroup,
  Alert,
  Login,
  LoginHeader,
  LoginMainBody,
  LoginMainHeader,
  TextInput,
  Title,
} from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api } from '../api/client.js';
import { useAnswer } from '../api/use-answer.js';
import { Brand } from '../layout/brand.js';
import { useTitle } from '../layout/title.js';
import { Command } from '../parts/command.js';
import { problemText } from '../parts/problem-state.js';
import { words } from '../words/words.js';
import { REFUSED } from './refused-words.js';
import { Refused } from './refused.js';

const { signIn } = words;

/** By a token or at a provider; a link that signs in once needs no page, unless it is refused. */
export function SignInPage({
  still,
}: {
  /** Who is signed in, where that was tried again and refused. */
  readonly still: string | undefined;
}) {
  useTitle(signIn.title);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const refused = useSearchParams()[0].get(REFUSED);
  const { data: waysIn } = useAnswer('/sign-in');
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<Error | undefined>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await api.POST('/session', { body: { token: token.trim() } });
      if (refused !== null) await navigate('/', { replace: true });
      await queryClient.resetQueries();
    } catch (error) {
      setProblem(error as Error);
    }
  };
  return (
    <Login header={<LoginHeader headerBrand={<Brand />} />}>
      <LoginMainHeader>
        <Title headingLevel="h1" size="3xl">
          {signIn.title}
        </Title>
      </LoginMainHeader>
      <LoginMainBody className="stack">
        {refused !== null && <Refused kind={refused} still={still} />}
        {waysIn?.ways.includes('oidc') && (
          <Button component="a" href="/sign-in/oidc" isBlock>
            {signIn.withOidc}
          </Button>
        )}
        <Form onSubmit={(event) => void submit(event)}>
          {problem && (
            <FormAlert>
              <Alert isInline variant="danger" title={problemText(problem)} component="p" />
            </FormAlert>
          )}
          <FormGroup label={signIn.token} fieldId="token" isRequired>
            <TextInput
              id="token"
              type="password"
              autoComplete="current-password"
              isRequired
              value={token}
              onChange={(_event, value) => setToken(value)}
            />
          </FormGroup>
          <ActionGroup>
            <Button type="submit" isBlock isDisabled={token.trim() === ''}>
              {signIn.submit}
            </Button>
          </ActionGroup>
          <p>{signIn.tokenHelp}</p>
          <Command label={signIn.tokenHelp}>{signIn.createToken}</Command>
        </Form>
      </LoginMainBody>
    </Login>
  );
}
