import { DropdownItem } from '@patternfly/react-core';
import AdjustIcon from '@patternfly/react-icons/dist/esm/icons/adjust-icon';
import { useState } from 'react';
import { chooseTheme, chosenTheme, type Theme } from '../theme/theme.js';
import { words } from '../words/words.js';
import { Menu } from './menu.js';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function ThemeMenu() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (chosen: Theme) => {
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <Menu label={words.shell.theme} shown={<AdjustIcon />}>
      {THEMES.map((one) => (
        <DropdownItem key={one} isSelected={one === theme} onClick={() => choose(one)}>
          {words.shell.themes[one]}
        </DropdownItem>
      ))}
    </Menu>
  );
}
