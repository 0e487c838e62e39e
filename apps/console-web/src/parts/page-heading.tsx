import { Content, PageSection, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTitle } from '../layout/title.js';

/** A page's only `h1`; it names the tab, too. */
export function PageHeading({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}) {
  useTitle(title);
  return (
    <PageSection>
      <Title headingLevel="h1">{title}</Title>
      {children !== undefined && <Content component="p">{children}</Content>}
    </PageSection>
  );
}
