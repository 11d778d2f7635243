// Printing: sheet, resolution, how many; the server signs, draws and answers with a PDF.
import { useMutation, useQuery } from '@tanstack/react-query';
import { InputNumber, Modal, Select } from 'antd';
import { useState } from 'react';
import { keys } from '@/api/keys';
import { type LabelQuery, listSheets, printLabels } from '@/api/labels';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { saveFile } from '@/util/file';

interface Props {
  isOpen: boolean;
  query: LabelQuery;
  isReprint: boolean;
  onClose: () => void;
}

export function PrintDialog({ isOpen, query, isReprint, onClose }: Props) {
  const { t, named } = useText();
  const sheets = useQuery({ queryKey: keys.labelSheets, queryFn: listSheets, enabled: isOpen });
  const [sheet, setSheet] = useState('a4_24');
  const [dpi, setDpi] = useState(300);
  const [limit, setLimit] = useState(240);
  const chosen = sheets.data?.find((each) => each.id === sheet);
  const resolution = chosen?.resolutions.includes(dpi) ? dpi : (chosen?.resolutions[0] ?? 300);
  const print = useMutation({
    mutationFn: () =>
      printLabels({
        label_ids: [],
        filter: { ...query, limit },
        sheet,
        dpi: resolution,
        is_reprint: isReprint,
      }),
    onSuccess: (pdf) => {
      saveFile(pdf, 'labels.pdf');
      onClose();
    },
  });
  return (
    <Modal
      open={isOpen}
      title={isReprint ? t('labels.reprint_found') : t('labels.print_found')}
      okText={t('labels.print')}
      confirmLoading={print.isPending}
      onOk={() => print.mutate()}
      onCancel={onClose}
    >
      <div className="col">
        <span className="muted">{t('labels.sheet')}</span>
        <Select
          aria-label={t('labels.sheet')}
          value={sheet}
          loading={sheets.isLoading}
          options={(sheets.data ?? []).map((each) => ({ value: each.id, label: named(each) }))}
          onChange={setSheet}
        />
        <span className="muted">{t('labels.resolution')}</span>
        <Select
          aria-label={t('labels.resolution')}
          value={resolution}
          options={(chosen?.resolutions ?? [300]).map((value) => ({ value, label: `${value} dpi` }))}
          onChange={setDpi}
        />
        <span className="muted">{t('labels.how_many')}</span>
        <InputNumber
          aria-label={t('labels.how_many')}
          min={1}
          max={2000}
          value={limit}
          onChange={(value) => setLimit(value ?? 1)}
        />
        <p className="faint">{t('labels.print_note')}</p>
        {print.error !== null && <Problem problem={print.error} />}
      </div>
    </Modal>
  );
}
