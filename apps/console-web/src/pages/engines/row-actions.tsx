import { Dropdown, DropdownItem, DropdownList } from '@patternfly/react-core';
import EllipsisVIcon from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useNavigate } from 'react-router';
import { enginePath } from '../../parts/engine-link.js';
import { inPage } from '../../parts/in-page.js';
import { words } from '../../words/words.js';
import type { Item } from './changes.js';
import type { EngineDialog } from './engine-dialogs.js';

const said = words.engines.actions;

interface Actions {
  readonly item: Item;
  readonly act: (dialog: EngineDialog) => void;
}

/** What can be done with an engine. The menu is made when it is opened: one in every row would be too much to scroll. */
export function RowActions({ item, act }: Actions) {
  const [isOpen, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  useFocusOfGone(toggle);
  return (
    <>
      <button
        ref={toggle}
        type="button"
        className={`pf-v6-c-menu-toggle pf-m-plain${isOpen ? ' pf-m-expanded' : ''}`}
        aria-label={said.of(item.fqdn)}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="pf-v6-c-menu-toggle__icon">{ICON}</span>
      </button>
      {isOpen && <RowMenu item={item} act={act} toggle={toggle} setOpen={setOpen} />}
    </>
  );
}

/** A row may go while its button has the focus: it is retired, or scrolled away. The table has it then, or else the page. */
function useFocusOfGone(toggle: RefObject<HTMLButtonElement | null>): void {
  useLayoutEffect(() => {
    const button = toggle.current;
    const table = button?.closest<HTMLElement>('[role=region]');
    return () => {
      if (document.activeElement !== button) return;
      setTimeout(() => {
        const target = table?.isConnected ? table : document.querySelector('main');
        if (document.activeElement === document.body) target?.focus({ preventScroll: true });
      });
    };
  }, [toggle]);
}

const ICON = <EllipsisVIcon />;

function RowMenu({
  item: { fqdn, verdict },
  act,
  toggle,
  setOpen,
}: Actions & {
  readonly toggle: RefObject<HTMLButtonElement | null>;
  readonly setOpen: (isOpen: boolean) => void;
}) {
  const navigate = useNavigate();
  // PatternFly never places a menu that is open from the start: it would be in the corner of the page.
  const [isOpen, setMenuOpen] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setMenuOpen(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  const change = (kind: 'period' | 'retire' | 'resume') => () => act({ kind, fqdn });
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      // So that a dialog gives the focus back to what is still there.
      shouldFocusToggleOnSelect
      popperProps={{ position: 'right', appendTo: inPage }}
      toggle={{ toggleNode: null, toggleRef: toggle }}
    >
      <DropdownList>
        <DropdownItem onClick={() => void navigate(enginePath(fqdn))}>{said.open}</DropdownItem>
        {verdict === 'retired' ? (
          <DropdownItem onClick={change('resume')}>{said.resume}</DropdownItem>
        ) : (
          <>
            <DropdownItem onClick={change('period')}>{said.setPeriod}</DropdownItem>
            <DropdownItem isDanger onClick={change('retire')}>
              {said.retire}
            </DropdownItem>
          </>
        )}
      </DropdownList>
    </Dropdown>
  );
}
