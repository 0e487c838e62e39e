import { Nav, NavItem, NavList } from '@patternfly/react-core';
import { NavLink, useLocation } from 'react-router';
import { words } from '../words/words.js';

const { pages } = words.shell;

/** In the order in which an administrator asks. */
const PAGES: readonly (readonly [path: string, title: string])[] = [
  ['/', pages.overview],
  ['/engines', pages.engines],
  ['/alerts', pages.alerts],
  ['/audit', pages.audit],
  ['/settings', pages.settings],
  ['/dead-letters', pages.deadLetters],
  ['/system', pages.system],
  ['/reports', pages.reports],
  ['/subscribe', pages.subscribe],
];

export function Navigation() {
  const { pathname } = useLocation();
  const isAt = (path: string) => (path === '/' ? pathname === '/' : pathname.startsWith(path));
  return (
    <Nav aria-label={words.shell.navigation}>
      <NavList>
        {PAGES.map(([path, title]) => (
          <NavItem key={path} itemId={path} isActive={isAt(path)}>
            <NavLink to={path}>{title}</NavLink>
          </NavItem>
        ))}
      </NavList>
    </Nav>
  );
}
