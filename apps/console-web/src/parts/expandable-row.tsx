import { ExpandableRowContent, Tbody, Td, Tr, type TbodyProps } from '@patternfly/react-table';
import { useId, type ReactNode } from 'react';

/** A row with a button before its cells, which shows more of it below. */
export function ExpandableRow({
  index,
  label,
  cells,
  columns,
  isOpen,
  setOpen,
  children,
  ...body
}: {
  readonly index: number;
  /** What the button shows. */
  readonly label: string;
  readonly cells: ReactNode;
  /** How many the table has, with that of the button. */
  readonly columns: number;
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
  /** What is shown below; made when it is. */
  readonly children: ReactNode;
} & Pick<TbodyProps, 'id' | 'className'>) {
  // A page may have several tables.
  const expandId = useId();
  return (
    <Tbody isExpanded={isOpen} {...body}>
      <Tr isContentExpanded={isOpen}>
        <Td
          expand={{
            rowIndex: index,
            isExpanded: isOpen,
            onToggle: () => setOpen(!isOpen),
            expandId,
          }}
          aria-label={label}
        />
        {cells}
      </Tr>
      {isOpen && (
        <Tr isExpanded>
          <Td colSpan={columns}>
            <ExpandableRowContent>{children}</ExpandableRowContent>
          </Td>
        </Tr>
      )}
    </Tbody>
  );
}
