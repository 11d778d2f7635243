// A list that comes whole (staff, devices, imports): antd's table with the look of the others.
import { Skeleton, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import type { ReactNode } from 'react';
import { Problem } from './Problem';

interface Props<R extends object> {
  rows: readonly R[] | undefined;
  rowKey: string | ((row: R) => string);
  columns: ColumnsType<R>;
  problem: unknown;
  onRetry?: () => void;
  empty: ReactNode;
  label: string;
  onOpen?: (row: R) => void;
  pageSize?: number;
}

export function PlainList<R extends object>(props: Props<R>) {
  const { rows, rowKey, columns, problem, onRetry, empty, label, onOpen, pageSize = 50 } = props;
  if (problem !== null && rows === undefined) return <Problem problem={problem} onRetry={onRetry} />;
  if (rows === undefined) return <Skeleton active paragraph={{ rows: 8 }} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="panel plain-list" aria-label={label} tabIndex={0}>
      {problem !== null && <Problem problem={problem} onRetry={onRetry} />}
      {rows.length === 0 ? (
        empty
      ) : (
        <Table<R>
          size="small"
          rowKey={rowKey}
          columns={columns}
          dataSource={[...rows]}
          pagination={rows.length > pageSize ? { pageSize, size: 'small', showSizeChanger: false } : false}
          onRow={(row) =>
            onOpen === undefined ? {} : { onClick: () => onOpen(row), style: { cursor: 'pointer' } }
          }
        />
      )}
    </section>
  );
}
