// The filter row of a list: a search box and selects bound to the URL.
import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { listAreas, listStations } from '@/api/archives';
import { keys } from '@/api/keys';
import { useText } from '@/i18n';

export function SearchForm({ children, onClear }: { children: ReactNode; onClear?: () => void }) {
  const { t } = useText();
  return (
    <search className="filters">
      {children}
      {onClear !== undefined && (
        <Button type="link" onClick={onClear}>
          {t('common.clear')}
        </Button>
      )}
    </search>
  );
}

/** Sends what is typed on Enter or when left; the text is kept while typing. */
export function SearchText(props: {
  value: string | undefined;
  placeholder: string;
  onChange: (text: string | undefined) => void;
  width?: number;
}) {
  const { value, placeholder, onChange, width = 304 } = props;
  const [text, setText] = useState(value ?? '');
  useEffect(() => setText(value ?? ''), [value]);
  const send = (next: string) => onChange(next.trim() === '' ? undefined : next.trim());
  return (
    <Input
      allowClear
      prefix={<SearchOutlined />}
      style={{ width }}
      value={text}
      placeholder={placeholder}
      aria-label={placeholder}
      maxLength={80}
      onChange={(event) => {
        setText(event.target.value);
        if (event.target.value === '') send('');
      }}
      onPressEnter={() => send(text)}
      onBlur={() => send(text)}
    />
  );
}

interface PickProps {
  value: string | undefined;
  placeholder: string;
  options: { value: string; label: ReactNode; search?: string }[];
  onChange: (value: string | undefined) => void;
  width?: number;
  isLoading?: boolean;
}

export function Pick({ value, placeholder, options, onChange, width = 132, isLoading = false }: PickProps) {
  return (
    <Select
      allowClear
      showSearch={
        options.length > 10
          ? { filterOption: (text, option) => String(option?.search ?? option?.label ?? '').includes(text) }
          : false
      }
      style={{ width }}
      value={value}
      placeholder={placeholder}
      aria-label={placeholder}
      options={options}
      loading={isLoading}
      popupMatchSelectWidth={false}
      onChange={(next: string | undefined) => onChange(next)}
    />
  );
}

/** A pick out of a generated word table. */
export function PickWord(props: {
  table: Readonly<Record<string, readonly [string, string]>>;
  value: string | undefined;
  placeholder: string;
  onChange: (value: string | undefined) => void;
  width?: number;
}) {
  const { word } = useText();
  const options = Object.keys(props.table).map((value) => ({ value, label: word(props.table, value) }));
  return <Pick {...props} options={options} />;
}

export function PickStation(props: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { t } = useText();
  const stations = useQuery({ queryKey: keys.stations, queryFn: listStations, staleTime: 600_000 });
  const options = (stations.data ?? []).map((station) => ({ value: station.id, label: station.name }));
  return (
    <Pick
      {...props}
      placeholder={t('common.filter_station')}
      options={options}
      isLoading={stations.isLoading}
    />
  );
}

export function PickArea(props: {
  value: string | undefined;
  stationId: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { t } = useText();
  const areas = useQuery({
    queryKey: keys.areas(props.stationId),
    queryFn: () => listAreas(props.stationId),
    staleTime: 600_000,
  });
  const options = (areas.data ?? []).map((area) => ({ value: area.id, label: area.name }));
  return (
    <Pick
      value={props.value}
      onChange={props.onChange}
      placeholder={t('common.filter_area')}
      options={options}
      isLoading={areas.isLoading}
      width={160}
    />
  );
}
