// Horizontal bars with names and figures; each leads to its list. Plain HTML: readable without a chart.
import type { CSSProperties } from 'react';
import { Link } from 'react-router';
import { useText } from '@/i18n';
import { count } from '@/util/format';

export interface BarRow {
  key: string;
  name: string;
  value: number;
  color: string;
  to: string;
}

export function Bars({ rows }: { rows: readonly BarRow[] }) {
  const { isChinese } = useText();
  const most = Math.max(1, ...rows.map((row) => row.value));
  return (
    <ul className="bars" style={{ '--bars-name': isChinese ? '92px' : '152px' } as CSSProperties}>
      {rows.map((row) => (
        <li key={row.key}>
          <Link to={row.to}>
            <span className="bars-name" title={row.name}>
              {row.name}
            </span>
            <span className="bars-track" aria-hidden="true">
              <i style={{ width: `${(row.value * 100) / most}%`, background: row.color }} />
            </span>
            <span className="bars-value">{count(row.value)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
