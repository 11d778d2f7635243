// Tabs with counts over a list. A tab is a filter, so it lives in the URL with the others.
import { useEffect, useRef } from 'react';

interface Tab<K extends string> {
  key: K;
  label: string;
  count?: number | null;
  isLate?: boolean;
}

interface Props<K extends string> {
  tabs: readonly Tab<K>[];
  active: K;
  label: string;
  onChange: (key: K) => void;
}

export function StatusTabs<K extends string>({ tabs, active, label, onChange }: Props<K>) {
  const bar = useRef<HTMLDivElement>(null);
  // Tabs that do not fit scroll sideways: the chosen one is always in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is chosen
  useEffect(() => {
    const chosen = bar.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!chosen || !bar.current) return;
    const { offsetLeft: left, offsetWidth: width } = chosen;
    const { scrollLeft, clientWidth } = bar.current;
    if (left < scrollLeft || left + width > scrollLeft + clientWidth) bar.current.scrollLeft = left - 40;
  }, [active]);
  return (
    <div className="tabs" role="tablist" aria-label={label} ref={bar}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          aria-selected={tab.key === active}
          onClick={() => onChange(tab.key)}
        >
          {tab.label}
          {tab.count !== undefined && tab.count !== null && (
            <span className={tab.isLate && tab.count > 0 ? 'tab-count is-late' : 'tab-count'}>
              {tab.count.toLocaleString('en-US')}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
