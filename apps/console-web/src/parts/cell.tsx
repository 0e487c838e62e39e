import { Td, type TdProps } from '@patternfly/react-table';

/** A cell of a table whose rows are stacked on a phone, where a cell is a grid: its content is one item of it. */
export function Cell({ children, ...props }: Omit<TdProps, 'ref'>) {
  const isEmpty = children === null || children === undefined || children === false;
  return <Td {...props}>{isEmpty ? null : <div>{children}</div>}</Td>;
}
