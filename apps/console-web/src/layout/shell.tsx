import {
  Bullseye,
  Page,
  PageSidebar,
  PageSidebarBody,
  SkipToContent,
  Spinner,
} from '@patternfly/react-core';
import { usePrefetchQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Outlet, useSearchParams } from 'react-router';
import { isSignedOut } from '../api/problem.js';
import { answerOptions } from '../api/use-answer.js';
import { useSession } from '../api/use-session.js';
import { keepCurrent } from '../live/follow.js';
import { LostConnection } from './lost-connection.js';
import { Navigation } from './navigation.js';
import { ProblemState } from '../parts/problem-state.js';
import { REFUSED } from '../sign-in/refused-words.js';
import { SignInPage } from '../sign-in/sign-in-page.js';
import { TopBar } from './top-bar.js';
import { useHeadline } from './use-headline.js';
import { words } from '../words/words.js';

const MAIN = 'main';

/** What every page is in, also the kiosk, which has nothing around it; who is not signed in gets the page for that. */
export function Shell() {
  const session = useSession();
  const isRefused = useSearchParams()[0].has(REFUSED);
  // At once with it: every page needs it, and what the overview says first shall not wait.
  usePrefetchQuery(answerOptions('/overview'));
  if (session.isPending && !session.error) return <Coming />;
  if (isSignedOut(session.error) || isRefused) return <SignInPage still={session.data?.who} />;
  // What was known before stays: a page that has lost the console says so, and catches up.
  if (session.error && !session.data)
    return <ProblemState problem={session.error} retry={session.refetch} />;
  return <SignedIn />;
}

/** Before anything is known. */
export function Coming() {
  return (
    <Bullseye>
      <Spinner aria-label={words.common.loading} />
    </Bullseye>
  );
}

function SignedIn() {
  const queryClient = useQueryClient();
  useEffect(() => keepCurrent(queryClient), [queryClient]);
  return (
    <>
      <KeepHeadline />
      <Outlet />
    </>
  );
}

/** By itself, as it changes every second. */
function KeepHeadline() {
  useHeadline();
  return null;
}

/** What is around every page. */
export function Chrome() {
  return (
    <Page
      masthead={<TopBar />}
      sidebar={
        <PageSidebar>
          <PageSidebarBody>
            <Navigation />
          </PageSidebarBody>
        </PageSidebar>
      }
      isManagedSidebar
      mainContainerId={MAIN}
      skipToContent={<SkipToContent href={`#${MAIN}`}>{words.shell.skipToContent}</SkipToContent>}
    >
      <LostConnection />
      <Outlet />
    </Page>
  );
}
