// Printing: sheet, resolution, how many; the server signs, draws and answers with a PDF. The printer is
// remembered: an office has one.
import { useMutation, useQuery } from '@tanstack/react-query';
import { InputNumber, Modal, Select } from 'antd';
import { useState } from 'react';
import { keys } from '@/api/keys';
import { type LabelQuery, listSheets, printLabels } from '@/api/labels';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { saveFile } from '@/util/file';
import { count } from '@/util/format';
import { MOST_LABELS, pagesOf, readPrinter, writePrinter } from '@/util/printer';

/** What is to be printed: these labels, or when there are none, those the query finds. */
export interface PrintWish {
  ids: readonly string[];
  query: LabelQuery;
  isReprint: boolean;
  /** How many there are, when that is known. */
  total: number | null;
}

interface Props {
  wish: PrintWish;
  onClose: () => void;
  onPrinted: () => void;
}

export function PrintDialog({ wish, onClose, onPrinted }: Props) {
  const { t, named } = useText();
  const [printer, setPrinter] = useState(() => readPrinter(localStorage));
  const [limit, setLimit] = useState(Math.min(wish.total ?? 240, MOST_LABELS));
  const sheets = useQuery({ queryKey: keys.labelSheets, queryFn: listSheets });
  const chosen = sheets.data?.find((each) => each.id === printer.sheet) ?? sheets.data?.[0];
  const dpi = chosen?.resolutions.includes(printer.dpi) ? printer.dpi : (chosen?.resolutions[0] ?? 300);
  const isFound = wish.ids.length === 0;
  const wanted = isFound ? limit : wish.ids.length;
  const print = useMutation({
    mutationFn: () =>
      printLabels({
        label_ids: [...wish.ids],
        filter: isFound ? { ...wish.query, limit } : null,
        sheet: chosen?.id ?? '',
        dpi,
        is_reprint: wish.isReprint,
      }),
    onSuccess: (pdf) => {
      writePrinter(localStorage, { sheet: chosen?.id ?? '', dpi });
      saveFile(pdf, `${t('labels.file_name')}-${chosen?.id ?? ''}-${dpi}dpi.pdf`);
      onPrinted();
    },
  });
  return (
    <Modal
      open
      title={t(wish.isReprint ? 'labels.reprint_title' : 'labels.print_title')}
      okText={t('labels.print')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: chosen === undefined }}
      confirmLoading={print.isPending}
      onOk={() => print.mutate()}
      onCancel={onClose}
    >
      <div className="col">
        {sheets.error !== null && <Problem problem={sheets.error} onRetry={() => void sheets.refetch()} />}
        <span className="muted">{t('labels.sheet')}</span>
        <Select
          aria-label={t('labels.sheet')}
          value={chosen?.id}
          loading={sheets.isLoading}
          options={(sheets.data ?? []).map((each) => ({ value: each.id, label: named(each) }))}
          onChange={(sheet) => setPrinter({ ...printer, sheet })}
        />
        {chosen?.is_card === true && <span className="faint">{t('labels.card_note')}</span>}
        <span className="muted">{t('labels.resolution')}</span>
        <Select
          aria-label={t('labels.resolution')}
          value={dpi}
          options={(chosen?.resolutions ?? [300]).map((value) => ({ value, label: `${value} dpi` }))}
          onChange={(value) => setPrinter({ ...printer, dpi: value })}
        />
        {isFound && (
          <>
            <span className="muted">{t('labels.how_many')}</span>
            <InputNumber
              aria-label={t('labels.how_many')}
              min={1}
              max={MOST_LABELS}
              value={limit}
              style={{ width: 140 }}
              onChange={(value) => setLimit(value ?? 1)}
            />
          </>
        )}
        {chosen !== undefined && (
          <span role="status">
            {t(isFound ? 'labels.pages_at_most' : 'labels.pages', {
              labels: count(wanted),
              pages: count(pagesOf(wanted, chosen.per_page)),
              per_page: chosen.per_page,
            })}
          </span>
        )}
        <p className="faint">{t('labels.print_note')}</p>
        {print.error !== null && <Problem problem={print.error} />}
      </div>
    </Modal>
  );
}
