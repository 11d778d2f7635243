// Which columns a list shows, remembered on this computer. The first column always stays.
import { SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n';

/** The chosen names out of storage; unknown ones are dropped, nothing sensible left = the default. */
export function readColumns<N extends string>(
  stored: string | null,
  all: readonly N[],
  usual: readonly N[],
): N[] {
  if (stored === null) return [...usual];
  const wanted = new Set(stored.split(','));
  const chosen = all.filter((name) => wanted.has(name));
  return chosen.length < 2 ? [...usual] : chosen;
}

export function useColumns<N extends string>(list: string, all: readonly N[], usual: readonly N[]) {
  const key = `dianma.columns.${list}`;
  const [chosen, setChosen] = useState<N[]>(() => readColumns(localStorage.getItem(key), all, usual));
  const choose = (names: readonly string[]) => {
    const next = all.filter((name, index) => index === 0 || names.includes(name));
    localStorage.setItem(key, next.join(','));
    setChosen(next);
  };
  return { chosen, choose };
}

interface Props {
  options: { value: string; label: string }[];
  chosen: readonly string[];
  onChoose: (names: string[]) => void;
}

export function ColumnChooser({ options, chosen, onChoose }: Props) {
  const { t } = useText();
  return (
    <Popover
      trigger="click"
      placement="topRight"
      content={
        <Checkbox.Group
          value={[...chosen]}
          onChange={onChoose}
          options={options.map((option, index) => ({ ...option, disabled: index === 0 }))}
          style={{ display: 'grid', gap: 6 }}
        />
      }
    >
      <Button size="small" icon={<SettingOutlined />}>
        {t('common.columns')}
      </Button>
    </Popover>
  );
}
