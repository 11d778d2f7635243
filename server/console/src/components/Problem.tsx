// A failure on a page: code, sentence, detail, and a way on. Never hides what the page already shows.
import { Button } from 'antd';
import { processServerError } from '@/api/errors';
import { useText } from '@/i18n';

export function Problem({ problem, onRetry }: { problem: unknown; onRetry?: () => void }) {
  const { t, isChinese } = useText();
  const shown = processServerError(problem, isChinese);
  return (
    <div className="problem" role="alert">
      <span className="problem-code">{shown.code}</span>
      <div className="grow">
        <div>{shown.sentence}</div>
        {shown.detail !== null && <div className="faint">{shown.detail}</div>}
      </div>
      {onRetry !== undefined && (
        <Button size="small" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  );
}
