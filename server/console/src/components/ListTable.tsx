// The list of every page: virtual rows, keyset "load more" at the end of the scroll, J/K and Enter,
// the row that just changed glows once. Columns come from the page; filters stand above, in the page.
import { Button, Skeleton, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { isOverlayOpen, useKeys } from '@/hooks/useKeys';
import type { Paged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { count } from '@/util/format';
import { Problem } from './Problem';

interface Props<R extends { id: string }> {
  paged: Paged<R>;
  columns: ColumnsType<R>;
  empty: ReactNode;
  onOpen?: (row: R) => void;
  /** The row under the cursor, when the page cares (a list beside a detail). */
  currentId?: string | null;
  onCurrent?: (row: R) => void;
  isGlowing?: (row: R) => boolean;
  /** Rows can be marked: by the box, with shift for a range, by X at the cursor. */
  marks?: {
    ids: ReadonlySet<string>;
    onChange: (ids: ReadonlySet<string>) => void;
    nameOf: (row: R) => string;
  };
  footTools?: ReactNode;
  label: string;
}

/** Height of the element, followed as the window changes: virtual rows need a number. */
function useHeight() {
  const ref = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(400);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, height };
}

const HEADER = 36;
const MARK_WIDTH = 40;

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

export function ListTable<R extends { id: string }>(props: Props<R>) {
  const { paged, columns, empty, onOpen, onCurrent, isGlowing, marks, footTools, label } = props;
  const { t, isChinese } = useText();
  const { ref, height } = useHeight();
  const [ownId, setOwnId] = useState<string | null>(null);
  const currentId = props.currentId === undefined ? ownId : props.currentId;
  const { rows } = paged;

  const move = useCallback(
    (step: number) => {
      if (rows.length === 0) return;
      const at = rows.findIndex((row) => row.id === currentId);
      const next = rows[Math.min(rows.length - 1, Math.max(0, at === -1 ? 0 : at + step))];
      if (next === undefined) return;
      setOwnId(next.id);
      onCurrent?.(next);
      ref.current?.querySelector(`[data-row-key="${next.id}"]`)?.scrollIntoView({ block: 'nearest' });
      if (at + step >= rows.length - 3) paged.loadMore();
    },
    [rows, currentId, onCurrent, paged.loadMore, ref],
  );
  const openCurrent = () => {
    const row = rows.find((each) => each.id === currentId);
    if (row !== undefined) onOpen?.(row);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    ...(onOpen === undefined ? {} : { Enter: openCurrent }),
    ...(marks === undefined || currentId === null
      ? {}
      : { x: () => marks.onChange(toggled(marks.ids, currentId)) }),
  });

  const select = (row: R) => {
    if (isOverlayOpen()) return;
    setOwnId(row.id);
    onCurrent?.(row);
    onOpen?.(row);
  };
  const width = columns.reduce(
    (sum, column) => sum + (typeof column.width === 'number' ? column.width : 120),
    marks === undefined ? 0 : MARK_WIDTH,
  );

  if (paged.problem !== null && rows.length === 0)
    return <Problem problem={paged.problem} onRetry={paged.reload} />;
  return (
    <section className="panel list-table" aria-label={label}>
      {paged.problem !== null && <Problem problem={paged.problem} onRetry={paged.reload} />}
      <div className="list-body" ref={ref}>
        {paged.isLoading ? (
          <div style={{ padding: 16 }}>
            <Skeleton active title={false} paragraph={{ rows: 10 }} />
          </div>
        ) : rows.length === 0 ? (
          empty
        ) : (
          <Table<R>
            // Cells keep what they drew; another language draws all anew.
            key={isChinese ? 'zh' : 'en'}
            virtual
            size="small"
            rowKey="id"
            columns={columns}
            dataSource={rows}
            pagination={false}
            scroll={{ x: width, y: Math.max(120, height - HEADER) }}
            rowClassName={(row) =>
              `${row.id === currentId ? 'is-current' : ''} ${isGlowing?.(row) === true ? 'glow' : ''}`
            }
            onRow={(row) => ({ onClick: () => select(row) })}
            rowSelection={
              marks === undefined
                ? undefined
                : {
                    columnWidth: MARK_WIDTH,
                    fixed: true,
                    selectedRowKeys: [...marks.ids],
                    preserveSelectedRowKeys: true,
                    onChange: (keys) => marks.onChange(new Set(keys.map(String))),
                    getCheckboxProps: (row) => ({ 'aria-label': marks.nameOf(row) }) as object,
                  }
            }
            onScroll={(event) => {
              const box = event.currentTarget as HTMLElement | null;
              if (box === null) return;
              if (box.scrollTop + box.clientHeight > box.scrollHeight - 400) paged.loadMore();
            }}
          />
        )}
      </div>
      {rows.length > 0 && (
        <div className="list-foot">
          <span role="status">
            {paged.total !== null && paged.hasMore
              ? t('common.loaded_of', { loaded: count(rows.length), total: count(paged.total) })
              : t(paged.hasMore ? 'common.loaded_some' : 'common.loaded_all', { loaded: count(rows.length) })}
          </span>
          {paged.hasMore && (
            <Button size="small" onClick={paged.loadMore} loading={paged.isLoadingMore}>
              {t('common.load_more')}
            </Button>
          )}
          <span className="grow" />
          {footTools}
        </div>
      )}
    </section>
  );
}
