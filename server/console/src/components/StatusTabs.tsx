// Tabs with counts over a list. A tab is a filter, so it lives in the URL with the others.
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
  return (
    <div className="tabs" role="tablist" aria-label={label}>
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
