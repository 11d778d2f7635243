// An empty place that teaches: what belongs here and what to do next.
import type { ReactNode } from 'react';

export function Empty({ title, note, action }: { title: string; note?: string; action?: ReactNode }) {
  return (
    <div className="empty">
      <div className="empty-title">{title}</div>
      {note !== undefined && <p>{note}</p>}
      {action}
    </div>
  );
}
