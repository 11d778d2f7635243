// Rows of one fixed height, only those in sight in the page: queues with thousands of orders stay light.
// Moves with J/K, loads more near the end.
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useKeys } from '@/hooks/useKeys';

interface Props<R extends { id: string }> {
  rows: readonly R[];
  rowHeight: number;
  currentId: string | null;
  onCurrent: (row: R) => void;
  onEnd?: () => void;
  label: string;
  render: (row: R, isCurrent: boolean) => ReactNode;
  /** Rows can be dragged onto a person; the value is put on the clipboard of the drag. */
  dragValue?: (row: R) => string;
}

const SPARE = 6;

export function VirtualList<R extends { id: string }>(props: Props<R>) {
  const { rows, rowHeight, currentId, onCurrent, onEnd, label, render, dragValue } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const move = useCallback(
    (step: number) => {
      const at = rows.findIndex((row) => row.id === currentId);
      const index = Math.min(rows.length - 1, Math.max(0, at === -1 ? 0 : at + step));
      const row = rows[index];
      const element = box.current;
      if (row === undefined || element === null) return;
      onCurrent(row);
      const from = index * rowHeight;
      if (from < element.scrollTop) element.scrollTop = from;
      if (from + rowHeight > element.scrollTop + element.clientHeight) {
        element.scrollTop = from + rowHeight - element.clientHeight;
      }
      if (index >= rows.length - 5) onEnd?.();
    },
    [rows, currentId, onCurrent, onEnd, rowHeight],
  );
  useKeys({ j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1) });

  const first = Math.max(0, Math.floor(top / rowHeight) - SPARE);
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + SPARE);
  return (
    <div
      ref={box}
      className="virtual-list"
      role="listbox"
      aria-label={label}
      tabIndex={-1}
      onScroll={(event) => {
        const element = event.currentTarget;
        setTop(element.scrollTop);
        if (element.scrollTop + element.clientHeight > element.scrollHeight - 600) onEnd?.();
      }}
    >
      <div style={{ height: rows.length * rowHeight, position: 'relative' }}>
        {rows.slice(first, last).map((row, offset) => (
          <div
            key={row.id}
            role="option"
            aria-selected={row.id === currentId}
            tabIndex={row.id === currentId ? 0 : -1}
            className={row.id === currentId ? 'virtual-row is-current' : 'virtual-row'}
            style={{
              position: 'absolute',
              insetInline: 0,
              top: (first + offset) * rowHeight,
              height: rowHeight,
            }}
            draggable={dragValue !== undefined}
            onDragStart={(event) => {
              if (dragValue === undefined) return;
              event.dataTransfer.setData('text/plain', dragValue(row));
              event.dataTransfer.effectAllowed = 'move';
              onCurrent(row);
            }}
            onClick={() => onCurrent(row)}
            onKeyDown={() => undefined}
          >
            {render(row, row.id === currentId)}
          </div>
        ))}
      </div>
    </div>
  );
}
