import { Dropdown, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';

/** A menu in the top bar. */
export function Menu({
  label,
  shown,
  children,
}: {
  /** Tells what it is to who cannot see it. */
  readonly label: string;
  readonly shown: ReactNode;
  readonly children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'right', appendTo: 'inline' }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plainText"
          aria-label={label}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {shown}
        </MenuToggle>
      )}
    >
      <DropdownList>{children}</DropdownList>
    </Dropdown>
  );
}
