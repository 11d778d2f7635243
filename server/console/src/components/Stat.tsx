// One figure with its name and a note; a link when there is a list behind it.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Tone } from '@/util/countdown';

interface Props {
  name: ReactNode;
  figure: ReactNode;
  note?: ReactNode;
  tone?: Tone;
  to?: string;
}

export function Stat({ name, figure, note, tone = 'calm', to }: Props) {
  const body = (
    <>
      <span className="stat-name">{name}</span>
      <span className={`stat-figure tone-${tone}`}>{figure}</span>
      {note !== undefined && <span className="stat-note">{note}</span>}
    </>
  );
  if (to === undefined) return <div className="stat">{body}</div>;
  return (
    <Link className="stat" to={to}>
      {body}
    </Link>
  );
}
