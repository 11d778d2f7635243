// A page's frame: title, note, tools, body. Sets the window title (never personal data).
import { type ReactNode, useEffect } from 'react';
import { useText } from '@/i18n';

interface Props {
  title: string;
  /** Of the window, when the heading names a customer. */
  windowTitle?: string;
  note?: ReactNode;
  tools?: ReactNode;
  /** The page fills the window and scrolls inside (lists, boards). */
  isFixed?: boolean;
  children: ReactNode;
}

export function Page({ title, windowTitle = title, note, tools, isFixed = false, children }: Props) {
  const { t } = useText();
  const name = t('app.name');
  useEffect(() => {
    document.title = `${windowTitle} · ${name}`;
  }, [windowTitle, name]);
  return (
    <main className={isFixed ? 'page is-fixed' : 'page'}>
      <div className="page-head">
        <h1>{title}</h1>
        {note !== undefined && <span className="page-note">{note}</span>}
        {tools !== undefined && <div className="page-tools">{tools}</div>}
      </div>
      {children}
    </main>
  );
}

export function Panel({
  title,
  tools,
  children,
  isFlush = false,
  className = '',
}: {
  title?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
  isFlush?: boolean;
  className?: string;
}) {
  return (
    <section className={`panel ${className}`}>
      {title !== undefined && (
        <div className="panel-head">
          {title}
          {tools !== undefined && <div className="panel-tools">{tools}</div>}
        </div>
      )}
      {isFlush ? children : <div className="panel-body">{children}</div>}
    </section>
  );
}

/** Pairs of name and value. */
export function Facts({ items }: { items: readonly [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
