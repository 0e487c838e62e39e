import { DropdownItem } from '@patternfly/react-core';
import UserIcon from '@patternfly/react-icons/dist/esm/icons/user-icon';
import { api } from '../api/client.js';
import { useSession } from '../api/use-session.js';
import { words } from '../words/words.js';
import { Menu } from './menu.js';

export function AccountMenu() {
  const { data } = useSession();
  if (!data) return null;
  const signOut = async () => {
    await api.DELETE('/session');
    // Nothing of the former user stays.
    window.location.assign('/');
  };
  const name = words.shell.account(data.who, data.role);
  return (
    <Menu
      label={name}
      shown={
        <span className="account">
          <UserIcon /> <span>{name}</span>
        </span>
      }
    >
      <DropdownItem onClick={() => void signOut()}>{words.shell.signOut}</DropdownItem>
    </Menu>
  );
}
