import { Tooltip, type TooltipProps } from '@patternfly/react-core';
import { inPage } from './in-page.js';

/** A tooltip in the page. */
export function Tip(props: Omit<TooltipProps, 'ref'>) {
  return <Tooltip appendTo={inPage} {...props} />;
}
